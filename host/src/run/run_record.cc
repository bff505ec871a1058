#include "run/run_record.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <set>

#include "directory/run_files.h"
#include "espalier/files/read_file.h"
#include "files/sealed_json.h"
#include "run/environment.h"

namespace espalier::host {
namespace {

constexpr const char* environment_file = RunFiles::environment;

}  // namespace

RunRecord::RunRecord(const PreparedRun& run, const RunDirectory& directory, const RunOptions& options,
                     const PluginRegistry& registry)
    : run_(run), directory_(directory), registry_(registry), inputs_(directory, options.accept) {
  inputs_.check(plugin_hashes(), file_hashes());
  if (run.dataset)
    run.dataset->on_read([this](Split split, const Images& images) {
      spdlog::debug("read {} {} images of {}", images.size(), split == Split::train ? "train" : "test",
                    run_.dataset->name());
      inputs_.add(*run_.dataset, split, images);
      for (const std::string& note : images.notes)
        if (run_.said_notes->add(note)) spdlog::warn("{}: {}", run_.dataset->name(), note);
    });
  directory.begin();
  inputs_.begin();
  const auto text = read_file(directory.path() / environment_file);
  if (!directory.held_results() || (text && is_sealed(*text))) return;
  spdlog::warn("{} was missing or damaged: it is written again, as this machine is", environment_file);
  write_environment();
}

RunRecord::~RunRecord() {
  if (run_.dataset) run_.dataset->on_read({});
}

std::map<std::string, std::string> RunRecord::plugin_hashes() const {
  std::map<std::string, std::string> hashes;
  for (const NamedPlugin& plugin : run_.plugins)
    hashes[plugin.id()] = registry_.loaded_hash(plugin.kind, plugin.name);
  return hashes;
}

/// Files of one name are numbered in the order of their hashes, because their folders may be others tomorrow.
std::map<std::string, std::string> RunRecord::file_hashes() const {
  std::map<std::string, std::string> hashes;
  for (const auto& [plugin, files] : registry_.files_read()) {
    std::map<std::string, std::set<std::string>> by_name;
    for (const auto& [file, hash] : files) by_name[file.filename().string()].insert(hash);
    for (const auto& [name, all] : by_name) {
      int number = 0;
      for (const std::string& hash : all)
        hashes[fmt::format("{} {}{}", plugin, name, number++ == 0 ? "" : fmt::format(" ({})", number))] =
            hash;
    }
  }
  return hashes;
}

std::string RunRecord::images_sum(Split split) const {
  (void)run_.dataset->images(split);
  return inputs_.images_sum(*run_.dataset, split);
}

void RunRecord::write_environment() const {
  directory_.write(environment_file, environment(run_.plugins, registry_));
}

}  // namespace espalier::host
