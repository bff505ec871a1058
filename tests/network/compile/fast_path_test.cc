#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "espalier/host/host.h"
#include "espalier/network/one_shot/one_shot_optimizer.h"
#include "network/threads.h"
#include "network/training/train_once.h"

namespace espalier::testing {
namespace {

CompileOptions in_double(Recompute recompute = Recompute::never) {
  CompileOptions options;
  options.dtype = at::kDouble;
  options.recompute = recompute;
  return options;
}

/// A space whose channels and image size are drawn as well.
RandomSpace any_space(std::uint64_t seed) {
  Rng rng(seed, "sizes");
  return RandomSpace(seed, 1 + static_cast<int>(rng.below(20)), 3 + static_cast<int>(rng.below(9)));
}

class FastPath : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(FastPath, ComputesWhatOpByOpDoes) {
  // A test is a program of its own: many spaces in one.
  for (std::uint64_t seed = 25 * GetParam(); seed < 25 * (GetParam() + 1); ++seed) {
    SCOPED_TRACE(seed);
    const RandomSpace space = any_space(seed);
    const Relaxation relaxation = seed % 3 == 0 ? Relaxation::hard : Relaxation::softmax;
    const Trained truth = train_once(space, relaxation, reference(at::kDouble), seed);
    const Recompute recompute = seed % 2 == 0 ? Recompute::always : Recompute::never;
    expect_same(train_once(space, relaxation, in_double(recompute), seed), truth, 1e-10);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, FastPath, ::testing::Range<std::uint64_t>(0, 12));

TEST(FastPathTest, InSinglePrecisionIsAsExactAsOpByOp) {
  CompileOptions op_by_op = reference(at::kFloat);
  op_by_op.channels_last = true;
  std::vector<double> ratios;
  for (std::uint64_t seed = 0; seed < 31; ++seed) {
    const RandomSpace space = any_space(seed);
    const Trained truth = train_once(space, Relaxation::softmax, reference(at::kDouble), seed);
    ratios.push_back(worst_error(train_once(space, Relaxation::softmax, {}, seed), truth) /
                     worst_error(train_once(space, Relaxation::softmax, op_by_op, seed), truth));
  }
  std::ranges::nth_element(ratios, ratios.begin() + 15);
  EXPECT_LE(ratios[15], 1.5);
}

TEST(FastPathTest, IsTheSameToTheBitOnAnyNumberOfThreads) {
  const auto space =
      host::Host().search_space("darts", "{channels: 3, cells: 3, image_size: 9, auxiliary: false}");
  const auto train = [&](int threads) {
    const Threads guard(threads);
    return train_once(*space, Relaxation::softmax, {});
  };
  const Trained one = train(1);
  for (const int threads : {2, 3, 7}) {
    for (const auto& [name, tensor] : train(threads)) {
      const at::Tensor& expected = one.at(name);
      ASSERT_EQ(tensor.defined(), expected.defined()) << name;
      if (tensor.defined()) {
        EXPECT_TRUE(at::equal(tensor, expected)) << name << ", threads: " << threads;
      }
    }
  }
}

/// The mean loss of the last steps of a search on labelled patterns.
double loss_after(const std::string& optimizer_name, const CompileOptions& options, int steps) {
  host::Host host;
  const auto space =
      host.search_space("nasbench201", "{channels: 8, cells_per_stage: 1, image_size: 8, classes: 4}");
  const auto plugin = host.optimizer(optimizer_name);
  auto& optimizer = dynamic_cast<OneShotOptimizer&>(*plugin);
  optimizer.adapt({.space = *space, .seed = 1});
  optimizer.compile_supernet(options, {});
  optimizer.begin_epoch(0);
  // Classes differ by the corner that is bright.
  const auto batch = [&](std::uint64_t seed) {
    at::Tensor images = random_tensor({16, 3, 8, 8}, seed).to(options.dtype);
    const at::Tensor labels = at::arange(16, at::kLong).remainder(4);
    for (std::int64_t i = 0; i < 16; ++i) {
      const std::int64_t corner = labels[i].item<std::int64_t>();
      images[i].narrow(1, 4 * (corner / 2), 4).narrow(2, 4 * (corner % 2), 4).add_(1.0);
    }
    return Batch{.images = images, .labels = labels};
  };
  double last = 0.0;
  constexpr int kLast = 40;
  for (int step = 0; step < steps; ++step) {
    const auto seed = static_cast<std::uint64_t>(step);
    const StepResult result = optimizer.step(batch(2 * seed), batch(2 * seed + 1));
    if (step >= steps - kLast) last += result.train.loss / kLast;
  }
  return last;
}

TEST(FastPathTest, ReachesTheSameLossAfterTwoHundredSteps) {
  for (const std::string optimizer : {"darts", "gdas"}) {
    const double slow = loss_after(optimizer, CompileOptions::reference(), 200);
    const double fast = loss_after(optimizer, {}, 200);
    EXPECT_LT(slow, 1.0) << "of log(4) = 1.39 at first";
    EXPECT_NEAR(fast, slow, 0.1) << optimizer;
  }
}

}  // namespace
}  // namespace espalier::testing
