#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "network/layer_under_test.h"
#include "network/tensors.h"
#include "rules/expect.h"
#include "rules/rule_list.h"

namespace espalier::contract {
namespace {

constexpr std::int64_t kBatch = 2;
constexpr Purpose kPurposes[] = {Purpose::search, Purpose::evaluation};

void initialize(LayerModule& module) {
  const at::NoGradGuard no_grad;
  Rng rng(0, "layer");
  module.initialize(rng);
}

std::shared_ptr<LayerModule> make(const LayerUnderTest& tested, Purpose purpose = Purpose::evaluation) {
  auto module = tested.layer->make_module(tested.inputs, purpose);
  initialize(*module);
  return module;
}

std::vector<at::Tensor> inputs_of(const LayerUnderTest& tested, at::ScalarType dtype = at::kFloat) {
  std::vector<at::Tensor> inputs;
  for (std::size_t i = 0; i < tested.inputs.size(); ++i)
    inputs.push_back(drawn_images(kBatch, tested.inputs[i], i).to(dtype));
  return inputs;
}

bool close(const at::Tensor& a, const at::Tensor& b) {
  return a.sizes() == b.sizes() && at::allclose(a, b.to(a.scalar_type()), /*rtol=*/1e-4, /*atol=*/1e-5);
}

void says_what_it_is(const LayerUnderTest& tested) {
  const std::string kind(tested.layer->kind());
  const auto allowed = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  expect(!kind.empty() && std::ranges::all_of(kind, allowed),
         "kind() is \"{}\", which is no name of letters, digits and '_'", kind);
  expect(!tested.layer->describe().empty(), "describe() is empty");
}

void infers_its_shape(const LayerUnderTest& tested) {
  const Shape shape = tested.layer->output_shape(tested.inputs);
  for (const Purpose purpose : kPurposes) {
    const at::Tensor output = make(tested, purpose)->forward(inputs_of(tested));
    const std::vector<std::int64_t> sizes = {kBatch, shape.channels, shape.height, shape.width};
    expect(output.sizes() == at::IntArrayRef(sizes),
           "output_shape() is {}, and the module produces {} for {} images", to_string(shape),
           fmt::join(output.sizes(), "×"), kBatch);
  }
}

void counts_its_parameters(const LayerUnderTest& tested) {
  for (const Purpose purpose : kPurposes) {
    std::int64_t count = 0;
    for (const at::Tensor& parameter : make(tested, purpose)->parameters()) count += parameter.numel();
    const std::int64_t stated = tested.layer->parameters(tested.inputs, purpose);
    expect(stated == count, "parameters() is {}, and the module for {} has {}", stated,
           purpose == Purpose::search ? "a search" : "an evaluation", count);
  }
  expect(tested.layer->flops(tested.inputs) >= 0, "flops() is {}", tested.layer->flops(tested.inputs));
  const std::int64_t multiply_adds = tested.layer->multiply_adds(tested.inputs);
  expect(multiply_adds >= 0, "multiply_adds() is {}", multiply_adds);
}

void learns_everywhere(const LayerUnderTest& tested) {
  const auto module = make(tested);
  module->train();
  auto inputs = inputs_of(tested);
  for (at::Tensor& input : inputs) input.requires_grad_();
  const at::Tensor output = module->forward(inputs);
  expect(output.requires_grad(), "no gradient leads from the output of the module back to its inputs");
  // A weighted sum, because the plain sum of a normalized tensor is constant.
  (output * at::linspace(-1.0, 2.0, output.numel()).view(output.sizes())).sum().backward();
  const auto expect_gradient = [](const at::Tensor& gradient, const std::string& of) {
    expect(gradient.defined() && is_finite(gradient) && !is_zero(gradient), "no finite gradient reaches {}",
           of);
  };
  for (std::size_t i = 0; i < inputs.size(); ++i)
    expect_gradient(inputs[i].grad(), fmt::format("input {}", i));
  for (const auto& entry : module->named_parameters()) expect_gradient(entry.value().grad(), entry.key());
}

void makes_new_modules(const LayerUnderTest& tested) {
  const auto one = make(tested);
  const auto other = make(tested);
  expect(one != other, "make_module() returned the same module twice");
  const auto parameters = one->named_parameters();
  for (const auto& entry : other->named_parameters())
    expect(!entry.value().is_alias_of(parameters[entry.key()]), "two modules share the parameter {}",
           entry.key());
}

void starts_from_its_rng_alone(const LayerUnderTest& tested) {
  const auto fresh = make(tested);
  (void)at::rand({3});  // moves LibTorch's own generator
  const auto used = make(tested);
  {
    const at::NoGradGuard no_grad;
    for (const at::Tensor& parameter : used->parameters()) parameter.fill_(7.0);
    for (const at::Tensor& buffer : used->buffers()) buffer.fill_(7);
  }
  initialize(*used);
  const auto expect_alike = [](const auto& found, const auto& expected) {
    for (const auto& entry : found)
      expect(at::equal(entry.value(), expected[entry.key()]), "{} starts from different numbers each time",
             entry.key());
  };
  expect_alike(used->named_parameters(), fresh->named_parameters());
  expect_alike(used->named_buffers(), fresh->named_buffers());
}

void evaluates_each_image_alone(const LayerUnderTest& tested) {
  const at::NoGradGuard no_grad;
  const auto module = make(tested);
  module->eval();
  const auto inputs = inputs_of(tested);
  const at::Tensor together = module->forward(inputs);
  expect(close(module->forward(inputs), together), "run again on the same images, it gives other numbers");
  for (std::int64_t image = 0; image < kBatch; ++image) {
    std::vector<at::Tensor> single;
    single.reserve(inputs.size());
    for (const at::Tensor& input : inputs) single.push_back(input.narrow(0, image, 1));
    expect(close(module->forward(single), together.narrow(0, image, 1)),
           "the output for an image depends on the other images of the batch");
  }
}

void takes_both_memory_formats(const LayerUnderTest& tested) {
  const at::NoGradGuard no_grad;
  const auto module = make(tested);
  module->eval();
  const auto inputs = inputs_of(tested);
  auto last = inputs;
  for (at::Tensor& input : last) input = input.contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor expected = module->forward(inputs);
  const at::Tensor found = during("given a tensor in channels_last", [&] { return module->forward(last); });
  expect(close(found, expected), "in channels_last it gives other numbers");
}

void takes_both_precisions(const LayerUnderTest& tested) {
  const at::NoGradGuard no_grad;
  const auto single = make(tested);
  single->eval();
  const at::Tensor expected = single->forward(inputs_of(tested));
  const auto module = make(tested);
  module->to(at::kDouble);
  module->eval();
  const at::Tensor found =
      during("in double precision", [&] { return module->forward(inputs_of(tested, at::kDouble)); });
  expect(found.scalar_type() == at::kDouble, "the output for double precision has another precision");
  expect(close(expected, found), "in double precision it gives other numbers");
}

/// A rule of a layer as one of the plugin that brings it.
std::function<void(const LayerCaseUnderTest&)> of_layer(void (*check)(const LayerUnderTest&)) {
  return [check](const LayerCaseUnderTest& tested) { check(tested.make()); };
}

}  // namespace

std::vector<Rule> layer_rules(const std::string& space, const LayerCase& how) {
  RuleList<LayerCaseUnderTest> rules(std::make_shared<const LayerCaseUnderTest>(space, how), {});
  rules.add({"SaysWhatItIs", "kind() is a name, and describe() is a line of text",
             "parameters have names that cannot be read back", "name the kind with letters, digits and '_'"},
            of_layer(says_what_it_is));
  rules.add({"InfersItsShape", "output_shape() is the shape that the module produces",
             "a training ends with an error about shapes, sometimes in a later layer",
             "output_shape() must compute what forward() does to the sizes"},
            of_layer(infers_its_shape));
  rules.add(
      {"CountsItsParameters",
       "parameters() counts what the module registers for each purpose, and flops() and multiply_adds() are "
       "not negative",
       "`espalier inspect` and reports of sizes are wrong",
       "count what make_module() registers for each purpose"},
      of_layer(counts_its_parameters));
  rules.add({"LearnsEverywhere", "gradients reach every input and every parameter",
             "the layer itself, or what comes before it, is never trained",
             "compute with LibTorch's functions on the tensors themselves, and register no unused parameter"},
            of_layer(learns_everywhere));
  rules.add({"MakesNewModules", "make_module() returns a new module with new parameters",
             "edges of a network share weights that they should not",
             "create the module in make_module(), not in the constructor of the layer"},
            of_layer(makes_new_modules));
  rules.add(
      {"StartsFromItsRngAlone", "initialize() sets every parameter and buffer, and draws from its Rng alone",
       "no training can be repeated, and one continues from the weights of another",
       "fill all of them in initialize() from its Rng, not from LibTorch's generator"},
      of_layer(starts_from_its_rng_alone));
  rules.add(
      {"EvaluatesEachImageAlone", "in evaluation mode the output for an image depends on that image alone",
       "the test accuracy depends on the batch size",
       "use batch statistics and random numbers only while is_training()"},
      of_layer(evaluates_each_image_alone));
  rules.add({"TakesBothMemoryFormats", "inputs in NCHW and in channels_last give the same numbers",
             "the network throws or computes nonsense in the format that it runs in",
             "use reshape() instead of view(), and rely on no strides"},
            of_layer(takes_both_memory_formats));
  rules.add({"TakesBothPrecisions", "the layer computes in the precision of its input",
             "a network in double precision ends with an error",
             "create tensors with the options of the input: at::zeros(sizes, input.options())"},
            of_layer(takes_both_precisions));
  return rules.take();
}

}  // namespace espalier::contract
