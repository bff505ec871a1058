#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <locale>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli.h"
#include "command_tree.h"
#include "commands/commands.h"
#include "commands/completion.h"
#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/host/config/run_config.h"
#include "espalier/host/plugins/exit_guard.h"
#include "espalier/host/report/shell_quoted.h"
#include "espalier/plugin/abi.h"
#include "espalier/search/trainer.h"
#include "refuse_path.h"
#include "text/help_formatter.h"
#include "text/output.h"

namespace espalier::program {
namespace {

enum ExitCode : int { kDone = 0, kFailed = 1, kUsage = 2, kInterrupted = 130 };

void set_up(CLI::App& program) {
  program.name("espalier");
  program.set_help_flag("-h,--help", "print this help");
  program.set_version_flag("--version", "espalier " ESPALIER_VERSION " (plugin ABI " ESPALIER_ABI_TAG ")",
                           "print the version");
  program.require_subcommand(1);
  program.formatter(std::make_shared<HelpFormatter>());
  add_run(program);
  add_resume(program);
  add_plugins(program);
  add_describe(program);
  add_sample(program);
  add_neighbours(program);
  add_inspect(program);
  add_draw(program);
  add_query(program);
  add_rank(program);
  add_evaluate(program);
  add_trials(program);
  add_report(program);
  add_export(program);
  add_predict(program);
  add_new(program);
  add_help(program);
  add_completion(program);
  for (CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; }))
    command->group("Commands");
  program.footer(
      "Examples:\n"
      "  espalier run configs/quickstart.yaml\n"
      "  espalier describe space nasbench201\n"
      "`espalier COMMAND --help` says more. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.");
}

/// The command that was reached before the mistake.
const CLI::App& reached(const CLI::App& app) {
  const auto commands = app.get_subcommands();
  return commands.empty() ? app : reached(*commands.back());
}

std::vector<std::string> option_spellings(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

/// An option that the word begins with. Of an option of one letter, such as -j, the only one that begins with
/// this letter: no other is near.
std::string nearest_word(const std::string& word, const std::vector<std::string>& names) {
  constexpr std::size_t long_enough = 5;  // "--out" of --output
  for (const std::string& name : names)
    if (name.size() >= long_enough && word.starts_with(name)) return name;
  const bool is_letter = word.size() == 2 && word.front() == '-';
  if (!is_letter) return nearest(word, names);
  const auto begins = [&](const std::string& name) { return name.starts_with("--") && name[2] == word[1]; };
  const auto found = std::ranges::find_if(names, begins);
  return std::ranges::count_if(names, begins) == 1 ? *found : "";
}

/// The word that was typed behind an option, or else VALUE.
std::string value_of(const std::string& option, const std::vector<std::string>& words) {
  const auto typed = std::ranges::find(words, option);
  const bool has_value = typed != words.end() && typed + 1 != words.end() && !(typed + 1)->starts_with('-');
  return has_value ? host::shell_quoted(*(typed + 1)) : "VALUE";
}

/// `--seed 3` of who means seed=3.
std::string remedy_for_option(const CLI::App& command, const std::string& option,
                              const std::vector<std::string>& words) {
  const bool assigns = command.get_option_no_throw("key.path=value") != nullptr ||
                       command.get_option_no_throw("option=value") != nullptr;
  const std::size_t start = option.find_first_not_of('-');
  std::string help = fmt::format("see `{} --help`", full_name(command));
  if (!assigns || start == option.npos) return help;
  std::string assignment = option.substr(start);
  if (option.find('=') == option.npos) assignment += "=" + value_of(option, words);
  if (assignment.starts_with("verbose") || assignment.starts_with("v="))
    return "write --log-level debug; " + help;
  if (assignment.starts_with("config=") || assignment.starts_with("c="))
    return "write the config without an option; " + help;
  const std::vector<std::string>& keys = host::RunConfig::keys();
  const std::string key = assignment.substr(0, assignment.find_first_of(".="));
  const bool in_section = command.get_name() != "evaluate" && std::ranges::find(keys, key) == keys.end();
  if (in_section) assignment = "SECTION." + assignment + ", where SECTION is trainer, optimizer or another";
  return fmt::format("a value of the config is replaced without dashes: {}; {}", assignment, help);
}

/// "espalier inspect SPACE [ARCHITECTURE]"
std::string usage_of(const CLI::App& command) {
  std::string usage = full_name(command);
  for (const CLI::Option* option : command.get_options()) {
    const std::string name =
        option->get_positional() ? option->get_name(true) : option->get_name() + " VALUE";
    if (option->get_required())
      usage += " " + name;
    else if (option->get_positional())
      usage += " [" + name + "]";
  }
  return usage;
}

/// The first of the examples at the end of --help.
std::string example_of(const CLI::App& command) {
  const std::string footer = command.get_footer();
  const std::size_t begin = footer.find("\n  ");
  if (begin == footer.npos) return "";
  const std::size_t end = std::min(footer.find('\n', begin + 1), footer.size());
  return fmt::format("for example: {}; ", footer.substr(begin + 3, end - begin - 3));
}

/// A run where a space or an architecture belongs is the mistake, whatever else is missing.
void refuse_paths(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options())
    for (const char* name : {"SPACE", "ARCHITECTURE", "BENCHMARK"})
      if (option->get_positional() && option->get_name(true) == name && option->count() > 0)
        refuse_path(option->as<std::string>(), name);
}

/// What CLI11 found wrong in the words of a command line, as any other mistake.
UsageError explain(const CLI::App& program, const CLI::ParseError& error,
                   const std::vector<std::string>& words) {
  const CLI::App& command = reached(program);
  ErrorDetails details{.what = error.what(), .remedy = fmt::format("see `{} --help`", full_name(command))};
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    refuse_paths(command);
    details.expected = usage_of(command);
    details.remedy = example_of(command) + details.remedy;
  }
  const std::vector<std::string> extras = program.remaining(true);
  if (!extras.empty()) {
    const std::string& extra = extras.front();
    const bool option = extra.size() > 1 && extra.front() == '-';
    const bool unknown_command = !option && &command == &program;
    details.what = option            ? fmt::format("`{}` has no option \"{}\"", full_name(command), extra)
                   : unknown_command ? fmt::format("no command is named \"{}\"", extra)
                                     : fmt::format("`{}` takes no more arguments, but got \"{}\"",
                                                   full_name(command), extra);
    if (option || unknown_command) {
      const std::vector<std::string> names = option ? option_spellings(command) : command_names(command);
      details.expected = "one of " + join_names(names);
      details.nearest = nearest_word(extra.substr(0, extra.find('=')), names);
      const auto config =
          std::ranges::find_if(extras, [](const std::string& word) { return word.ends_with(".yaml"); });
      if (unknown_command && config != extras.end() && details.nearest.empty())
        details.remedy = "to run a config: espalier run " + host::shell_quoted(*config);
      if (option && details.nearest.empty()) details.remedy = remedy_for_option(command, extra, words);
    }
  }
  return UsageError(details);
}

void run_command(CLI::App& program, int argc, char** argv) {
  try {
    program.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    print(program.help());
  } catch (const CLI::CallForVersion& version) {
    print(fmt::format("{}\n", version.what()));
  } catch (const CLI::ParseError& error) {
    throw explain(program, error, {argv + 1, argv + argc});
  }
}

int run_program(int argc, char** argv) {
  CLI::App program("Neural architecture search: every space, optimizer, benchmark and trainer a plugin.");
  set_up(program);
  if (argc <= 1) {
    fmt::print(stderr, "{}", program.help());
    return kUsage;
  }
  if (std::string(argv[1]) == "__complete") {
    for (const std::string& word : complete(program, {argv + 2, argv + argc})) print(word + "\n");
  } else {
    run_command(program, argc, argv);
  }
  flush_output();
  return kDone;
}

int report(const char* message, ExitCode code) {
  std::fputs("espalier: ", stderr);
  std::fputs(message, stderr);
  std::fputs("\n", stderr);
  return code;
}

int guarded(int argc, char** argv) {
  try {
    return run_program(argc, argv);
  } catch (const OutputClosed&) {
    return kDone;
  } catch (const Interrupted& error) {
    return report(error.what(), kInterrupted);
  } catch (const UsageError& error) {
    return report(error.what(), kUsage);
  } catch (const std::bad_alloc&) {
    (void)report("out of memory", kFailed);
    std::_Exit(kFailed);  // what libraries do at the end of a program would need memory, too
  } catch (const std::exception& error) {
    return report(error.what(), kFailed);
  } catch (...) {
    return report("a plugin threw something that is not an exception", kFailed);
  }
}

}  // namespace
}  // namespace espalier::program

namespace {

/// libgomp, which networks come with, lets an idle thread spin for milliseconds: with another busy program on
/// the machine a search then takes three times as long. It reads this when a plugin brings it in.
void let_idle_threads_sleep() {
  if (std::getenv("OMP_WAIT_POLICY") == nullptr) ::setenv("GOMP_SPINCOUNT", "2000", /*overwrite=*/0);
}

#if defined(__has_feature)
#define ESPALIER_HAS_FEATURE(feature) __has_feature(feature)
#else
#define ESPALIER_HAS_FEATURE(feature) 0
#endif
// A sanitizer is not ready so early, and has an allocator of its own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && \
    !ESPALIER_HAS_FEATURE(address_sanitizer) && !ESPALIER_HAS_FEATURE(thread_sanitizer)
/// Until main() sets up something better: memory that runs out while the libraries are initialized is an
/// error like any other, and no core dump.
void say_why_it_does_not_begin(int, char**, char**) {
  std::set_terminate([] {
    std::fputs("espalier: cannot start: out of memory, or a library that cannot be initialized\n", stderr);
    std::_Exit(1);
  });
}
[[gnu::section(".preinit_array"),
  gnu::used]] void (*const before_all_libraries)(int, char**, char**) = say_why_it_does_not_begin;
#endif

}  // namespace

/// A locale that is not installed, as a terminal of another machine may name one, would stop libraries that
/// ask for it.
void take_a_locale_that_is_there() {
  try {
    (void)std::locale("");
  } catch (const std::runtime_error&) {
    ::setenv("LC_ALL", "C.UTF-8", 1);
  }
}

int main(int argc, char** argv) {
  take_a_locale_that_is_there();
  let_idle_threads_sleep();
  espalier::program::prepare_streams();
  const espalier::host::ExitGuard guard;
  return espalier::program::guarded(argc, argv);
}
