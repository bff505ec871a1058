#include "directory/run_inputs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"
#include "files/sealed_json.h"
#include "files/sha256.h"

namespace espalier::host {
namespace {

constexpr const char* inputs_file = "inputs.json";

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

std::string differs(const std::string& what, const std::string& before, const std::string& now) {
  return fmt::format("{} (SHA-256 {} then, {} now)", what, before, now);
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

void RunInputs::write() const {
  directory_.write(inputs_file, seal({{"plugins", plugins_}, {"files", files_}, {"images", images_}}));
}

void RunInputs::check(const std::map<std::string, std::string>& plugins,
                      const std::map<std::string, std::string>& files) {
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
  const std::string name =
      fmt::format("dataset/{} {}", dataset.name(), split == Split::train ? "train" : "test");
  const std::lock_guard lock(mutex_);
  const auto [known, is_new] = images_.try_emplace(name, hash);
  if (known->second != hash)
    throw UsageError({.what = fmt::format("this run began with other images or labels: {}",
                                          differs(name, known->second, hash)),
                      .where = directory_.path().string(),
                      .expected = "the images that its finished results come from",
                      .remedy = "put them back, or name another directory with --out"});
  if (is_new) write();
}

std::map<std::string, std::vector<std::string>> RunInputs::rebuilt() const {
  std::map<std::string, std::vector<std::string>> all;
  for (const auto& [name, hashes] : plugins_)
    if (hashes.size() > 1) all[name] = hashes;
  return all;
}

}  // namespace espalier::host
