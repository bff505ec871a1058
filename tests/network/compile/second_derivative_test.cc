#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <string>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/host/host.h"
#include "network/small_networks.h"

namespace espalier::testing {
namespace {

/// The second derivatives of a loss by the architecture parameters of one edge, as LibTorch computes them
/// layer by layer or with one pass alone.
at::Tensor second_derivatives(const SearchSpace& space, const PlanOptions& passes) {
  std::vector<at::Tensor> alphas;
  for (const Choice& choice : space.choices()) {
    const auto count = static_cast<std::int64_t>(choice.candidates.size());
    alphas.push_back((0.1 * at::arange(count, at::kDouble)).requires_grad_());
  }
  CompileOptions options = CompileOptions::reference();
  options.dtype = at::kDouble;
  options.recompute = Recompute::never;
  options.passes = passes;
  const auto network =
      compile(space.relax([&](std::size_t i) { return std::make_shared<GivenWeighting>(alphas[i]); }),
              space.input_shape(), Purpose::search, options);
  const at::Tensor logits = network->forward(random_tensor({8, 3, 8, 8}, 1));
  const at::Tensor loss = at::cross_entropy_loss(logits, at::arange(8, at::kLong) % 4);
  const at::Tensor first = torch::autograd::grad({loss}, {alphas[0]}, {}, true, true).front();
  std::vector<at::Tensor> rows;
  for (std::int64_t i = 0; i < first.numel(); ++i)
    rows.push_back(torch::autograd::grad({first[i]}, {alphas[0]}, {}, true).front());
  return at::stack(rows);
}

TEST(SecondDerivatives, AreRightOrRefusedWithEveryPass) {
  const auto space = host::Host().search_space(
      "nasbench201", "{channels: 4, cells_per_stage: 1, image_size: 8, classes: 4}");
  const at::Tensor expected = second_derivatives(*space, PlanOptions::none());
  EXPECT_LT((expected - expected.t()).abs().max().item<double>(), 1e-12) << "a Hessian is symmetric";

  const std::vector<std::pair<std::string, bool PlanOptions::*>> passes = {
      {"drop_identities", &PlanOptions::drop_identities},
      {"share_layers", &PlanOptions::share_layers},
      {"flatten_sums", &PlanOptions::flatten_sums},
      {"fan_out", &PlanOptions::fan_out},
      {"merge_convolutions", &PlanOptions::merge_convolutions},
      {"release_tensors", &PlanOptions::release_tensors}};
  for (const auto& [name, pass] : passes) {
    PlanOptions alone = PlanOptions::none();
    alone.*pass = true;
    const at::Tensor found = second_derivatives(*space, alone);
    EXPECT_LT((found - expected).abs().max().item<double>(), 1e-10) << name;
  }
  PlanOptions most = {};
  most.fan_out = most.fold_batch_norms = false;
  EXPECT_LT((second_derivatives(*space, most) - expected).abs().max().item<double>(), 1e-10);
}

TEST(SecondDerivatives, OfOurOwnKernelsAreRefused) {
  const auto space = host::Host().search_space(
      "nasbench201", "{channels: 4, cells_per_stage: 1, image_size: 8, classes: 4}");
  std::vector<at::Tensor> alphas;
  for (const Choice& choice : space->choices()) {
    const auto count = static_cast<std::int64_t>(choice.candidates.size());
    alphas.push_back(at::zeros({count}, at::kDouble).requires_grad_());
  }
  const auto network =
      compile(space->relax([&](std::size_t i) { return std::make_shared<GivenWeighting>(alphas[i]); }),
              space->input_shape(), Purpose::search, in_double());
  const at::Tensor loss =
      at::cross_entropy_loss(network->forward(random_tensor({8, 3, 8, 8}, 1)), at::arange(8, at::kLong) % 4);
  EXPECT_THROW(torch::autograd::grad({loss}, {alphas[0]}, {}, true, true), Error);
}

}  // namespace
}  // namespace espalier::testing
