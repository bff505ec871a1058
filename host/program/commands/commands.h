#pragma once

#include <CLI/App.hpp>

/// The commands of `espalier`, one file each. An add_… function declares a command's options and what
/// it does; a mistake leaves as espalier::UsageError, a failure as espalier::Error.
namespace espalier::program {

void add_run(CLI::App& program);
void add_resume(CLI::App& program);
void add_plugins(CLI::App& program);
void add_describe(CLI::App& program);
void add_sample(CLI::App& program);
void add_neighbours(CLI::App& program);
void add_inspect(CLI::App& program);
void add_draw(CLI::App& program);
void add_evaluate(CLI::App& program);
void add_query(CLI::App& program);
void add_rank(CLI::App& program);
void add_trials(CLI::App& program);
void add_report(CLI::App& program);
void add_export(CLI::App& program);
void add_predict(CLI::App& program);
void add_new(CLI::App& program);
void add_help(CLI::App& program);
void add_completion(CLI::App& program);

}  // namespace espalier::program
