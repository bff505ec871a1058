#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "espalier/host/report/statistics.h"
#include "espalier/host/report/summary.h"
#include "espalier/plugin/export.h"

namespace espalier::host {

/// The trainings of what an optimizer found, or of a baseline.
struct ComparedNetworks {
  std::string name;  ///< label of the optimizer, or name of the baseline
  bool is_baseline = false;
  std::vector<double> tests;    ///< test accuracies in percent, one for each training
  std::int64_t parameters = 0;  ///< mean over the trainings
};

/// [any-thread] Those of every optimizer and every baseline that has trainings, in the order of the summary.
ESPALIER_EXPORT std::vector<ComparedNetworks> compared_networks(const Summary& summary);

/// Whether what a search found is better than a baseline.
enum class VerdictAnswer {
  better,
  worse,
  indistinguishable,  ///< chance alone explains the difference
  unknown             ///< one network or training on either side, so nobody can tell
};

/// What an optimizer found against a baseline, by test accuracy in percent.
///
/// A side's values are the means of its architectures, where it has several (a search with several seeds, the
/// random ones together), and otherwise the trainings of its only one. Their means are compared by Welch's
/// test (1947), which does not ask for equal variances. To each variance that of the rounding of an accuracy
/// to whole images is added, (100 / test images)² / 12, so that values which are equal by chance do not pass
/// for certainty.
struct Verdict {
  std::string method;                               ///< label of the optimizer
  std::string baseline;                             ///< "resnet"; "random": all random ones together
  double difference = 0.0;                          ///< of the means, method less baseline
  std::optional<Interval> interval = std::nullopt;  ///< of the difference, 95 %; nothing where unknown
  double p = 1.0;                                   ///< two-sided
  double adjusted_p = 1.0;                          ///< over all verdicts of the run; see holm()
  VerdictAnswer answer = VerdictAnswer::unknown;    ///< by adjusted_p, at 0.05
};

/// [any-thread] Every optimizer whose networks were trained against every baseline, in the order of both.
ESPALIER_EXPORT std::vector<Verdict> verdicts(const Summary& summary);

/// [any-thread] The baseline to take in place of what was searched for: the optimizer of the highest mean is
/// not better than it. A network made by hand comes before random ones; of those the one of the highest mean.
/// Null where that optimizer is better than all, where nobody can tell, and where there are no baselines.
ESPALIER_EXPORT const BaselineResult* preferred_baseline(const Summary& summary);

/// [any-thread] What the result screen says of baselines: a table, the verdicts and what to do. Empty where
/// there are none.
ESPALIER_EXPORT std::string verdict_text(const Summary& summary, std::size_t width = kAnyWidth);

/// [any-thread] A verdict as a sentence: "gdas is better than resnet by 1.20 points, 95 % interval
/// [0.4, 2.0]."
ESPALIER_EXPORT std::string sentence(const Verdict& verdict);

/// [any-thread] What follows from the verdicts, in sentences. Empty where there are none.
ESPALIER_EXPORT std::string advice(const Summary& summary);

}  // namespace espalier::host
