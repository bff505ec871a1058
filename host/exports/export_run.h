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

/// The trained network of a run, ready to compute and to be written.
class UsableNetwork {
 public:
  /// Finds it as find_training() does, and throws what that throws; Error, too, when its trainer cannot use
  /// its weights. `registry` outlives it.
  UsableNetwork(const std::filesystem::path& path, host::PluginRegistry& registry);

  const FoundTraining& found() const { return found_; }
  const SearchSpace& space() const { return *found_.run.space; }
  const UsesWeights& trainer() const;
  /// [one-thread] The network itself.
  TrainedNetwork& network();
  /// The dataset that it was trained on; throws what its plugin throws.
  std::unique_ptr<Dataset> dataset() const;
  TestedAccuracy tested() const;

 private:
  host::PluginRegistry& registry_;
  FoundTraining found_;
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
