#include "memory/recomputation.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "memory/recompute_segment.h"

namespace espalier {
namespace {

/// Sets running statistics back to what they were, at the end of a scope.
class RestoredStatistics {
 public:
  explicit RestoredStatistics(const std::vector<at::Tensor>& tensors) : tensors_(tensors) {
    for (const at::Tensor& tensor : tensors) values_.push_back(tensor.clone());
  }
  RestoredStatistics(const RestoredStatistics&) = delete;
  RestoredStatistics& operator=(const RestoredStatistics&) = delete;
  ~RestoredStatistics() {
    const at::NoGradGuard no_gradients;
    // variable_data(), or autograd would count this as writing over what a backward pass needs.
    for (std::size_t i = 0; i < values_.size(); ++i) tensors_[i].variable_data().copy_(values_[i]);
  }

 private:
  const std::vector<at::Tensor>& tensors_;
  std::vector<at::Tensor> values_;
};

/// A generator that continues with the same numbers. Generator::clone() of LibTorch 1.13 leaks memory.
at::Generator copied(const at::Generator& random) {
  at::Generator copy = at::detail::createCPUGenerator();
  copy.set_state(random.get_state());
  return copy;
}

/// The same pass before any value is computed.
Frame emptied(const Frame& frame) {
  Frame result = frame;
  result.values.assign(frame.values.size(), {});
  result.producers.assign(frame.producers.size(), {});
  return result;
}

}  // namespace

Recomputation::Recomputation(const Plan& plan, const Steps& steps, const std::vector<LayerWeights>& weights)
    : plan_(plan), steps_(steps) {
  for (PlanSegment& segment : plan_segments(plan)) {
    Part& part = parts_.emplace_back();
    for (std::size_t i = segment.begin; i < segment.end; ++i) {
      std::vector<int> layers = plan.steps[i].layers;
      layers.insert(layers.end(), plan.steps[i].batch_norms.begin(), plan.steps[i].batch_norms.end());
      for (const int layer : layers) {
        const LayerWeights& of_layer = weights[static_cast<std::size_t>(layer)];
        for (const at::Tensor& tensor : {of_layer.weight, of_layer.bias})
          if (tensor.defined()) part.parameters.push_back(tensor);
        for (const at::Tensor& tensor : {of_layer.running_mean, of_layer.running_var})
          if (tensor.defined()) part.statistics.push_back(tensor);
        if (of_layer.module != nullptr) add_module(part, *of_layer.module);
      }
    }
    part.segment = std::move(segment);
  }
}

void Recomputation::add_module(Part& part, const LayerModule& module) {
  part.keeps = part.keeps || !module.is_repeatable();
  for (const at::Tensor& tensor : module.parameters()) part.parameters.push_back(tensor);
  for (const at::Tensor& tensor : module.buffers()) part.statistics.push_back(tensor);
}

void Recomputation::run(Frame& frame) const {
  for (const Part& part : parts_) {
    if (part.keeps)
      run_steps(plan_, steps_, part.segment.begin, part.segment.end, frame);
    else
      run_without_keeping(part, frame);
  }
}

void Recomputation::run_without_keeping(const Part& part, Frame& frame) const {
  std::vector<int> entering;
  std::vector<int> leaving;
  std::copy_if(part.segment.inputs.begin(), part.segment.inputs.end(), std::back_inserter(entering),
               [&](int value) { return frame.value(value).defined(); });
  std::copy_if(part.segment.outputs.begin(), part.segment.outputs.end(), std::back_inserter(leaving),
               [&](int value) { return frame.needs(value); });
  std::vector<at::Tensor> inputs;
  for (const int value : entering) inputs.push_back(frame.value(value));
  for (const DrawnWeights& drawn : frame.drawn) inputs.push_back(drawn.weights);

  const auto segment = [this, &part, entering, leaving, start = emptied(frame),
                        random = copied(frame.random)](const std::vector<at::Tensor>& read, bool again) {
    std::optional<RestoredStatistics> restored;
    if (again) restored.emplace(part.statistics);
    Frame inner = start;
    if (again) inner.random = random;
    auto next = read.begin();
    for (const int value : entering) {
      if (value == LayerGraph::kInput)
        inner.images = *next++;
      else
        inner.set(value, *next++);
    }
    for (DrawnWeights& drawn : inner.drawn) drawn.weights = *next++;
    run_steps(plan_, steps_, part.segment.begin, part.segment.end, inner);
    std::vector<at::Tensor> outputs;
    for (const int value : leaving) outputs.push_back(inner.value(value));
    return outputs;
  };
  std::vector<at::Tensor> outputs;
  if (!leaving.empty()) outputs = recompute_segment(segment, inputs, part.parameters);
  for (std::size_t i = part.segment.begin; i < part.segment.end; ++i)
    for (const int value : plan_.steps[i].released) frame.set(value, Produced{});
  for (std::size_t i = 0; i < leaving.size(); ++i) frame.set(leaving[i], std::move(outputs[i]));
}

}  // namespace espalier
