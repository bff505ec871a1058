#include "report/result_json.h"

namespace espalier::host {
namespace {

std::vector<double> read_values(const nlohmann::json& values, const ResultMetrics& metrics) {
  std::vector<double> read;
  if (values.empty()) return read;
  for (const Metric& metric : metrics.objectives) read.push_back(values.at(metric.name).get<double>());
  return read;
}

std::optional<double> read_report(const nlohmann::json& report, const ResultMetrics& metrics) {
  if (report.empty()) return std::nullopt;
  return report.at(metrics.report ? metrics.report->name : "").get<double>();
}

}  // namespace

OrderedJson to_json(const Metric& metric) {
  return {{"name", metric.name},
          {"unit", metric.unit},
          {"direction", metric.direction == Direction::minimize ? "minimize" : "maximize"}};
}

Metric metric_of(const nlohmann::json& json) {
  const bool minimized = json.at("direction").get<std::string>() == "minimize";
  return {.name = json.at("name").get<std::string>(),
          .unit = json.at("unit").get<std::string>(),
          .direction = minimized ? Direction::minimize : Direction::maximize};
}

OrderedJson values_to_json(const std::vector<double>& values, const ResultMetrics& metrics) {
  OrderedJson object = OrderedJson::object();
  for (std::size_t i = 0; i < values.size(); ++i) object[metrics.objectives.at(i).name] = values[i];
  return object;
}

OrderedJson report_to_json(const std::optional<double>& report, const ResultMetrics& metrics) {
  OrderedJson object = OrderedJson::object();
  if (report && metrics.report) object[metrics.report->name] = *report;
  return object;
}

OrderedJson to_json(const SeedResult& result, const ResultMetrics& metrics) {
  OrderedJson object = {{"seed", result.seed},
                        {"architecture", result.architecture},
                        {"fidelity", result.fidelity},
                        {"values", values_to_json(result.values, metrics)},
                        {"report", report_to_json(result.report, metrics)},
                        {"trials", result.trials},
                        {"epochs", result.epochs},
                        {"refused", result.refused},
                        {"seconds", result.seconds}};
  if (result.undecided) object["undecided"] = *result.undecided;
  if (metrics.objectives.size() < 2) return object;
  OrderedJson& front = object["front"] = OrderedJson::array();
  for (const FrontEntry& entry : result.front)
    front.push_back({{"architecture", entry.architecture},
                     {"values", values_to_json(entry.values, metrics)},
                     {"report", report_to_json(entry.report, metrics)}});
  return object;
}

SeedResult seed_result(const nlohmann::json& object, const ResultMetrics& metrics) {
  SeedResult result{.seed = object.at("seed").get<std::uint64_t>(),
                    .architecture = object.at("architecture").get<std::string>(),
                    .fidelity = object.at("fidelity").get<int>(),
                    .values = read_values(object.at("values"), metrics),
                    .report = read_report(object.at("report"), metrics),
                    .trials = object.at("trials").get<std::uint64_t>(),
                    .epochs = object.at("epochs").get<std::uint64_t>(),
                    .refused = object.at("refused").get<std::uint64_t>(),
                    .seconds = object.at("seconds").get<double>()};
  if (object.contains("undecided")) result.undecided = object.at("undecided").get<double>();
  if (metrics.objectives.size() < 2) return result;
  for (const nlohmann::json& entry : object.at("front"))
    result.front.push_back({.architecture = entry.at("architecture").get<std::string>(),
                            .values = read_values(entry.at("values"), metrics),
                            .report = read_report(entry.at("report"), metrics)});
  return result;
}

}  // namespace espalier::host
