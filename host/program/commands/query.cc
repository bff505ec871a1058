#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <exception>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "arguments.h"
#include "benchmarks.h"
#include "cli.h"
#include "commands/commands.h"
#include "espalier/errors/errors.h"
#include "espalier/plugin/ability.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/needs_preparation.h"
#include "espalier/search/numbers_architectures.h"
#include "espalier/space/search_space.h"
#include "looked_up_metric.h"
#include "text/output.h"
#include "text/text.h"

namespace espalier::program {
namespace {

using Json = nlohmann::ordered_json;

struct QueryOptions {
  Folders plugin_path;
  std::string benchmark;
  std::string architecture;
  std::string space;
  espalier::Query query;
  bool json = false;
};

struct Value {
  Metric metric;
  std::optional<double> value;
  std::string note;  ///< why there is no value
};

/// All that the benchmark knows under the other parts of `query`; throws when that is nothing.
std::vector<Value> query_all(const Benchmark& benchmark, const Architecture& architecture, Query query) {
  std::vector<Value> values;
  std::exception_ptr refusal;
  bool epoch_known = !query.epoch.has_value();
  for (const Metric& metric : benchmark.metrics()) {
    query.metric = metric.name;
    try {
      values.push_back({metric, benchmark.query(architecture, query), {}});
      epoch_known = epoch_known || !benchmark.epochs(metric.name, query.dataset).empty();
    } catch (const PluginFailure&) {
      throw;
    } catch (const UsageError&) {  // this metric does not exist for the dataset or epoch asked for
      if (!refusal) refusal = std::current_exception();
    } catch (const Error& error) {  // nor does this value for the architecture
      values.push_back({metric, std::nullopt, error.details().what});
    }
  }
  if (refusal && (values.empty() || !epoch_known)) std::rethrow_exception(refusal);
  return values;
}

Value query_one(const Benchmark& benchmark, const Architecture& architecture, const Query& query) {
  const double value = benchmark.query(architecture, query);
  return {benchmark.metrics()[benchmark.resolve(query).metric], value, {}};
}

/// Whether it is the space that knows this metric, and not the benchmark.
bool is_of_space(const Benchmark& benchmark, const std::string& metric) {
  const auto is_named = [&](const Metric& known) { return known.name == metric; };
  return std::ranges::find(space_metrics(), metric) != space_metrics().end() &&
         std::ranges::none_of(benchmark.metrics(), is_named);
}

/// What the space itself knows, without any benchmark.
Value query_space(const SearchSpace& space, const Architecture& architecture, const std::string& metric) {
  const LookedUpMetric looked_up({.benchmark = {}, .metric = metric}, nullptr, space);
  return {looked_up.metric(), looked_up.value(architecture), {}};
}

/// Whole numbers with all their digits, others with seven.
std::string value_text(double value) {
  constexpr double all_digits = 1e15;
  const bool whole = value == std::floor(value) && std::abs(value) < all_digits;
  return whole ? fmt::format("{:.0f}", value) : fmt::format("{:.7g}", value);
}

void print_values(const std::vector<Value>& values) {
  Table table({{"METRIC"}, {"VALUE", Table::Align::right}, {"UNIT"}, {"BETTER"}, {""}});
  for (const Value& value : values) {
    table.add({value.metric.name, value.value ? value_text(*value.value) : "–", value.metric.unit,
               better_text(value.metric), value.note.empty() ? value.metric.help : value.note});
  }
  print(table.render());
}

/// Of a benchmark with an option of this name; empty otherwise.
std::string default_dataset(const Config& config) {
  const ConfigValue options = config.resolved();
  const ConfigValue* dataset = options.find("dataset");
  return dataset != nullptr ? dataset->scalar : "";
}

bool reads(const SearchSpace& space, const std::string& architecture) {
  try {
    (void)space.parse(architecture);
    return true;
  } catch (const UsageError&) {
    return false;
  }
}

/// The one that is named, or the one that the benchmark is of: of several the first that reads the
/// architecture, or else the first, to say what is wrong with it.
std::unique_ptr<SearchSpace> space_of(const Benchmark& benchmark, const QueryOptions& options,
                                      host::PluginRegistry& registry) {
  if (!options.space.empty()) return make_space(registry, options.space, "--space");
  const std::vector<std::string> spaces = benchmark.spaces();
  if (spaces.empty())
    throw unnamed_space("the benchmark \"" + benchmark.name() + "\" knows any search space",
                        "the space of the architecture");
  auto first = registry.make<SearchSpace>(spaces.front());
  if (reads(*first, options.architecture)) return first;
  for (const std::string& name : std::span(spaces).subspan(1)) {
    auto other = registry.make<SearchSpace>(name);
    if (reads(*other, options.architecture)) return other;
  }
  return first;
}

/// The number that stands in place of an architecture: "123" or "#123". None for a string, and for a
/// benchmark that knows no numbers.
std::optional<std::uint64_t> number_in(const std::string& text, const NumbersArchitectures* numbers) {
  constexpr const char* kSpaces = " \t\r\n";
  std::size_t begin = text.find_first_not_of(kSpaces);
  if (numbers == nullptr || begin == text.npos) return std::nullopt;
  if (text[begin] == '#') ++begin;
  const char* const end = text.data() + text.find_last_not_of(kSpaces) + 1;
  std::uint64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data() + begin, end, number);
  if (error == std::errc() && stop == end) return number;
  return std::nullopt;
}

void query(const QueryOptions& options) {
  host::PluginRegistry registry = make_registry(options.plugin_path);
  const Component component = parse_component(registry, options.benchmark, "BENCHMARK");
  const Config config(component.options, "benchmark");
  const auto benchmark = registry.make<Benchmark>(component.name, config);
  const auto space = space_of(*benchmark, options, registry);
  const auto* const numbers = ability<const NumbersArchitectures>(*benchmark);
  const std::optional<std::uint64_t> asked = number_in(options.architecture, numbers);
  const Architecture parsed = asked ? Architecture() : parse_architecture(*space, options.architecture);
  benchmark->adapt(*space);
  prepare(*benchmark);
  const Architecture architecture =
      asked ? call_plugin(*benchmark, "numbered()", [&] { return numbers->numbered(*asked); }) : parsed;
  std::vector<std::string> notes;
  say_remarks(*benchmark, notes);

  const bool single = !options.query.metric.empty();
  std::vector<Value> values;
  if (single) {
    values.push_back(is_of_space(*benchmark, options.query.metric)
                         ? query_space(*space, architecture, options.query.metric)
                         : query_one(*benchmark, architecture, options.query));
  } else {
    values = query_all(*benchmark, architecture, options.query);
    for (const std::string& metric : space_metrics())
      if (is_of_space(*benchmark, metric)) values.push_back(query_space(*space, architecture, metric));
  }
  const std::string dataset = options.query.dataset.empty() ? default_dataset(config) : options.query.dataset;
  if (!options.json && single) return print(fmt::format("{}\n", *values.front().value));
  std::optional<std::uint64_t> number;
  if (numbers != nullptr)
    number = call_plugin(*benchmark, "number_of()", [&] { return numbers->number_of(architecture); });
  if (!options.json) {
    print(fmt::format("{}{}\n{}\n\n", dataset.empty() ? component.name : component.name + ", " + dataset,
                      number ? fmt::format(", #{}", *number) : "", space->to_string(architecture)));
    return print_values(values);
  }
  Json metrics = Json::object();
  Json units = Json::object();
  for (const Value& value : values) {
    metrics[value.metric.name] = value.value ? Json(*value.value) : Json();
    units[value.metric.name] = value.metric.unit;
  }
  print_json({{"benchmark", component.name},
              {"architecture", space->to_string(architecture)},
              {"number", number ? Json(*number) : Json()},
              {"dataset", dataset.empty() ? Json() : Json(dataset)},
              {"epoch", options.query.epoch ? Json(*options.query.epoch) : Json()},
              {"metrics", std::move(metrics)},
              {"units", std::move(units)},
              {"remarks", notes}});
}

}  // namespace

void add_query(CLI::App& program) {
  auto options = std::make_shared<QueryOptions>();
  CLI::App* command = program.add_subcommand("query", "Look up what a benchmark knows about an architecture");
  command
      ->add_option("BENCHMARK", options->benchmark, "a benchmark: NAME, or \"{name: NAME, option: value}\"")
      ->type_name("")
      ->required();
  command
      ->add_option("ARCHITECTURE", options->architecture,
                   "a string, as `sample` prints it, or its number in the benchmark: 123 or '#123'")
      ->type_name("")
      ->required();
  command
      ->add_option("--space", options->space,
                   "the search space of the architecture: NAME, or \"{name: NAME, option: value}\" (default: "
                   "the benchmark's)")
      ->type_name("S");
  command
      ->add_option("--dataset", options->query.dataset, "the dataset to look up (default: the benchmark's)")
      ->type_name("D");
  command->add_option("--metric", options->query.metric, "print only this metric (default: a table of all)")
      ->type_name("M");
  command
      ->add_option("--epoch", options->query.epoch,
                   "look up the result after this many epochs (default: the benchmark's)")
      ->type_name("E");
  add_json(*command, options->json);
  add_plugin_path(*command, options->plugin_path);
  set_examples(*command, {"espalier query nasbench201 \"$(espalier sample nasbench201)\"",
                          "espalier query nasbench201 \"$(espalier sample nasbench201)\" --metric "
                          "test_accuracy --dataset cifar100"});
  command->callback([options] { query(*options); });
}

}  // namespace espalier::program
