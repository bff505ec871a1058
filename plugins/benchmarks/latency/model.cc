#include "model.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "espalier/errors/errors.h"
#include "nonnegative_fit.h"

namespace {

// The features behind the times by kind.
constexpr std::size_t kMultiplyAdds = kUnitKinds;
constexpr std::size_t kNumbers = kUnitKinds + 1;
constexpr std::size_t kUnits = kUnitKinds + 2;
constexpr std::size_t kConstant = kUnitKinds + 3;
constexpr std::size_t kFeatures = kUnitKinds + 4;

}  // namespace

void LatencyModel::add(const Unit& unit, double milliseconds) {
  table_.insert_or_assign(unit.signature(), Entry{.kind = unit.kind,
                                                  .milliseconds = std::max(0.0, milliseconds),
                                                  .multiply_adds = unit.multiply_adds(),
                                                  .numbers = unit.numbers()});
}

/// Of each kind from its own units, or from all where it has too few.
void LatencyModel::fit_sizes() {
  constexpr std::size_t kEnough = 4;
  for (std::size_t kind = 0; kind < kUnitKinds; ++kind) {
    std::vector<std::vector<double>> rows;
    std::vector<double> times;
    const auto collect = [&](bool all) {
      for (const auto& [signature, entry] : table_) {
        if (entry.milliseconds == 0.0 || (!all && entry.kind != static_cast<UnitKind>(kind))) continue;
        rows.push_back({entry.multiply_adds, entry.numbers, 1.0});
        times.push_back(entry.milliseconds);
      }
    };
    collect(false);
    if (rows.size() < kEnough) {
      rows.clear();
      times.clear();
      collect(true);
    }
    const std::vector<double> fitted = nonnegative_fit(rows, times, {0.0, 0.0, 0.0});
    std::ranges::copy(fitted, sizes_[kind].begin());
  }
}

double LatencyModel::alone(const Unit& unit) const {
  if (const auto known = table_.find(unit.signature()); known != table_.end())
    return known->second.milliseconds;
  const Sizes& sizes = sizes_[static_cast<std::size_t>(unit.kind)];
  return sizes[0] * unit.multiply_adds() + sizes[1] * unit.numbers() + sizes[2];
}

std::vector<double> LatencyModel::features(const std::vector<Unit>& network) const {
  std::vector<double> row(kFeatures, 0.0);
  for (const Unit& unit : network) {
    row[static_cast<std::size_t>(unit.kind)] += alone(unit);
    row[kMultiplyAdds] += unit.multiply_adds();
    row[kNumbers] += unit.numbers();
  }
  row[kUnits] = static_cast<double>(network.size());
  row[kConstant] = 1.0;
  return row;
}

void LatencyModel::fit(const std::vector<std::vector<Unit>>& networks, const std::vector<double>& times,
                       double constant) {
  fit_sizes();
  std::vector<std::vector<double>> rows;
  rows.reserve(networks.size());
  for (const std::vector<Unit>& network : networks) rows.push_back(features(network));
  std::vector<double> prior(kFeatures, 0.0);
  std::fill_n(prior.begin(), kUnitKinds, 1.0);
  prior[kConstant] = constant;
  factors_ = nonnegative_fit(rows, times, prior);
}

double LatencyModel::predict(const std::vector<Unit>& network) const {
  const std::vector<double> row = features(network);
  double sum = 0.0;
  for (std::size_t i = 0; i < row.size(); ++i) sum += factors_[i] * row[i];
  return sum;
}

nlohmann::json LatencyModel::to_json() const {
  nlohmann::json units = nlohmann::json::object();
  for (const auto& [signature, entry] : table_)
    units[signature] = {static_cast<int>(entry.kind), entry.milliseconds, entry.multiply_adds, entry.numbers};
  return {{"units", std::move(units)}, {"sizes", sizes_}, {"factors", factors_}};
}

LatencyModel LatencyModel::from_json(const nlohmann::json& json) {
  LatencyModel model;
  for (const auto& [signature, values] : json.at("units").items()) {
    const auto kind = values.at(0).get<std::size_t>();
    if (kind >= kUnitKinds) throw espalier::Error({.what = "a unit of an unknown kind"});
    model.table_[signature] = {.kind = static_cast<UnitKind>(kind),
                               .milliseconds = values.at(1).get<double>(),
                               .multiply_adds = values.at(2).get<double>(),
                               .numbers = values.at(3).get<double>()};
  }
  model.sizes_ = json.at("sizes").get<std::array<Sizes, kUnitKinds>>();
  model.factors_ = json.at("factors").get<std::vector<double>>();
  if (model.factors_.size() != kFeatures) throw espalier::Error({.what = "it has too few factors"});
  return model;
}
