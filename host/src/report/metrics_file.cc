#include "report/metrics_file.h"

#include <nlohmann/json.hpp>

#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"
#include "files/sealed_json.h"
#include "report/result_json.h"

namespace espalier::host {
namespace {

[[noreturn]] void refuse_metrics(const std::filesystem::path& file, const std::string& why) {
  throw Error({.what = "what this run's figures mean is not known: " + why,
               .where = file.string(),
               .expected = "the metrics.json that the run wrote when it began",
               .remedy = "`espalier resume` of the run writes it again"});
}

}  // namespace

std::string to_metrics_text(const SummaryContext& context) {
  OrderedJson objectives = OrderedJson::array();
  for (const Metric& metric : context.metrics.objectives) objectives.push_back(to_json(metric));
  const auto& report = context.metrics.report;
  return seal({{"title", context.title},
               {"objectives", objectives},
               {"report", report ? to_json(*report) : OrderedJson()},
               {"best_report", to_json_or_null(context.best_report)},
               {"constrained", context.constrained},
               {"remarks", context.remarks}});
}

SummaryContext read_metrics(const std::filesystem::path& file, const RunConfig& config) try {
  const auto text = read_file(file);
  if (!text) refuse_metrics(file, "the file is gone");
  if (!is_sealed(*text)) refuse_metrics(file, "the file is damaged");
  const auto json = nlohmann::json::parse(*text);
  SummaryContext context{.title = json.at("title").get<std::string>(),
                         .metrics = {},
                         .best_report = number_or_null(json.at("best_report")),
                         .references = config.objectives.references,
                         .constrained = json.at("constrained").get<bool>(),
                         .paper_source = config.paper_source,
                         .paper_results = config.paper_results,
                         .remarks = json.at("remarks").get<std::vector<std::string>>()};
  for (const auto& metric : json.at("objectives")) context.metrics.objectives.push_back(metric_of(metric));
  if (const auto& report = json.at("report"); !report.is_null()) context.metrics.report = metric_of(report);
  return context;
} catch (const nlohmann::json::exception& error) {
  refuse_metrics(file, error.what());
}

}  // namespace espalier::host
