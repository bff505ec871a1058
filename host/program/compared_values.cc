#include "compared_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "espalier/errors/errors.h"
#include "espalier/host/files/write_file.h"
#include "espalier/host/report/csv_quoted.h"

namespace espalier::program {
namespace {

constexpr int kSparseDecimals = 1;

void check_differs(const LookedUpMetric& metric, const std::vector<double>& values) {
  const auto equal = std::ranges::count(values, values.front());
  if (equal == std::ssize(values))
    throw Error({.what = fmt::format("{} is {} for all {} architectures", metric.label(),
                                     higher_is_better(metric.metric(), values.front()), equal),
                 .expected = "values that differ: there is no rank correlation with a constant"});
}

}  // namespace

std::vector<Compared> compare(const std::vector<Architecture>& architectures, const LookedUpMetric& predictor,
                              const LookedUpMetric& truth) {
  std::vector<Compared> compared;
  for (const Architecture& architecture : architectures) {
    const std::optional<double> predicted = predictor.value(architecture);
    if (!predicted) continue;
    if (const std::optional<double> value = truth.value(architecture))
      compared.push_back({architecture, *predicted, *value});
  }
  if (compared.size() < 2)
    throw UsageError(
        {.what = fmt::format("{} of {} architectures have a value of both {} and {}", compared.size(),
                             architectures.size(), predictor.label(), truth.label()),
         .expected = "2 or more",
         .remedy = "draw more with --samples, or take other metrics"});
  return compared;
}

host::RankCorrelation correlation(const std::vector<Compared>& compared, const LookedUpMetric& predictor,
                                  const LookedUpMetric& truth, host::RankOptions options) {
  std::vector<double> predictions;
  std::vector<double> true_values;
  for (const Compared& one : compared) {
    predictions.push_back(higher_is_better(predictor.metric(), one.predicted));
    true_values.push_back(higher_is_better(truth.metric(), one.truth));
  }
  check_differs(predictor, predictions);
  check_differs(truth, true_values);
  if (predictor.metric().unit == "%") options.decimals = kSparseDecimals;
  return host::rank_correlation(predictions, true_values, options);
}

void write_values(const std::filesystem::path& file, const std::vector<Compared>& compared,
                  const SearchSpace& space) {
  host::write_file(
      file,
      [&](const host::WritePiece& write) {
        write("architecture,predicted,truth\n");
        for (const Compared& one : compared)
          write(fmt::format("{},{},{}\n", host::csv_quoted(space.to_string(one.architecture)), one.predicted,
                            one.truth));
      },
      host::Durability::process);
}

}  // namespace espalier::program
