#include <gmock/gmock.h>

#include "network/one_shot/edge_of_four.h"

namespace espalier::testing {
namespace {

at::Tensor an_alpha() { return at::tensor({0.3, -0.2, 0.5, 0.1}, at::kDouble).requires_grad_(); }

/// A softmax of what a mask leaves, on both paths.
std::vector<CountedOutcome> masked(const std::vector<double>& mask) {
  const at::Tensor alpha = an_alpha();
  const at::Tensor log_mask = at::tensor(mask, at::kDouble).log();
  std::vector<CountedOutcome> outcomes;
  for (const CompileOptions& options : {CompileOptions(), CompileOptions::reference()})
    outcomes.push_back(run([&] { return at::softmax(alpha + log_mask, 0); },
                           [&](std::size_t candidate) { return mask[candidate] != 0.0; }, alpha, options));
  return outcomes;
}

TEST(MaskedCandidates, LearnNothingAndCostNothing) {
  const std::vector<CountedOutcome> outcomes = masked({1.0, 0.0, 1.0, 0.0});
  for (const CountedOutcome& outcome : outcomes) {
    expect_run(outcome.tensors, kConv3, false);
    expect_run(outcome.tensors, kConv1, true);
    EXPECT_EQ(outcome.calls, 0) << "a plugin's layer is not even called";
    const at::Tensor gradient = outcome.tensors.at("alpha");
    for (const std::int64_t candidate : {1, 3}) EXPECT_EQ(gradient[candidate].item<double>(), 0.0);
    for (const std::int64_t candidate : {0, 2}) EXPECT_NE(gradient[candidate].item<double>(), 0.0);
  }
  expect_same(outcomes[0].tensors, outcomes[1].tensors);
}

TEST(MaskedCandidates, AllOthersRun) {
  const std::vector<CountedOutcome> outcomes = masked({0.0, 1.0, 0.0, 1.0});
  for (const CountedOutcome& outcome : outcomes) {
    expect_run(outcome.tensors, kConv3, true);
    expect_run(outcome.tensors, kConv1, false);
    EXPECT_EQ(outcome.calls, 1);
  }
  expect_same(outcomes[0].tensors, outcomes[1].tensors);
}

}  // namespace
}  // namespace espalier::testing
