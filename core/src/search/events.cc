#include "espalier/search/events.h"

#include <algorithm>
#include <string_view>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

using nlohmann::json;

void set(json& line, const char* key, const std::optional<double>& value) {
  if (value) line[key] = *value;
}

bool is_numbers(const json& value) {
  return value.is_array() &&
         std::all_of(value.begin(), value.end(), [](const json& item) { return item.is_number(); });
}

/// Takes a member out of a line: what is left in the end are the trainer's own figures.
class Reader {
 public:
  Reader(const json& line, std::string_view kind) : rest_(line), kind_(kind) {}

  template <class T>
  T required(const char* key) {
    if (!rest_.contains(key)) refuse(key, "is missing");
    return take<T>(key);
  }
  template <class T>
  std::optional<T> optional(const char* key) {
    if (!rest_.contains(key)) return std::nullopt;
    return take<T>(key);
  }
  json rest() && { return std::move(rest_); }

 private:
  template <class T>
  T take(const char* key) {
    const auto found = rest_.find(key);
    const bool fits = std::is_same_v<T, std::string>           ? found->is_string()
                      : std::is_same_v<T, std::uint64_t>       ? found->is_number_unsigned()
                      : std::is_same_v<T, int>                 ? found->is_number_integer()
                      : std::is_same_v<T, std::vector<double>> ? is_numbers(*found)
                                                               : found->is_number();
    if (!fits) refuse(key, "is " + found->dump());
    T value = found->template get<T>();
    rest_.erase(found);
    return value;
  }
  [[noreturn]] void refuse(const char* key, const std::string& why) const {
    throw Error({.what = std::string("the event of ") + std::string(kind_) + " is not usable: its `" + key +
                         "` " + why,
                 .expected = "what espalier/search/events.h says"});
  }

  json rest_;
  std::string_view kind_;
};

}  // namespace

json to_line(const TrialEvent& event) {
  json line = event.more;
  line["trial"] = event.trial;
  line["architecture"] = event.architecture;
  if (event.fidelity != 0) line["fidelity"] = event.fidelity;
  line["values"] = event.values;
  line["seconds"] = event.seconds;
  line["best"] = event.best;
  set(line, "best_report", event.best_report);
  return line;
}

json to_line(const EpochEvent& event) {
  json line = event.more;
  line["epoch"] = event.epoch;
  if (event.seconds != 0.0) line["seconds"] = event.seconds;
  if (!event.architecture.empty()) line["architecture"] = event.architecture;
  if (!event.values.empty()) line["values"] = event.values;
  set(line, "report", event.report);
  return line;
}

std::optional<TrialEvent> trial_event(const json& line) {
  if (!line.is_object() || !line.contains("trial")) return std::nullopt;
  Reader reader(line, "a trial");
  TrialEvent event;
  event.trial = reader.required<std::uint64_t>("trial");
  event.architecture = reader.required<std::string>("architecture");
  event.fidelity = reader.optional<int>("fidelity").value_or(0);
  event.values = reader.required<std::vector<double>>("values");
  event.seconds = reader.required<double>("seconds");
  event.best = reader.required<double>("best");
  event.best_report = reader.optional<double>("best_report");
  event.more = std::move(reader).rest();
  return event;
}

std::optional<EpochEvent> epoch_event(const json& line) {
  if (!line.is_object() || !line.contains("epoch")) return std::nullopt;
  Reader reader(line, "an epoch");
  EpochEvent event;
  event.epoch = reader.required<std::uint64_t>("epoch");
  event.seconds = reader.optional<double>("seconds").value_or(0.0);
  event.architecture = reader.optional<std::string>("architecture").value_or("");
  event.values = reader.optional<std::vector<double>>("values").value_or(std::vector<double>());
  event.report = reader.optional<double>("report");
  event.more = std::move(reader).rest();
  return event;
}

}  // namespace espalier
