#include "run/training_cache.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>

#include "directory/job_files.h"
#include "directory/job_journal.h"
#include "espalier/files/read_file.h"
#include "espalier/search/repeats_trainings.h"
#include "files/sha256.h"
#include "run/training_key.h"

namespace espalier::host {
namespace {

/// The seconds of the last row of a timing.csv.
std::string seconds_in(const std::string& timing) {
  const std::size_t comma = timing.rfind(',');
  if (comma == timing.npos) return "an unknown number of";
  const std::size_t end = std::min(timing.find('\n', comma), timing.size());
  return timing.substr(comma + 1, end - comma - 1);
}

}  // namespace

TrainingCache::TrainingCache(const CacheFolder* folder, const PreparedRun& run, const RunRecord& record,
                             bool quiet)
    : folder_(folder), run_(run), record_(record), quiet_(quiet) {}

Job TrainingCache::reusing(Job job, const Recipe<Trainer>& trainer, const std::string& architecture,
                           std::uint64_t seed) {
  if (folder_ == nullptr) return job;
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
      if (now && now->text() == (*key)->text() && inputs_are_unchanged(run_, record_, trainer.plugins()))
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
  const std::string& name = trainer.component().name;
  if (!dependencies) {
    std::call_once(said_, [&] {
      if (quiet_) return;
      spdlog::info(
          "no training is reused or kept in the cache: the trainer \"{}\" does not promise that a training "
          "under these options would be the same again on this machine",
          name);
    });
    return std::nullopt;
  }
  TrainingKey key = key_of_run(run_, record_, trainer.plugins());
  key.what = "training from scratch";
  key.architecture = architecture;
  key.plugin = NamedPlugin{plugin_kind<Trainer>, name}.id();
  key.options = trainer.resolved_options();
  key.dependencies = *std::move(dependencies);
  key.seed = seed;
  return cache_key(key);
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

void TrainingCache::keep(const CacheKey& key, const Job& job, const JobJournal& journal,
                         const OrderedJson& result) const {
  CachedTraining training{.result = result, .files = {}};
  for (const auto& [name, sum] : journal.sums()) {
    auto content = read_file(job.folder / name);
    // Whoever has changed it meanwhile is told so at the next start.
    if (!content || sha256_of(*content) != sum) return;
    training.files.emplace(name, *std::move(content));
  }
  training.files.emplace(JobFiles::timing, read_file(job.folder / JobFiles::timing).value_or(""));
  folder_->keep(key, training);
}

}  // namespace espalier::host
