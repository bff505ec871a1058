#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

#include "espalier/errors/errors.h"
#include "espalier/host/host.h"
#include "espalier/plan/memory_forecast.h"
#include "memory/caching_allocator.h"
#include "network/modern_space.h"
#include "network/training/train_once.h"
#include "sanitized.h"

namespace espalier::testing {
namespace {

struct Case {
  const char* space;
  const char* options;
  std::int64_t batch;
};

/// Compares the forecast with the peak of a training step. Each test must run in a process of its own, so
/// that the allocator's peak is that of this network.
void expect_forecast(const Graph& graph, const Shape& shape, std::int64_t batch, bool recomputed) {
  install_caching_allocator();
  CompileOptions options;
  options.recompute = recomputed ? Recompute::always : Recompute::never;
  const auto network = compile(graph, shape, Purpose::search, options);
  const MemoryForecast forecast = forecast_memory(network->plan(), batch);

  const std::size_t before = caching_allocator_statistics().in_use;
  {
    const at::Tensor images = at::zeros({batch, shape.channels, shape.height, shape.width});
    const at::Tensor labels = at::zeros({batch}, at::kLong);
    at::cross_entropy_loss(network->forward(images), labels).backward();
  }
  const auto measured = static_cast<double>(caching_allocator_statistics().peak - before);
  const std::int64_t activations = recomputed ? forecast.recomputed : forecast.training;
  const auto expected = static_cast<double>(activations + forecast.weights);  // and their gradients
  EXPECT_NEAR(expected / measured, 1.0, 0.1) << expected << " " << measured;
}

class ForecastMemory : public ::testing::TestWithParam<std::tuple<Case, bool>> {};

TEST_P(ForecastMemory, IsWithinATenthOfWhatIsMeasured) {
  const auto& [test, recomputed] = GetParam();
  const auto space = host::Host().search_space(test.space, test.options);
  expect_forecast(relax(*space, Relaxation::softmax, at::kFloat).graph, space->input_shape(), test.batch,
                  recomputed);
}

INSTANTIATE_TEST_SUITE_P(
    Spaces, ForecastMemory,
    ::testing::Combine(::testing::Values(Case{"nasbench201", "{channels: 16, cells_per_stage: 2}", 16},
                                         Case{"darts", "{channels: 8, cells: 5, auxiliary: false}", 16},
                                         Case{"hierarchical", "{channels: 4}", 4}),
                       ::testing::Bool()),
    [](const auto& each) {
      return std::string(std::get<0>(each.param).space) + (std::get<1>(each.param) ? "_recomputed" : "");
    });

class ForecastMemoryOfModernLayers : public ::testing::TestWithParam<bool> {};

TEST_P(ForecastMemoryOfModernLayers, IsWithinATenthOfWhatIsMeasured) {
  const ModernSpace space(16, 32);
  expect_forecast(relax(space, Relaxation::softmax, at::kFloat).graph, space.input_shape(), 16, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Recomputed, ForecastMemoryOfModernLayers, ::testing::Bool());

/// What the address space of this process may grow by while it lives.
class LittleMemory {
 public:
  explicit LittleMemory(std::size_t bytes) {
    std::ifstream file("/proc/self/statm");
    std::size_t pages = 0;
    file >> pages;
    EXPECT_EQ(::getrlimit(RLIMIT_AS, &before_), 0);
    rlimit tight = before_;
    tight.rlim_cur = pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) + bytes;
    EXPECT_EQ(::setrlimit(RLIMIT_AS, &tight), 0);
  }
  LittleMemory(const LittleMemory&) = delete;
  LittleMemory& operator=(const LittleMemory&) = delete;
  ~LittleMemory() { ::setrlimit(RLIMIT_AS, &before_); }

 private:
  rlimit before_{};
};

TEST(RecomputeTest, AutomaticallyWhereMemoryWouldNotSuffice) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's own memory exceeds any limit";
  install_caching_allocator();
  const auto space = host::Host().search_space("nasbench201", "{channels: 16, cells_per_stage: 2}");
  const auto train = [&](Recompute recompute, std::int64_t batch) {
    const Relaxed relaxed = relax(*space, Relaxation::softmax, at::kFloat);
    CompileOptions options;
    options.recompute = recompute;
    const auto network = compile(relaxed.graph, space->input_shape(), Purpose::search, options);
    const at::Tensor labels = at::zeros({batch}, at::kLong);
    at::cross_entropy_loss(network->forward(at::zeros({batch, 3, 32, 32})), labels).backward();
    return forecast_memory(network->plan(), batch);
  };
  train(Recompute::automatic, 1);  // threads have their stacks from here on
  const std::size_t peak = caching_allocator_statistics().peak;
  const LittleMemory little(std::size_t{256} << 20);
  const MemoryForecast forecast = train(Recompute::automatic, 64);
  EXPECT_GT(forecast.training, std::int64_t{256} << 20) << "or this test shows nothing";
  EXPECT_GT(caching_allocator_statistics().peak, peak);
  EXPECT_LT(caching_allocator_statistics().peak, static_cast<std::size_t>(forecast.training));
  EXPECT_THROW(train(Recompute::never, 64), Error);
}

}  // namespace
}  // namespace espalier::testing
