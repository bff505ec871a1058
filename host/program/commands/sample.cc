#include <cstdint>
#include <memory>
#include <string>

#include "arguments.h"
#include "cli.h"
#include "commands/commands.h"
#include "espalier/random/random.h"
#include "espalier/space/search_space.h"
#include "text/line_list.h"

namespace espalier::program {
namespace {

constexpr std::int64_t kMaxCount = 1'000'000'000;

struct SampleOptions {
  Folders plugin_path;
  std::string space;
  std::int64_t count = 1;
  std::int64_t seed = 0;
  bool json = false;
};

void sample(const SampleOptions& options) {
  host::PluginRegistry registry = make_registry(options.plugin_path);
  const auto space = make_space(registry, options.space);
  LineList lines(options.json);
  for (std::int64_t i = 0; i < options.count; ++i) {
    Rng rng(static_cast<std::uint64_t>(options.seed), "sample", static_cast<std::uint64_t>(i));
    lines.add(space->to_string(space->sample(rng)));
  }
  lines.end();
}

}  // namespace

void add_sample(CLI::App& program) {
  auto options = std::make_shared<SampleOptions>();
  CLI::App* command =
      program.add_subcommand("sample", "Draw architectures of a space at random, one per line");
  add_space(*command, options->space);
  command
      ->add_option("-n,--count", options->count,
                   "how many architectures to draw, up to 1,000,000,000 (default 1)")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{1}, kMaxCount));
  command
      ->add_option("--seed", options->seed,
                   "a number from 0 on; the same seed draws the same architectures (default 0)")
      ->type_name("S")
      ->check(CLI::NonNegativeNumber);
  add_json(*command, options->json);
  add_plugin_path(*command, options->plugin_path);
  set_examples(*command,
               {"espalier sample nasbench201", "espalier sample nasbench201 -n 1000 --seed 7 > cells.txt"});
  command->callback([options] { sample(*options); });
}

}  // namespace espalier::program
