#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "espalier/plugin/export.h"

namespace espalier {

/// The lines of events.jsonl, typed: what the host reads back has a member here. The anytime curve and the
/// reports are drawn from these, so a trainer that writes them loses nothing.

/// A trial that ended, with the best of all trials so far. Values stand in the units of their metrics.
struct TrialEvent {
  std::uint64_t trial = 0;                           ///< Trial::id
  std::string architecture;                          ///< as SearchSpace::to_string() prints it
  int fidelity = 0;                                  ///< epochs; 0 where the objectives depend on none
  std::vector<double> values = {};                   ///< one for each objective
  double seconds = 0.0;                              ///< what the trial cost in simulated training seconds
  double best = 0.0;                                 ///< the first objective's value of the best trial so far
  std::optional<double> best_report = std::nullopt;  ///< what the report benchmark knows of that trial
  nlohmann::json more = nlohmann::json::object();    ///< figures of the trainer's own
};

/// An epoch of a supernet or of a training from scratch.
struct EpochEvent {
  std::uint64_t epoch = 0;                      ///< counts from 1
  double seconds = 0.0;                         ///< what the epoch cost in simulated training seconds
  std::string architecture = {};                ///< what the search stands for after it; empty in a training
  std::vector<double> values = {};              ///< its objectives, where benchmarks know them
  std::optional<double> report = std::nullopt;  ///< what the report benchmark knows of it
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
