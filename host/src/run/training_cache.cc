#include "run/training_cache.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <map>
#include <utility>

#include "directory/job_files.h"
#include "directory/job_journal.h"
#include "directory/network_description.h"
#include "espalier/files/read_file.h"
#include "espalier/search/repeats_trainings.h"
#include "files/hashed_file.h"
#include "files/sha256.h"
#include "plugins/loaded_libraries.h"
#include "run/machine.h"
#include "run/training_key.h"

namespace espalier::host {
namespace {

using Hashes = std::map<std::string, std::string>;

/// What training learns from a dataset beside its images.
OrderedJson facts_of(const Dataset& dataset) {
  OrderedJson facts = input_to_json(dataset);
  facts["classes"] = class_names(dataset);
  facts["may_be_mirrored"] = dataset.may_be_mirrored();
  return facts;
}

/// The seconds of the last row of a timing.csv.
std::string seconds_in(const std::string& timing) {
  const std::size_t comma = timing.rfind(',');
  if (comma == timing.npos) return "an unknown number of";
  const std::size_t end = std::min(timing.find('\n', comma), timing.size());
  return timing.substr(comma + 1, end - comma - 1);
}

}  // namespace

TrainingCache::TrainingCache(std::optional<CacheFolder> folder, const PreparedRun& run,
                             const RunRecord& record, bool quiet)
    : folder_(std::move(folder)), run_(run), record_(record), quiet_(quiet) {}

Job TrainingCache::reusing(Job job, const Recipe<Trainer>& trainer, const std::string& architecture,
                           std::uint64_t seed) {
  if (!folder_) return job;
  // What the job finds out when it begins and needs when it ends; nothing where it is not to be kept.
  const auto key = std::make_shared<std::optional<CacheKey>>();
  job.work = [this, key, &trainer, architecture, seed, what = job.what,
              train = std::move(job.work)](JobJournal& journal) {
    *key = key_of(trainer, architecture, seed);
    if (!*key) return train(journal);
    if (auto result = reuse(**key, what, journal)) {
      key->reset();
      return *std::move(result);
    }
    return train(journal);
  };
  job.finished = [this, key, &trainer, architecture, seed](const Job& done, const JobJournal& journal,
                                                           const OrderedJson& result) {
    if (!*key || journal.was_restored()) return;
    try {
      const auto now = key_of(trainer, architecture, seed);
      if (now && now->text() == (*key)->text() && inputs_are_unchanged(trainer))
        keep(**key, done, journal, result);
    } catch (const std::exception& error) {
      // The result is there, and nothing of the cache is worth the run.
      spdlog::warn("the {} is not kept in the cache: {}", done.what, error.what());
    }
  };
  return job;
}

std::optional<CacheKey> TrainingCache::key_of(const Recipe<Trainer>& trainer, const std::string& architecture,
                                              std::uint64_t seed) {
  auto dependencies = training_dependencies(*trainer.make_another());
  if (!dependencies) {
    std::call_once(said_, [&] {
      if (quiet_) return;
      spdlog::info(
          "no training is reused or kept in the cache: the trainer \"{}\" does not promise that a training "
          "under these options would be the same again on this machine",
          trainer.component().name);
    });
    return std::nullopt;
  }
  TrainingKey key{.version = ESPALIER_VERSION,
                  .search_space = *run_.resolved.find("search_space"),
                  .architecture = architecture,
                  .trainer = trainer.component().name,
                  .options = trainer.resolved_options(),
                  .dataset = facts_of(*run_.dataset),
                  .train_images = record_.images_sum(Split::train),
                  .test_images = record_.images_sum(Split::test),
                  .plugins = {},
                  .files = {},
                  .libraries = loaded_libraries(),
                  .machine = machine_arithmetic(),
                  .dependencies = *std::move(dependencies),
                  .seed = seed};
  const Hashes plugins = record_.plugin_hashes();
  const Hashes files = record_.file_hashes();
  for (const std::string& plugin : plugins_of(trainer)) {
    key.plugins[plugin] = plugins.at(plugin);
    for (const auto& [name, hash] : files)
      if (name.starts_with(plugin + " ")) key.files[name] = hash;
  }
  return cache_key(key);
}

/// By "KIND/NAME".
std::vector<std::string> TrainingCache::plugins_of(const Recipe<Trainer>& trainer) const {
  std::vector<std::string> names;
  const auto add = [&](const std::vector<NamedPlugin>& plugins) {
    for (const auto& [kind, name] : plugins) names.push_back(fmt::format("{}/{}", kind, name));
  };
  add(run_.space_and_dataset);
  add(trainer.plugins());
  return names;
}

std::optional<OrderedJson> TrainingCache::reuse(const CacheKey& key, const std::string& what,
                                                JobJournal& journal) const {
  std::optional<CachedTraining> training = folder_->find(key);
  if (!training) return std::nullopt;
  const std::string& timing = training->files[JobFiles::timing];
  if (!quiet_)
    spdlog::info("the {} is reused from {}; timing.csv has the {} seconds of the training that ran", what,
                 folder_->entry(key).string(), seconds_in(timing));
  journal.take_over(training->files[JobFiles::events], timing);
  for (const auto& [name, content] : training->files)
    if (name != JobFiles::events && name != JobFiles::timing) journal.keep(name.c_str(), content);
  return std::move(training->result);
}

/// Whether nothing that the training read has another content than its key says.
bool TrainingCache::inputs_are_unchanged(const Recipe<Trainer>& trainer) const {
  const auto files = run_.registry->files_read();
  for (const std::string& plugin : plugins_of(trainer)) {
    const auto read = files.find(plugin);
    if (read == files.end()) continue;
    for (const auto& [file, hash] : read->second)
      if (HashedFile(file).sha256() != hash) return false;
  }
  const auto rebuilt = record_.rebuilt();
  return std::ranges::none_of(plugins_of(trainer),
                              [&](const std::string& plugin) { return rebuilt.contains(plugin); });
}

void TrainingCache::keep(const CacheKey& key, const Job& job, const JobJournal& journal,
                         const OrderedJson& result) const {
  CachedTraining training{.result = result, .files = {}};
  for (const auto& [name, sum] : journal.sums()) {
    auto content = read_file(job.folder / name);
    if (!content || sha256_of(*content) != sum) return;  // whoever changed it meanwhile is told at the next start
    training.files.emplace(name, *std::move(content));
  }
  training.files.emplace(JobFiles::timing, read_file(job.folder / JobFiles::timing).value_or(""));
  folder_->keep(key, training);
}

}  // namespace espalier::host
