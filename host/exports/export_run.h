#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "espalier/search/trainer.h"
#include "exports/export_files.h"
#include "exports/find_training.h"
#include "exports/verify.h"

namespace espalier::exports {

/// Which weights of a run are meant.
enum class WeightsOf { training, supernet };

/// A network of a run with its weights, ready to compute and to be written.
class UsableNetwork {
 public:
  /// Finds it as find_training() or find_search() do, and throws what these throw; Error, too, when its
  /// trainer cannot use its weights. With the weights of a supernet it reads the dataset's images, to measure
  /// batch norms and the test accuracy. `registry` outlives it.
  UsableNetwork(const std::filesystem::path& path, host::PluginRegistry& registry,
                WeightsOf weights = WeightsOf::training);

  const SearchSpace& space() const { return *run_.space; }
  const std::string& architecture() const { return architecture_text_; }
  const ImageInput& input() const { return input_; }
  const TestedAccuracy& tested() const { return tested_; }
  /// Its ability UsesWeights writes files of PyTorch.
  const Trainer& trainer() const { return *trainer_; }
  /// [one-thread] The network itself, as open_checked_network() opens it.
  TrainedNetwork& network();
  /// What is to be written. Throws what exported_network() throws.
  ExportedNetwork exported() const;
  /// The dataset that it was trained on; throws what its plugin throws.
  std::unique_ptr<Dataset> dataset() const;

 private:
  void use_training(const std::filesystem::path& path);
  void use_supernet(const std::filesystem::path& path);
  void make_trainer(const Component& component);
  void test(const Dataset& dataset);

  host::PluginRegistry& registry_;
  host::ReportedRun run_;
  Purpose purpose_ = Purpose::evaluation;
  std::string architecture_text_;
  Architecture architecture_;
  ImageInput input_;
  TestedAccuracy tested_;
  std::filesystem::path weights_file_;
  StoredTensors weights_;
  std::unique_ptr<Trainer> trainer_;
  std::unique_ptr<TrainedNetwork> network_;
};

/// The test images of the run's dataset, or random ones and why.
struct ImagesToVerify {
  VerifyImages images;
  std::string remark;
};
ImagesToVerify images_to_verify(const UsableNetwork& network);

}  // namespace espalier::exports
