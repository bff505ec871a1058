#include "run/job.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>

#include "directory/finished_job.h"
#include "directory/job_files.h"
#include "directory/job_journal.h"
#include "espalier/errors/errors.h"
#include "espalier/search/interrupted.h"
#include "files/atomic_file.h"
#include "run/named_error.h"
#include "run/progress.h"
#include "run/stop_requests.h"

namespace espalier::host {
namespace {

/// Hands the jobs out to workers and keeps the first error.
class Queue {
 public:
  Queue(const std::vector<const Job*>& jobs, const JobOptions& options)
      : jobs_(jobs),
        options_(options),
        progress_(jobs.size(), options.unit, options.objective, options.quiet) {}

  void work() {
    while (!failed_ && !options_.stop_requested()) {
      const std::size_t index = next_++;
      if (index >= jobs_.size()) return;
      try {
        run(*jobs_[index]);
        ++finished_;
      } catch (const Interrupted&) {
        return;
      } catch (...) {
        keep_error(*jobs_[index]);
        return;
      }
    }
  }

  void throw_if_unfinished() const {
    if (error_) rethrow_named(error_, "the " + culprit_->what);
    if (finished_ == jobs_.size()) return;
    throw_stopped(
        fmt::format("stopped with {} of {} {} to go", jobs_.size() - finished_, jobs_.size(), options_.unit),
        options_.directory);
  }

 private:
  void run(const Job& job) {
    spdlog::debug("the {} begins, in {}", job.what, job.folder.string());
    const auto begin = std::chrono::steady_clock::now();
    JobJournal journal(job, options_, progress_);
    OrderedJson result;
    try {
      result = job.work(journal);
    } catch (...) {
      journal.rethrow();
    }
    journal.finish(result);
    if (job.finished) job.finished(job, journal, result);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    spdlog::debug("the {} ended after {:.3f} s", job.what, took.count());
  }

  void keep_error(const Job& job) {
    const std::lock_guard lock(mutex_);
    failed_ = true;
    if (error_) return;
    error_ = std::current_exception();
    culprit_ = &job;
  }

  const std::vector<const Job*>& jobs_;
  const JobOptions& options_;
  Progress progress_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> finished_ = 0;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  std::exception_ptr error_;
  const Job* culprit_ = nullptr;
};

}  // namespace

std::size_t worker_count(std::size_t asked, bool one_uses_all_cores) {
  if (asked > 0) return asked;
  return one_uses_all_cores ? 1 : std::max(1U, std::thread::hardware_concurrency());
}

void run_jobs(const std::vector<Job>& jobs, const JobOptions& options) {
  std::vector<const Job*> left;
  std::size_t outgrown = 0;
  for (const Job& job : jobs) {
    const JobState state = check_folder(job);
    if (state == JobState::finished)
      remove_file(job.folder / JobFiles::checkpoint);  // what a kill left that came right after the result
    else
      left.push_back(&job);
    outgrown += state == JobState::outgrown ? 1 : 0;
  }
  const std::size_t finished = jobs.size() - left.size();
  if (finished > 0 && !options.quiet)
    spdlog::info("{} of {} {} are finished already", finished, jobs.size(), options.unit);
  if (outgrown > 0 && !options.quiet)
    spdlog::info("{} {} go on or begin anew, because this run is larger than the one before", outgrown,
                 options.unit);
  if (left.empty()) return;
  options.before_first();
  if (!options.notice.empty() && !options.quiet) spdlog::info("{}", options.notice);
  spdlog::debug("{} of {} {} to do, up to {} at once", left.size(), jobs.size(), options.unit,
                std::min(options.workers, left.size()));
  Queue queue(left, options);
  {
    std::vector<std::jthread> others;  // this thread is a worker, too
    const std::size_t wanted = std::min(options.workers, left.size());
    try {
      while (others.size() + 1 < wanted) others.emplace_back([&queue] { queue.work(); });
    } catch (const std::system_error& error) {
      spdlog::warn("{} of {} {} run at once: the system grants no more threads ({})", others.size() + 1,
                   wanted, options.unit, error.code().message());
    }
    queue.work();
  }
  queue.throw_if_unfinished();
}

}  // namespace espalier::host
