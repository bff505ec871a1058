#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "espalier/host/report/alarms.h"
#include "page/document.h"
#include "page/material.h"

// What the figures of one-shot searches have in common.
namespace espalier::page {

/// The searches of one method, with all seeds.
struct OneShotMethod {
  std::string name;
  std::size_t style = 0;
  std::vector<const host::OneShotHistory*> searches;
};

std::vector<OneShotMethod> methods_of(const Material& material);

/// A figure of an epoch; nothing where it is not known.
using EpochFigure =
    std::function<std::optional<double>(const host::OneShotHistory&, const host::EpochFigures&)>;

/// Adds a method's curve to a panel: mean and interval over the seeds, by epoch, as far as all of them know
/// the figure. On the right axis it is the supernet's.
void add_series(Panel& panel, const OneShotMethod& method, const EpochFigure& figure, const Metric& metric,
                bool right = false);

/// The errors of table and supernet by epoch, of all epochs or of the first ones; nothing without a table in
/// percent.
std::optional<Figure> supernet_gap(const Material& material, const std::vector<OneShotMethod>& methods,
                                   std::optional<std::uint64_t> until);

/// The strengths of the first seeds of each method.
std::vector<Figure> strengths(const std::vector<OneShotMethod>& methods);

}  // namespace espalier::page
