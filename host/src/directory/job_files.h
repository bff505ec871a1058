#pragma once

#include <cstdint>
#include <string>

namespace espalier::host {

/// What a job leaves in its folder.
struct JobFiles {
  static constexpr const char* events = "events.jsonl";
  static constexpr const char* curve = "curve.csv";
  static constexpr const char* front = "front.csv";
  static constexpr const char* timing = "timing.csv";
  static constexpr const char* result = "result.json";
  static constexpr const char* checkpoint = "checkpoint.cbor";
  static constexpr const char* weights = "network.pt";
  static constexpr const char* supernet = "supernet.pt";
  /// The folders of a short training and of the trainings from scratch, within that of their search.
  static constexpr const char* selection = "selection";
  static constexpr const char* evaluation = "evaluation";
  /// What a benchmark prepared, within its folder, and the folder of those folders within the run's.
  static constexpr const char* prepared = "prepared.bin";
  static constexpr const char* preparation = "preparation";
};

/// The folder of what was done with a seed: "seed_7".
std::string seed_folder(std::uint64_t seed);

}  // namespace espalier::host
