#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "espalier/host/report/trials.h"
#include "espalier/search/events.h"
#include "espalier/space/search_space.h"

namespace espalier::host {

/// What all rows of one journal have in common.
struct TrialPlace {
  std::string run;  ///< the directory, as it was named
  std::string optimizer;
  std::uint64_t seed = 0;
  std::string_view phase;                 ///< "search", "selection" or "evaluation"
  std::optional<std::uint64_t> training;  ///< the seed of a training
  std::string architecture = {};          ///< what is trained; empty in a search
};

/// What is known of architectures, which is looked up again and again: their parameters, and the values of
/// further columns. Holds a bounded number of them, so that a search of any length fits into memory.
class ArchitectureFigures {
 public:
  struct Figures {
    std::optional<std::int64_t> parameters;
    std::vector<std::optional<double>> columns;
  };

  ArchitectureFigures(const SearchSpace& space, std::vector<TrialColumn::Value> columns)
      : space_(space), columns_(std::move(columns)) {}
  /// A text that is empty has none.
  const Figures& of(const std::string& architecture);

 private:
  Figures look_up(const std::string& architecture) const;

  const SearchSpace& space_;
  std::vector<TrialColumn::Value> columns_;
  std::unordered_map<std::string, Figures> known_;
};

/// The rows of the table of trials, as text (CSV).
class TrialRows {
 public:
  using Write = std::function<void(std::string_view text)>;

  /// Begins with the header. `objectives` are the metrics of all runs, `columns` the names of further
  /// columns. Throws UsageError where one of these is taken.
  TrialRows(std::vector<std::string> objectives, const std::vector<std::string>& columns, Write write);
  ~TrialRows() = default;
  TrialRows(const TrialRows&) = delete;
  TrialRows& operator=(const TrialRows&) = delete;

  /// The run that the next rows are of.
  void begin_run(const std::vector<std::string>& objectives, ArchitectureFigures& figures);
  /// A journal begins: its costs add up from 0.
  void begin_journal() { total_seconds_ = 0.0; }
  /// `measured` are the seconds after which the event was known to be there.
  void add(const TrialPlace& place, const TrialEvent& event, std::optional<double> measured);
  void add(const TrialPlace& place, const EpochEvent& event, std::optional<double> measured);
  /// Hands on what is left.
  void flush();

 private:
  void begin_row(const TrialPlace& place, const nlohmann::json& more);
  void add_architecture(const std::string& architecture, int fidelity, const std::vector<double>& values);
  void add_costs(double seconds, std::optional<double> measured);
  void end_row(const std::string& architecture, const nlohmann::json& more);
  void cell(std::string_view text);
  void cell(const std::optional<double>& number);

  std::vector<std::string> objectives_;
  std::vector<std::optional<std::size_t>> value_of_;  ///< for each objective, its index in this run's values
  ArchitectureFigures* figures_ = nullptr;
  Write write_;
  std::string text_;
  double total_seconds_ = 0.0;
};

}  // namespace espalier::host
