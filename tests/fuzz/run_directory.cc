#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "checkpoint_bytes.h"
#include "espalier/host/config/yaml.h"
#include "espalier/host/run/run.h"
#include "espalier/search/objective_function.h"
#include "espalier/search/trainer.h"
#include "fuzz.h"
#include "paths.h"

// A run directory, one of its files damaged, from which the same run goes on. Where that succeeds, running
// again changes nothing; where it is refused, --overwrite helps. Checksums would stop every damaged file at
// the door: some get theirs anew here, as if somebody had meant it, so that what comes behind them is tried
// as well.
namespace espalier::fuzz {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Files = std::map<std::string, std::string>;

constexpr std::array labels = {"regularized_evolution", "local_search"};
constexpr const char* config_text =
    "search_space: good\n"
    "optimizer: [{name: regularized_evolution, population_size: 2, sample_size: 2}, local_search]\n"
    "benchmark: good\n"
    "trainer: {name: discrete, trials: 4}\n"
    "seeds: 0..1\n";

const host::RunConfig& config() {
  static const auto config = host::RunConfig::from(host::parse_yaml(config_text, "run.yaml"));
  return config;
}

host::PluginRegistry& registry() {
  static host::PluginRegistry registry(
      host::PluginRegistry::search_path({fs::path(paths::fixture_plugins) / "good"}));
  return registry;
}

void run(const fs::path& directory, bool overwrite = false) {
  host::run(config(), {.directory = directory, .overwrite = overwrite, .jobs = 1, .quiet = true}, registry());
}

Files read(const fs::path& directory) {
  Files files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream stream(entry.path(), std::ios::binary);
    files[fs::relative(entry.path(), directory).string()].assign(std::istreambuf_iterator<char>(stream), {});
  }
  return files;
}

void write(const Files& files, const fs::path& directory) {
  fs::remove_all(directory);
  for (const auto& [name, content] : files) {
    fs::create_directories((directory / name).parent_path());
    std::ofstream(directory / name, std::ios::binary) << content;
  }
}

std::string sealed_config(std::string_view yaml) {
  return "# The config of this run, every default filled in (written by espalier).\n"
         "# The SHA-256 of what follows: " +
         testing::sha256_of(yaml) + "\n" + std::string(yaml);
}

std::string sealed_result(std::string_view text) {
  const std::string body(text.substr(0, text.rfind('}')));
  return body + ",\n  \"sha256\": \"" + testing::sha256_of(body) + "\"\n}\n";
}

/// Interrupts a search after two trials.
class Interruption final : public Journal {
 public:
  void event(const TrialEvent& event) override {
    events += to_line(event).dump() + "\n";
    ++count;
  }
  void event(const EpochEvent&) override {}
  bool checkpoint_due() override { return false; }
  void checkpoint(const json& now) override { state = now; }
  std::optional<json> restore() override { return std::nullopt; }
  void keep_weights(std::string_view) override {}
  void progress(std::uint64_t, std::uint64_t, std::string_view) override {}
  bool stop_requested() const override { return count == 2; }

  std::string events;
  int count = 0;
  json state;
};

/// The files of a run that was interrupted in seed 0 of each optimizer.
class InterruptedRun {
 public:
  InterruptedRun() {
    const Folder folder;
    run(folder / "run");
    files_ = read(folder / "run");
    version_ = json::parse(files_.at("environment.json")).at("espalier");
    for (const Component& component : config().optimizers) interrupt(component);
  }

  const Files& files() const { return files_; }
  std::string checkpoint(const std::string& label, const json& state) const {
    const std::string& events = files_.at(label + "/seed_0/events.jsonl");
    const json whole = {{"espalier", version_},
                        {"of", {{"optimizer", label}, {"seed", 0}}},
                        {"subject", {{"budget", {{"trials", 4}, {"budget_seconds", 0}}}}},
                        {"kept_for_growth", false},
                        {"events", 2},
                        {"events_bytes", events.size()},
                        {"events_sha256", testing::sha256_of(events)},
                        {"state", state}};
    return testing::to_checkpoint(whole);
  }

 private:
  void interrupt(const Component& component) {
    const auto space = registry().make<SearchSpace>("good");
    const auto benchmark = registry().make<Benchmark>("good");
    benchmark->adapt(*space);
    const auto optimizer = registry().make<Optimizer>(component.name, Config(component.options));
    const ObjectiveFunction objective(*benchmark);
    optimizer->adapt(objective.problem(0));
    Interruption journal;
    succeeds<Interrupted>([&] {
      registry()
          .make<Trainer>("discrete", Config(config().trainer->options))
          ->search(*optimizer, {.objective = &objective}, journal);
    });
    const std::string folder = component.label + "/seed_0/";
    files_.erase(folder + "result.json");
    files_.erase(folder + "curve.csv");
    files_.erase(folder + "growth.cbor");
    files_[folder + "events.jsonl"] = journal.events;
    files_[folder + "checkpoint.cbor"] = checkpoint(component.label, journal.state);
  }

  Files files_;
  std::string version_;
};

}  // namespace
}  // namespace espalier::fuzz

/// The first byte says which file of which optimizer the others replace.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace espalier::fuzz;
  static const Folder folder;
  static const InterruptedRun sound;
  if (size == 0) return 0;
  constexpr std::array targets = {"config.yaml",          "/seed_0/checkpoint.cbor", "a state in JSON",
                                  "/seed_0/events.jsonl", "/seed_1/result.json",     "/seed_1/curve.csv"};
  const std::string_view target = targets[data[0] % targets.size()];
  const std::string label = labels[data[0] / targets.size() % labels.size()];
  const std::string_view bytes = text_of(data + 1, size - 1);

  Files files = sound.files();
  if (target == targets[0]) {
    files["config.yaml"] = sealed_config(bytes);
  } else if (target == targets[2]) {
    const json state = json::parse(bytes, nullptr, /*allow_exceptions=*/false);
    if (state.is_discarded()) return 0;
    files[label + targets[1]] = sound.checkpoint(label, state);
  } else {
    files[label + std::string(target)] = target == targets[4] ? sealed_result(bytes) : std::string(bytes);
  }
  write(files, folder / "run");
  if (succeeds([] { run(folder / "run"); })) {
    files = read(folder / "run");
    run(folder / "run");
    require(files == read(folder / "run"), "a finished run stays as it is");
  } else if (target != targets[0]) {
    run(folder / "run", /*overwrite=*/true);
  }
  return 0;
}
