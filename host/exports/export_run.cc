#include "exports/export_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/search/inherits_weights.h"
#include "exports/checked_network.h"

namespace espalier::exports {
namespace {

constexpr std::size_t kRandomImages = 200;

const Component& dataset_of(const host::ReportedRun& run) {
  return run.evaluates ? run.evaluates->dataset : *run.searches->dataset;
}

ImageInput input_of(const Dataset& dataset) {
  const Normalization normalization = dataset.normalization();
  ImageInput input{.dataset = dataset.name(),
                   .preparation = dataset.preparation(),
                   .shape = dataset.shape(),
                   .mean = {normalization.mean.begin(), normalization.mean.end()},
                   .standard_deviation = {normalization.standard_deviation.begin(),
                                          normalization.standard_deviation.end()},
                   .classes = dataset.class_names()};
  for (std::size_t label = input.classes.size(); label < dataset.classes(); ++label)
    input.classes.push_back(fmt::to_string(label));
  return input;
}

}  // namespace

UsableNetwork::UsableNetwork(const std::filesystem::path& path, host::PluginRegistry& registry,
                             WeightsOf weights)
    : registry_(registry) {
  if (weights == WeightsOf::training) use_training(path);
  if (weights == WeightsOf::supernet) use_supernet(path);
}

void UsableNetwork::use_training(const std::filesystem::path& path) {
  FoundTraining found = find_training(path, registry_);
  run_ = std::move(found.run);
  make_trainer(trainer_of(run_));
  const TrainingResult& result = found.training.trained->result;
  architecture_text_ = found.training.trained->architecture;
  architecture_ = std::move(found.architecture);
  tested_ = {.percent = result.test, .images = result.test_images, .parameters = result.parameters};
  input_ = std::move(found.input);
  weights_file_ = std::move(found.weights_file);
  weights_ = std::move(found.weights);
}

void UsableNetwork::use_supernet(const std::filesystem::path& path) {
  FoundSearch found = find_search(path, registry_);
  run_ = std::move(found.run);
  make_trainer(found.trainer);
  const auto* inherits = ability<const InheritsWeights>(*trainer_);
  if (inherits == nullptr)
    throw UsageError({.what = fmt::format("the trainer \"{}\" hands down no weights", found.trainer.name),
                      .where = found.supernet_file.string(),
                      .expected = "a trainer with the ability InheritsWeights, such as one_shot"});
  purpose_ = Purpose::search;
  architecture_text_ = found.architecture;
  architecture_ = space().parse(found.architecture);
  weights_file_ = found.supernet_file;
  const auto images = dataset();
  input_ = input_of(*images);
  weights_ = call_plugin(*trainer_, "inherited_weights()", [&] {
    return inherits->inherited_weights(space(), architecture_, *images, found.supernet,
                                       weights_file_.string());
  });
  tested_.parameters = exported().graph.parameters();
  test(*images);
}

void UsableNetwork::make_trainer(const Component& component) {
  trainer_ = registry_.make<Trainer>(component.name, Config(component.options, "trainer"));
  if (ability<const UsesWeights>(*trainer_) == nullptr)
    throw UsageError(
        {.what = fmt::format("the trainer \"{}\" keeps weights that only it can read", component.name),
         .where = run_.directory.string(),
         .expected = "a trainer with the ability UsesWeights, such as from_scratch"});
}

void UsableNetwork::test(const Dataset& dataset) {
  const Images images = dataset.read(Split::test);
  const auto length = static_cast<std::size_t>(images.shape.elements());
  constexpr std::size_t batch = 100;
  std::uint64_t correct = 0;
  for (std::size_t first = 0; first < images.size(); first += batch) {
    const std::size_t count = std::min(batch, images.size() - first);
    const std::vector<float> logits = network().logits(
        normalized(std::span(images.pixels).subspan(first * length, count * length), input_));
    const std::size_t classes = logits.size() / count;
    for (std::size_t i = 0; i < count; ++i) {
      const auto row = std::span(logits).subspan(i * classes, classes);
      const auto best = static_cast<std::size_t>(std::ranges::max_element(row) - row.begin());
      correct += best == images.labels[first + i] ? 1 : 0;
    }
  }
  constexpr double percent = 100.0;
  tested_.images = images.size();
  tested_.percent =
      percent * static_cast<double>(correct) / static_cast<double>(std::max<std::size_t>(images.size(), 1));
}

TrainedNetwork& UsableNetwork::network() {
  if (!network_)
    network_ =
        open_checked_network(*trainer_, space(), architecture_, weights_, weights_file_.string(), input_);
  return *network_;
}

ExportedNetwork UsableNetwork::exported() const {
  return exported_network(space(), architecture_, weights_, weights_file_.string(), purpose_);
}

std::unique_ptr<Dataset> UsableNetwork::dataset() const {
  const Component& component = dataset_of(run_);
  return registry_.make<Dataset>(component.name, Config(component.options, "dataset"));
}

ImagesToVerify images_to_verify(const UsableNetwork& network) {
  const Shape& shape = network.input().shape;
  try {
    const Images images = network.dataset()->read(Split::test);
    if (images.shape == shape && images.size() > 0)
      return {.images = {.shape = shape, .pixels = images.pixels, .labels = images.labels}, .remark = {}};
    return {.images = random_images(shape, kRandomImages),
            .remark = "The dataset has other test images now, so random ones were compared."};
  } catch (const Error& error) {
    return {.images = random_images(shape, kRandomImages),
            .remark = fmt::format("The test images cannot be read, so random ones were compared: {}",
                                  error.details().what)};
  }
}

}  // namespace espalier::exports
