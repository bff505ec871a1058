#include "memory/recompute_segment.h"

#include <ATen/core/grad_mode.h>
#include <ATen/core/ivalue.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

#include <utility>

#include "sums/single_backward.h"

namespace espalier {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct SegmentState final : torch::CustomClassHolder {
  Segment segment;
  std::size_t inputs = 0;  ///< how many of the tensors that it reads are inputs; the rest are parameters
  SingleBackward once;
};

struct SegmentFunction : torch::autograd::Function<SegmentFunction> {
  static variable_list forward(AutogradContext* context, at::TensorList all,
                               const c10::intrusive_ptr<SegmentState>& state) {
    context->save_for_backward(all.vec());
    keep_state(context, state);
    return state->segment({all.begin(), all.begin() + state->inputs}, /*again=*/false);
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto state = begin_backward<SegmentState>(context);
    variable_list read = context->get_saved_variables();
    variable_list wanted;
    std::vector<std::size_t> places;  // of each of `wanted` in `read`
    for (std::size_t i = 0; i < read.size(); ++i) {
      const bool learns = read[i].requires_grad();
      if (i < state->inputs) read[i] = read[i].detach().set_requires_grad(learns);
      if (!learns) continue;
      wanted.push_back(read[i]);
      places.push_back(i);
    }
    variable_list results(read.size() + 1);  // the state has no gradient
    const at::AutoGradMode with_gradients(true);
    read.resize(state->inputs);
    const variable_list outputs = state->segment(read, /*again=*/true);
    read.clear();
    variable_list reached;
    variable_list of_reached;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (!outputs[i].requires_grad() || !gradients[i].defined()) continue;
      reached.push_back(outputs[i]);
      of_reached.push_back(gradients[i]);
    }
    if (reached.empty()) return results;
    variable_list found = torch::autograd::grad(reached, wanted, of_reached, /*retain_graph=*/false,
                                                /*create_graph=*/false, /*allow_unused=*/true);
    for (std::size_t i = 0; i < found.size(); ++i) results[places[i]] = std::move(found[i]);
    return results;
  }
};

}  // namespace

std::vector<at::Tensor> recompute_segment(Segment segment, const std::vector<at::Tensor>& inputs,
                                          const std::vector<at::Tensor>& parameters) {
  const auto state = c10::make_intrusive<SegmentState>();
  state->segment = std::move(segment);
  state->inputs = inputs.size();
  std::vector<at::Tensor> all = inputs;
  all.insert(all.end(), parameters.begin(), parameters.end());
  return SegmentFunction::apply(at::TensorList(all), state);
}

}  // namespace espalier
