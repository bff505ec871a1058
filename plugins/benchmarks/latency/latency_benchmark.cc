#include "latency_benchmark.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"
#include "espalier/space/search_space.h"
#include "measuring_engine.h"

using namespace espalier;

namespace {

/// Held while anything is timed: two measurements at once would slow each other down.
std::mutex& clock_mutex() {
  static std::mutex mutex;
  return mutex;
}

std::vector<std::string> names_of(const Engines& engines) {
  std::vector<std::string> names;
  names.reserve(engines.size());
  for (const auto& [name, make] : engines) names.push_back(name);
  return names;
}

ClockKind clock_of(const std::string& name, int threads) {
  if (name != "auto") return name == "cpu" ? ClockKind::cpu : ClockKind::wall;
  return threads == 1 ? ClockKind::cpu : ClockKind::wall;
}

/// A run may continue in another folder.
std::string read_python(const Config& config, const std::string& engine) {
  const std::string fallback = EngineOptions().python;
  std::string python = config.string("python", fallback,
                                     "the Python that has ONNX Runtime, for engine: onnxruntime; a name in "
                                     "the search path, or an absolute path");
  const std::string where = to_string(config.where("python"));
  if (python != fallback && engine != "onnxruntime")
    throw UsageError(
        {.what = fmt::format("the option python is for ONNX Runtime, and the engine is {}", engine),
         .where = where,
         .remedy = "write engine: onnxruntime, or leave python out"});
  if (python.empty() || (python.find('/') != std::string::npos && !python.starts_with('/')))
    throw UsageError({.what = fmt::format("python: \"{}\" is neither a name nor an absolute path", python),
                      .where = where,
                      .expected = "a name in the search path, such as python3, or an absolute path"});
  return python;
}

/// The clock of one thread does not count what the others compute.
void check_clock(const Config& config, const EngineOptions& options) {
  if (options.clock != ClockKind::cpu || options.threads == 1) return;
  throw UsageError({.what = fmt::format("clock: cpu does not count the work of {} threads", options.threads),
                    .where = to_string(config.where("clock")),
                    .expected = "clock: wall, or threads: 1"});
}

}  // namespace

LatencyBenchmark::LatencyBenchmark(const Config& config, const Engines& engines)
    : engine_name_(
          config.choice("engine", engines.front().first, names_of(engines), "what runs the networks")) {
  engine_options_.batch_size = config.integer<std::int64_t>(
      "batch_size", 1, "how many images a network computes at once", between(1, 1'000'000));
  engine_options_.threads =
      config.integer("threads", 1, "how many CPU threads a network runs on", between(1, 4096));
  engine_options_.clock =
      clock_of(config.choice("clock", "auto", {"auto", "cpu", "wall"},
                             "cpu: the time that the thread computes, which other programs on its core "
                             "change little; wall: the time that passes; auto: cpu with threads: 1"),
               engine_options_.threads);
  check_clock(config, engine_options_);
  engine_options_.python = read_python(config, engine_name_);
  Effort& effort = calibration_options_.effort;
  effort.repetitions = config.integer<std::size_t>(
      "repetitions", effort.repetitions, "how often a network is timed; the latency is the median",
      between(static_cast<std::int64_t>(kLeastRepetitions), std::int64_t{100'000}));
  effort.warm_up = config.integer<std::size_t>(
      "warm_up", effort.warm_up, "how often a network runs before it is timed", between(0, 100'000));
  predicts_ = config.boolean("predict", false,
                             "predict latencies from those of single layers, which are measured once as the "
                             "benchmark's preparation, instead of measuring each architecture");
  calibration_options_.samples = config.integer<std::size_t>(
      "samples", calibration_options_.samples, "how many whole networks the predictions are fitted to",
      between(2, 100'000));
  calibration_options_.held_out = config.integer<std::size_t>(
      "held_out", calibration_options_.held_out,
      "how many further networks are measured, twice, to say how well the predictions rank them",
      between(2, 100'000));
  calibration_options_.seed = config.integer<std::uint64_t>(
      "seed", 0, "the seed of the architectures that the predictions are fitted to");
  table_ = config.path("table",
                       "the path of a prepared.bin that an earlier run left in preparation/latency, whose "
                       "predictions are taken; empty: a table is measured first");
  if (!table_.empty() && !predicts_)
    throw UsageError({.what = "the option table holds predictions, and latencies are measured",
                      .where = to_string(config.where("table")),
                      .remedy = "write predict: true"});
  engine_ = std::ranges::find(engines, engine_name_, &Engines::value_type::first)->second(engine_options_);
}

std::vector<Metric> LatencyBenchmark::metrics_impl() const {
  return {{.name = "latency",
           .unit = "ms",
           .direction = Direction::minimize,
           .help = fmt::format("time of one inference on this machine{}: {}", predicts_ ? ", predicted" : "",
                               engine_->describe()),
           // A prediction follows from what was prepared, which a run keeps.
           .measured = !predicts_}};
}

void LatencyBenchmark::adapt_impl(const SearchSpace& space) {
  if (table_.empty()) return;
  const auto bytes = read_file(table_);
  if (!bytes)
    throw Error({.what = "the latency table does not exist",
                 .where = table_.string(),
                 .expected = "a file prepared.bin that a run left in preparation/latency"});
  take(*bytes, space);
}

std::string LatencyBenchmark::prepare(Journal& journal) {
  const std::lock_guard lock(clock_mutex());
  if (!predicts_)
    return MeasuringEngine{.engine = engine_->describe(), .versions = engine_->versions()}.to_text();
  return calibrate(space(), *engine_, calibration_options_, journal).to_text();
}

void LatencyBenchmark::load_preparation(std::string_view bytes) {
  if (predicts_) return take(bytes, space());
  versions_ = MeasuringEngine::from_text(bytes).versions;
}

void LatencyBenchmark::take(std::string_view bytes, const SearchSpace& space) {
  Calibration read = Calibration::from_text(bytes, table_.string());
  const auto check = [&](const char* what, const std::string& found, const std::string& expected) {
    if (found == expected) return;
    throw UsageError({.what = fmt::format("the latency table is that of another {}: {}", what, found),
                      .where = table_.string(),
                      .expected = expected,
                      .remedy = "leave the option table out, so that one is measured"});
  };
  check("search space", read.space, space.name());
  check("engine", read.engine, engine_->describe());
  calibration_ = std::move(read);
}

std::vector<std::string> LatencyBenchmark::remarks() const {
  std::vector<std::string> all;
  if (calibration_) all = calibration_->validation.sentences();
  const std::string& versions = calibration_ ? calibration_->versions : versions_;
  if (!versions.empty()) all.push_back(fmt::format("The latencies are those of {}.", versions));
  return all;
}

std::vector<std::filesystem::path> LatencyBenchmark::files() const {
  return table_.empty() ? std::vector<std::filesystem::path>() : std::vector{table_};
}

double LatencyBenchmark::value_impl(const Architecture& architecture, const Lookup&) const {
  if (!predicts_) return measured(architecture);
  if (!calibration_)
    throw Error({.what = "latencies were asked for before their prediction was prepared",
                 .remedy = "call prepare() first"});
  return calibration_->model.predict(units_of(space().layers(architecture)));
}

double LatencyBenchmark::measured(const Architecture& architecture) const {
  const std::lock_guard lock(clock_mutex());
  if (!versions_.empty()) check_versions(versions_, engine_->versions());
  Rounds rounds(
      1, [&](std::size_t) { return space().layers(architecture); }, calibration_options_.effort);
  while (!rounds.finished()) rounds.step(*engine_);
  const Reading reading = rounds.readings().front();
  watch(reading);
  return reading.median;
}

/// Warns once where the machine is too noisy.
void LatencyBenchmark::watch(const Reading& reading) const {
  constexpr std::size_t kEnough = 10;
  if (warned_) return;
  readings_.push_back(reading);
  if (readings_.size() != kEnough) return;
  warned_ = true;  // or there is nothing to warn of
  const Spread spread = Spread::of(readings_);
  if (spread.too_wide()) spdlog::warn("{}", spread.sentence());
}
