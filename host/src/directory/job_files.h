#pragma once

#include <cstdint>
#include <string>

namespace espalier::host {

/// What a job leaves in its folder.
struct JobFiles {
  static constexpr const char* events = "events.jsonl";
  static constexpr const char* curve = "curve.csv";
  static constexpr const char* result = "result.json";
  static constexpr const char* checkpoint = "checkpoint.cbor";
  static constexpr const char* weights = "network.pt";
  /// The folders of a short training and of the trainings from scratch, within that of their search.
  static constexpr const char* selection = "selection";
  static constexpr const char* evaluation = "evaluation";
};

/// The folder of what was done with a seed: "seed_7".
std::string seed_folder(std::uint64_t seed);

}  // namespace espalier::host
