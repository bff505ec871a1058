#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "espalier/files/safetensors.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/host/report/reported_run.h"
#include "exports/image_input.h"

namespace espalier::exports {

/// A finished training of a run.
struct FoundTraining {
  host::ReportedRun run;
  host::ReportedTraining training;
  Architecture architecture;
  ImageInput input;
  std::filesystem::path weights_file;
  StoredTensors weights;
};

/// The directory of the run to which a path belongs: the path itself, or a folder or file within it. Throws
/// UsageError where it is of no run.
std::filesystem::path run_of(const std::filesystem::path& path);

/// The finished training that a path names: that of a run with a single one, or the folder of one, or its
/// result.json. Throws UsageError that lists them where there are several, and that says how to finish or
/// begin one where there is none.
FoundTraining find_training(const std::filesystem::path& path, host::PluginRegistry& registry);

/// The component that trained it.
Component trainer_of(const host::ReportedRun& run);

/// A finished one-shot search of a run, and the supernet that it left.
struct FoundSearch {
  host::ReportedRun run;
  Component trainer;
  std::string architecture;  ///< what the search found
  std::filesystem::path supernet_file;
  std::string supernet;  ///< its bytes
};

/// The finished one-shot search that a path names, as find_training() finds a training. Throws UsageError
/// where the run has none, several, or searches without a supernet.
FoundSearch find_search(const std::filesystem::path& path, host::PluginRegistry& registry);

}  // namespace espalier::exports
