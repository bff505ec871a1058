#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "espalier/plugin/export.h"

namespace espalier {

/// The lines of events.jsonl, typed: what the host reads back has a member here. The anytime curve and the
/// reports are drawn from these, so a trainer that writes them loses nothing.

/// A trial that ended, with the best of all trials so far.
struct TrialEvent {
  std::uint64_t trial = 0;                         ///< counts from 1
  std::string architecture;                        ///< as SearchSpace::to_string() prints it
  double validation = 0.0;                         ///< the outcome's value, percent
  double seconds = 0.0;                            ///< what the trial cost in simulated training seconds
  double best_validation = 0.0;                    ///< of the best trial so far, percent
  std::optional<double> best_test = std::nullopt;  ///< of that trial, percent, where the benchmark knows it
  nlohmann::json more = nlohmann::json::object();  ///< figures of the trainer's own
};

/// An epoch of a supernet or of a training from scratch.
struct EpochEvent {
  std::uint64_t epoch = 0;        ///< counts from 1
  double seconds = 0.0;           ///< what the epoch cost in simulated training seconds
  std::string architecture = {};  ///< what the search stands for after it; empty in a training from scratch
  std::optional<double> validation =
      std::nullopt;                                ///< what the benchmark knows of that architecture, percent
  std::optional<double> test = std::nullopt;       ///< the same, percent
  nlohmann::json more = nlohmann::json::object();  ///< losses, accuracies, strengths, …
};

/// One line as it is written: the members that are set, and those of `more` beside them.
ESPALIER_EXPORT nlohmann::json to_line(const TrialEvent& event);
ESPALIER_EXPORT nlohmann::json to_line(const EpochEvent& event);

/// Reads such a line back; nothing when it is an event of the other kind. Throws Error that names the member
/// when one is missing or has the wrong type.
ESPALIER_EXPORT std::optional<TrialEvent> trial_event(const nlohmann::json& line);
ESPALIER_EXPORT std::optional<EpochEvent> epoch_event(const nlohmann::json& line);

}  // namespace espalier
