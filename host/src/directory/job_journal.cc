#include "directory/job_journal.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "directory/finished_job.h"
#include "directory/job_files.h"
#include "files/atomic_file.h"
#include "files/hashed_file.h"
#include "files/sha256.h"
#include "run/progress.h"

namespace espalier::host {
namespace {

// The counters are shared by all threads: every so many events, or after so many seconds.
constexpr std::uint64_t report_every = 256;
constexpr double report_after = 0.1;

std::string dump(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

JobJournal::JobJournal(const Job& job, const JobOptions& options, Progress& progress)
    : job_(job), options_(options), progress_(progress), events_(job.folder / JobFiles::events) {
  make_directories(job_.folder);
  const auto outgrown = job_.folder / JobFiles::result;
  if (!is_there(outgrown)) return;
  remove_file(outgrown);  // before what it stands on is written over
  sync_directory(job_.folder);
}

template <class Event>
double JobJournal::append(const Event& event) {
  const std::string line = dump(to_line(event));
  if (spdlog::should_log(spdlog::level::trace)) spdlog::trace("{}: {}", job_.what, line);
  events_.add(line);
  just_restored_ = false;
  curve_.add(event);
  return timing_.event(events_.count());
}
template double JobJournal::append(const EpochEvent&);

void JobJournal::event(const TrialEvent& event) {
  const double seconds = append(event);
  best_ = event.best;
  if (++unreported_ < report_every && seconds - reported_at_ < report_after) return;
  report_trials();
  reported_at_ = seconds;
}

bool JobJournal::checkpoint_due() {
  return std::chrono::steady_clock::now() - last_checkpoint_ >= options_.checkpoint_interval;
}

void JobJournal::checkpoint(const nlohmann::json& state) {
  write_timing();
  write(JobFiles::checkpoint, state, Durability::disk);
  last_checkpoint_ = std::chrono::steady_clock::now();
  spdlog::debug("the {} keeps a checkpoint after {} events", job_.what, events_.count());
}

void JobJournal::keep_for_growth(const nlohmann::json& state) {
  // The result does not stand on it: where a power failure takes it, a larger search starts over.
  if (job_.grows) write(JobFiles::growth, state, Durability::process);
  kept_for_growth_ = true;
}

void JobJournal::write(const char* file, const nlohmann::json& state, Durability durability) {
  just_restored_ = false;
  // The events first: a kill between the two leaves events beyond the checkpoint, which restore() cuts off.
  write_checkpoint(job_.folder / file,
                   {.identity = job_.identity,
                    .subject = job_.subject,
                    .kept_for_growth = kept_for_growth_,
                    .events = events_.flush(durability),
                    .state = state},
                   durability);
}

void JobJournal::write_timing() {
  timing_.end(events_.count());
  write_file(job_.folder / JobFiles::timing, timing_.to_csv(), Durability::process);
}

void JobJournal::report_trials() {
  if (unreported_ > 0) progress_.add_trials(std::exchange(unreported_, 0), best_);
}

void JobJournal::progress(std::uint64_t done, std::uint64_t total, std::string_view status) {
  if (!status.empty()) progress_.set_status(job_.what, std::string(status));
  if (status.empty() && unreported_ == 0) progress_.set_trials(done, total);
  const double fraction = total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 0.0;
  constexpr double worth_telling = 0.001;
  if (fraction - fraction_ < worth_telling) return;
  progress_.add_fraction(fraction - std::exchange(fraction_, fraction));
}

void JobJournal::keep_weights(std::string_view bytes) { keep(JobFiles::weights, bytes); }

void JobJournal::keep(const char* name, std::string_view bytes, Durability durability) {
  just_restored_ = false;
  write_file(job_.folder / name, bytes, durability);
  sums_[name] = sha256_of(bytes);
}

void JobJournal::take_over(std::string_view events, std::string_view timing) {
  remove_file(job_.folder / JobFiles::checkpoint);  // its events are about to be written over
  for (std::size_t begin = 0; begin < events.size();) {
    const std::size_t end = std::min(events.find('\n', begin), events.size());
    const std::string_view line = events.substr(begin, end - begin);
    events_.add(line);
    if (job_.has_curve) curve_.add_line(nlohmann::json::parse(line));
    begin = end + 1;
  }
  timing_.restore(timing, events_.count());
}

void JobJournal::finish(const OrderedJson& result) {
  // After a power failure a result without its curve is possible: it is drawn again.
  if (job_.has_curve) keep(JobFiles::curve, curve_.to_csv(), Durability::process);
  write_timing();
  sums_[JobFiles::events] = events_.flush(Durability::disk).sha256;
  for (const char* name : JobFiles::of_a_result)  // those that an earlier process kept
    if (const auto file = job_.folder / name; !sums_.contains(name) && is_there(file))
      sums_[name] = HashedFile(file).sha256();
  write_file(job_.folder / JobFiles::result, to_result_text(job_, result, sums_));
  remove_file(job_.folder / JobFiles::checkpoint);
  report_trials();
  progress_.add_fraction(1.0 - std::exchange(fraction_, 1.0));
  progress_.job_finished();
}

}  // namespace espalier::host
