#include "directory/run_inputs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "directory/run_files.h"
#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/files/read_file.h"
#include "files/sealed_json.h"
#include "files/sha256.h"

namespace espalier::host {
namespace {

constexpr const char* inputs_file = RunFiles::inputs;

std::string hash_of(const Dataset& dataset, const Images& images) {
  Sha256 sum;
  sum.add(to_string(images.shape));
  for (const std::string& name : dataset.class_names()) sum.add(fmt::format("{}:{}", name.size(), name));
  for (const std::uint16_t label : images.labels) {
    constexpr unsigned bits = 8;
    const char bytes[] = {static_cast<char>(label >> bits), static_cast<char>(label)};
    sum.add({bytes, sizeof bytes});
  }
  sum.add({reinterpret_cast<const char*>(images.pixels.data()), images.pixels.size()});
  return sum.digest();
}

/// What names them in the file.
std::string name_of(const Dataset& dataset, Split split) {
  return fmt::format("dataset/{} {}", dataset.name(), split == Split::train ? "train" : "test");
}

std::string differs(const std::string& what, const std::string& before, const std::string& now) {
  constexpr std::size_t enough = 12;  // to tell them apart; inputs.json has all digits
  return fmt::format("{} (SHA-256 {}… then, {}… now)", what, before.substr(0, enough), now.substr(0, enough));
}

}  // namespace

RunInputs::RunInputs(const RunDirectory& directory, std::vector<std::string> accepted)
    : directory_(directory), accepted_(std::move(accepted)) {
  if (std::ranges::find(accepted_, inputs_file) == accepted_.end()) read();
}

void RunInputs::read() try {
  const auto file = directory_.path() / inputs_file;
  const auto refuse = [&](const char* why) {
    throw Error(
        {.what = fmt::format("{} {}: it says which plugins and data this run began with", inputs_file, why),
         .where = file.string(),
         .remedy =
             fmt::format("put it back, or take what is there now for it with --accept {}", inputs_file)});
  };
  const auto text = read_file(file);
  if (!text) {
    if (directory_.held_results()) refuse("is gone");
    return;
  }
  if (!is_sealed(*text)) refuse("is damaged");
  const auto json = nlohmann::json::parse(*text);
  json.at("plugins").get_to(plugins_);
  json.at("files").get_to(files_);
  json.at("images").get_to(images_);
} catch (const nlohmann::json::exception& error) {
  throw Error({.what = fmt::format("{} cannot be read: {}", inputs_file, error.what()),
               .where = directory_.path().string()});
}

void RunInputs::begin() {
  begun_ = true;
  write();
}

void RunInputs::write() const {
  directory_.write(inputs_file, seal({{"plugins", plugins_}, {"files", files_}, {"images", images_}}));
}

/// A misspelt name would accept nothing, and say nothing.
void RunInputs::check_accepted(const std::map<std::string, std::string>& plugins) const {
  std::vector<std::string> names = {inputs_file};
  for (const auto& [name, hash] : plugins) names.push_back(name);
  for (const std::string& accepted : accepted_) {
    if (std::ranges::find(names, accepted) != names.end()) continue;
    throw UsageError({.what = fmt::format("no plugin of this run is \"{}\"", accepted),
                      .where = "--accept",
                      .expected = "one of " + join_names(names),
                      .nearest = nearest(accepted, names)});
  }
}

void RunInputs::check(const std::map<std::string, std::string>& plugins,
                      const std::map<std::string, std::string>& files) {
  check_accepted(plugins);
  const std::lock_guard lock(mutex_);
  std::vector<std::string> changed;
  std::vector<std::string> rebuilt;
  for (const auto& [name, hash] : plugins) {
    std::vector<std::string>& known = plugins_[name];
    if (std::ranges::find(known, hash) != known.end()) continue;
    const bool accepted = known.empty() || std::ranges::find(accepted_, name) != accepted_.end();
    if (!accepted) {
      changed.push_back(differs(fmt::format("the plugin {}", name), known.back(), hash));
      rebuilt.push_back("--accept " + name);
    } else {
      known.push_back(hash);
    }
  }
  bool others = false;
  for (const auto& [name, hash] : files) {
    const auto [known, is_new] = files_.try_emplace(name, hash);
    if (is_new || known->second == hash) continue;
    changed.push_back(differs(name, known->second, hash));
    others = true;
  }
  if (changed.empty()) return;
  throw UsageError(
      {.what = fmt::format("this run began with something else: {}", fmt::join(changed, ", ")),
       .where = directory_.path().string(),
       .expected = "the plugins and files that its finished results come from",
       .remedy = fmt::format(
           "put them back, or name another directory with --out{}",
           others ? "" : fmt::format("; to go on with the new build: {}", fmt::join(rebuilt, " ")))});
}

void RunInputs::add(const Dataset& dataset, Split split, const Images& images) {
  const std::string hash = hash_of(dataset, images);
  const std::string name = name_of(dataset, split);
  const std::lock_guard lock(mutex_);
  const auto [known, is_new] = images_.try_emplace(name, hash);
  if (known->second != hash)
    throw UsageError({.what = fmt::format("this run began with other images or labels: {}",
                                          differs(name, known->second, hash)),
                      .where = directory_.path().string(),
                      .expected = "the images that its finished results come from",
                      .remedy = "put them back, or name another directory with --out"});
  if (!is_new || !begun_) return;
  try {
    write();
  } catch (...) {
    images_.erase(name);  // the next one that reads them writes them
    throw;
  }
}

std::string RunInputs::images_sum(const Dataset& dataset, Split split) const {
  const std::lock_guard lock(mutex_);
  const auto known = images_.find(name_of(dataset, split));
  return known == images_.end() ? "" : known->second;
}

std::map<std::string, std::vector<std::string>> RunInputs::rebuilt() const {
  std::map<std::string, std::vector<std::string>> all;
  for (const auto& [name, hashes] : plugins_)
    if (hashes.size() > 1) all[name] = hashes;
  return all;
}

}  // namespace espalier::host
