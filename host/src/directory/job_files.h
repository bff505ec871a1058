#pragma once

#include <array>
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
  static constexpr const char* growth = "growth.cbor";
  static constexpr const char* weights = "network.safetensors";
  static constexpr const char* description = "network.json";
  static constexpr const char* supernet = "supernet.safetensors";
  /// What a benchmark prepared, within its folder.
  static constexpr const char* prepared = "prepared.bin";
  /// All of them, in the order in which they are removed: no result outlives what it stands on.
  static constexpr std::array all = {result, checkpoint, growth,      curve,    front,   timing,
                                     events, weights,    description, supernet, prepared};
  /// Those that a result knows the checksums of.
  static constexpr std::array of_a_result = {curve, front, events, weights, description, supernet, prepared};

  /// The folders of a short training and of the trainings from scratch, within that of their search.
  static constexpr const char* selection = "selection";
  static constexpr const char* evaluation = "evaluation";
  /// The folder of the folders of benchmarks, within that of the run.
  static constexpr const char* preparation = "preparation";
};

/// The folder of what was done with a seed: "seed_7".
std::string seed_folder(std::uint64_t seed);

}  // namespace espalier::host
