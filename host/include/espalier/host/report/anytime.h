#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "espalier/host/report/statistics.h"
#include "espalier/plugin/export.h"
#include "espalier/search/metric.h"

namespace espalier::host {

/// What a search stands for from one trial (or epoch) on.
struct CurvePoint {
  std::uint64_t step = 0;        ///< the trial, or the epoch
  double seconds = 0.0;          ///< simulated training seconds of all trials up to here
  std::optional<double> value;   ///< of the first objective
  std::optional<double> report;  ///< what the report benchmark says
};

/// The anytime curve of one search: a point for every new best trial, or for every epoch of a one-shot
/// search.
struct SearchCurve {
  std::vector<CurvePoint> points;
  std::uint64_t steps = 0;     ///< trials or epochs up to which the search has come
  double seconds = 0.0;        ///< the same in simulated training seconds
  bool ended = true;           ///< whether its last value holds for good
  bool counts_epochs = false;  ///< the steps are epochs of a one-shot search, and not trials
};

/// What an anytime curve is drawn over.
enum class CurveAxis { steps, seconds };
/// Which of its values is drawn.
enum class CurveValue { objective, report };

/// A point of the curve over all seeds.
struct AnytimePoint {
  double x = 0.0;
  Statistics figure;
};

/// [any-thread] What `curve` stands for at `x`; nothing before its first point, where that point lacks the
/// value, and beyond the end of a search that goes on.
ESPALIER_EXPORT std::optional<double> value_at(const SearchCurve& curve, double x, CurveAxis axis,
                                               CurveValue value);

/// [any-thread] Mean and interval over the searches at each of `positions`. A position at which some search
/// has no value is left out, so that every point is of all of them; a search that ended earlier counts with
/// what it ended with. `metric` is that of the value.
ESPALIER_EXPORT std::vector<AnytimePoint> anytime(const std::vector<SearchCurve>& curves,
                                                  const std::vector<double>& positions, CurveAxis axis,
                                                  CurveValue value, const Metric& metric = {});

/// [any-thread] Positions for a picture, up to the longest of the searches: every step of a short search, and
/// otherwise so many whose distances grow by a factor. Empty where nothing was spent.
ESPALIER_EXPORT std::vector<double> curve_positions(const std::vector<SearchCurve>& curves, CurveAxis axis,
                                                    std::size_t count = 100);

}  // namespace espalier::host
