#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "units.h"

/// Predicts how long a network takes from a table of its units:
///
///     time = Σ_kinds factor(kind)·Σ_units of the kind time(unit)
///            + a·multiply-adds + b·numbers + c·units + constant
///
/// The time of a unit is what it took alone. What it takes within a network differs from that, because other
/// tensors are in the caches and other code has run. How much so is what the factors, one for each kind of
/// unit, and the other terms learn from networks that were timed as a whole; none of them is negative. The
/// numbers are those that the units read and write. A unit that the table lacks takes what the sizes of the
/// table's units of its kind let expect.
class LatencyModel {
 public:
  /// A unit took `milliseconds` alone. Call fit() after the last.
  void add(const Unit& unit, double milliseconds);
  /// Fits the factors to networks, each given by its units, and what they took in milliseconds. `constant` is
  /// what a network without units takes.
  void fit(const std::vector<std::vector<Unit>>& networks, const std::vector<double>& times, double constant);

  /// In milliseconds.
  double predict(const std::vector<Unit>& network) const;
  std::size_t size() const { return table_.size(); }
  bool knows(const Unit& unit) const { return table_.contains(unit.signature()); }

  nlohmann::json to_json() const;
  /// Throws nlohmann::json::exception or Error when the text is not of a model.
  static LatencyModel from_json(const nlohmann::json& json);

 private:
  struct Entry {
    UnitKind kind = UnitKind::other;
    double milliseconds = 0.0;
    double multiply_adds = 0.0;
    double numbers = 0.0;
  };
  /// The milliseconds of a multiply-add, of a number that is read or written, and of a call.
  using Sizes = std::array<double, 3>;

  double alone(const Unit& unit) const;
  std::vector<double> features(const std::vector<Unit>& network) const;
  void fit_sizes();

  std::map<std::string, Entry> table_;        ///< by signature
  std::array<Sizes, kUnitKinds> sizes_ = {};  ///< by kind
  std::vector<double> factors_;               ///< by kind, then a, b, c and constant
};
