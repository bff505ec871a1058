#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "espalier/plugin/export.h"
#include "espalier/space/search_space.h"

namespace espalier::host {

/// What one epoch of a one-shot search or of a training from scratch left. A figure that its trainer does not
/// write is missing. Accuracies are in percent.
struct EpochFigures {
  std::uint64_t epoch = 0;  ///< counts from 1
  std::optional<double> train_loss;
  std::optional<double> train_accuracy;
  std::optional<double> validation_loss;
  std::optional<double> validation_accuracy;

  // Of a one-shot search only.

  std::string architecture = {};                   ///< what the search stands for after the epoch
  std::optional<double> objective = std::nullopt;  ///< what the benchmark says of it, of the first objective
  std::optional<double> report = std::nullopt;     ///< and what the report benchmark says
  /// The mean entropy of the strengths over the choices, in nats.
  std::optional<double> entropy = std::nullopt;
  std::vector<std::vector<double>> strengths = {};  ///< [choice][candidate]; each choice adds up to 1
  /// What a table of several datasets says of the architecture, by dataset and metric.
  std::map<std::string, std::map<std::string, double>> benchmark = {};
};

/// [any-thread] The epochs of a search or training, from the events.jsonl in its folder, as far as it has
/// come; empty where it made trials. Throws Error that names the place where an event is damaged,
/// or where the events are not those that the result in the folder names.
ESPALIER_EXPORT std::vector<EpochFigures> read_epochs(const std::filesystem::path& folder);

/// How many choices of an architecture take a skip connection: a candidate of the name skip_connect, skip or
/// identity.
struct SkipCount {
  std::size_t skips = 0;
  std::size_t choices = 0;  ///< active ones
};

/// [any-thread] Throws UsageError where the text is no architecture of the space.
ESPALIER_EXPORT SkipCount count_skips(const SearchSpace& space, const std::string& architecture);

}  // namespace espalier::host
