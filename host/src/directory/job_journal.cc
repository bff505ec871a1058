#include "directory/job_journal.h"

#include <fmt/format.h>

#include <utility>

#include "directory/checkpoint.h"
#include "directory/job_files.h"
#include "files/atomic_file.h"
#include "run/progress.h"

namespace espalier::host {
namespace {

constexpr std::uint64_t report_every = 64;  // events; the counters are shared by all threads

std::string dump(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

JobJournal::JobJournal(const Job& job, const JobOptions& options, Progress& progress)
    : job_(job), options_(options), progress_(progress) {
  make_directories(job_.folder);
}

template <class Event>
void JobJournal::append(const Event& event) {
  events_ += dump(to_line(event));
  events_ += '\n';
  ++event_count_;
  just_restored_ = false;
  curve_.add(event);
  timing_.event(event_count_);
  if (++unreported_ >= report_every) report_trials();
}
template void JobJournal::append(const TrialEvent&);
template void JobJournal::append(const EpochEvent&);

bool JobJournal::checkpoint_due() {
  return std::chrono::steady_clock::now() - last_checkpoint_ >= options_.checkpoint_interval;
}

void JobJournal::checkpoint(const nlohmann::json& state) {
  // In this order a kill between the two leaves events beyond the checkpoint, which restore() cuts off.
  write_events(Durability::disk);
  write_checkpoint(job_.folder,
                   {.label = job_.label, .seed = job_.seed, .events = event_count_, .state = state});
  last_checkpoint_ = std::chrono::steady_clock::now();
}

void JobJournal::write_events(Durability durability) {
  timing_.end(event_count_);
  write_file(job_.folder / JobFiles::timing, timing_.to_csv(), Durability::process);
  write_file(job_.folder / JobFiles::events, events_, durability);
}

void JobJournal::report_trials() { progress_.add_trials(std::exchange(unreported_, 0)); }

void JobJournal::progress(std::uint64_t done, std::uint64_t total, std::string_view status) {
  if (!status.empty()) progress_.set_status(fmt::format("{}: {}", job_.what, status));
  const double fraction = total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 0.0;
  constexpr double worth_telling = 0.01;
  if (fraction - fraction_ < worth_telling) return;
  progress_.add_fraction(fraction - std::exchange(fraction_, fraction));
}

void JobJournal::keep_weights(std::string_view bytes) { write_file(job_.folder / JobFiles::weights, bytes); }

void JobJournal::finish(const std::string& result) {
  // One flush a job: after a power failure a result without its curve is possible, and refused.
  if (job_.has_curve) write_file(job_.folder / JobFiles::curve, curve_.to_csv(), Durability::process);
  write_events(Durability::process);
  write_file(job_.folder / JobFiles::result, result);
  remove_checkpoint(job_.folder);
  report_trials();
  progress_.add_fraction(1.0 - std::exchange(fraction_, 1.0));
  progress_.job_finished();
}

}  // namespace espalier::host
