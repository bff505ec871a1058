#pragma once

#include <map>
#include <string>
#include <vector>

#include "espalier/host/report/summary.h"

namespace espalier::host {

/// The finished searches of one optimizer.
struct FinishedMethod {
  std::string label;
  std::vector<SeedResult> results;
};

/// What else a summary needs to know of its run.
struct SummaryContext {
  std::string title;
  ResultMetrics metrics;
  std::optional<double> best_report;         ///< of the whole space
  std::map<std::string, double> references;  ///< of objectives, by metric, where the config says them
  bool constrained = false;                  ///< whether the search has constraints
  std::string paper_source;
  std::map<std::string, PaperResult> paper_results;  ///< by label
  std::vector<std::string> remarks;                  ///< what the benchmarks say of their figures
};

Summary summarize(std::vector<FinishedMethod> methods, const SummaryContext& context);

}  // namespace espalier::host
