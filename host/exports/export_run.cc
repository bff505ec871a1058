#include "exports/export_run.h"

#include <fmt/format.h>

#include "espalier/errors/errors.h"

namespace espalier::exports {
namespace {

const Component& dataset_of(const host::ReportedRun& run) {
  return run.evaluates ? run.evaluates->dataset : *run.searches->dataset;
}

}  // namespace

UsableNetwork::UsableNetwork(const std::filesystem::path& path, host::PluginRegistry& registry)
    : registry_(registry), found_(find_training(path, registry)) {
  const Component component = trainer_of(found_.run);
  trainer_ = registry_.make<Trainer>(component.name, Config(component.options, "evaluate"));
  if (ability<const UsesWeights>(*trainer_) == nullptr)
    throw UsageError(
        {.what = fmt::format("the trainer \"{}\" keeps weights that only it can read", component.name),
         .where = found_.weights_file.string(),
         .expected = "a trainer with the ability UsesWeights, such as from_scratch"});
}

const UsesWeights& UsableNetwork::trainer() const { return *ability<const UsesWeights>(*trainer_); }

TrainedNetwork& UsableNetwork::network() {
  if (!network_)
    network_ =
        trainer().open_network(space(), found_.architecture, found_.weights, found_.weights_file.string());
  return *network_;
}

std::unique_ptr<Dataset> UsableNetwork::dataset() const {
  const Component& component = dataset_of(found_.run);
  return registry_.make<Dataset>(component.name, Config(component.options, "dataset"));
}

TestedAccuracy UsableNetwork::tested() const {
  const TrainingResult& result = found_.training.trained->result;
  return {.percent = result.test, .images = result.test_images, .parameters = result.parameters};
}

ImagesToVerify images_to_verify(const UsableNetwork& network) {
  const Shape& shape = network.found().input.shape;
  try {
    const auto dataset = network.dataset();
    const Images images = dataset->read(Split::test);
    if (images.shape == shape && images.size() > 0)
      return {.images = {.shape = shape, .pixels = images.pixels, .labels = images.labels}, .remark = {}};
    return {.images = random_images(shape, 200), .remark = "The dataset has other test images now."};
  } catch (const Error& error) {
    return {.images = random_images(shape, 200),
            .remark = fmt::format("The test images cannot be read, so random ones were compared: {}",
                                  error.details().what)};
  }
}

}  // namespace espalier::exports
