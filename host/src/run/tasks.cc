#include "run/tasks.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "espalier/errors/errors.h"
#include "espalier/search/trainer.h"
#include "run/progress.h"

namespace espalier::host {
namespace {

/// The same error, saying what it ended.
[[noreturn]] void rethrow_with(const std::string& name, const std::exception_ptr& error) {
  const auto extended = [&name](ErrorDetails details) {
    details.where = details.where.empty() ? name : fmt::format("{} ({})", details.where, name);
    return details;
  };
  try {
    std::rethrow_exception(error);
  } catch (const UsageError& usage) {
    throw UsageError(extended(usage.details()));
  } catch (const Error& failure) {
    throw Error(extended(failure.details()));
  } catch (const std::exception& failure) {
    throw Error({.what = fmt::format("this failed: {}", failure.what()), .where = name});
  } catch (...) {
    throw Error({.what = "this failed with an unknown exception", .where = name});
  }
}

/// Hands the tasks out and keeps the first error.
class Queue {
 public:
  Queue(const std::vector<Task>& tasks, const TaskOptions& options)
      : tasks_(tasks), options_(options), progress_(tasks.size(), options.unit, options.quiet) {}

  void work() {
    while (!failed_ && !options_.stop_requested()) {
      const std::size_t index = next_++;
      if (index >= tasks_.size()) return;
      try {
        tasks_[index].run(progress_);
        ++finished_;
      } catch (const Interrupted&) {
        return;
      } catch (...) {
        keep_error(tasks_[index]);
        return;
      }
    }
  }

  void throw_if_unfinished() const {
    if (error_) rethrow_with(culprit_->name, error_);
    if (finished_ == tasks_.size()) return;
    throw Interrupted({.what = fmt::format("stopped with {} of {} {} to go", tasks_.size() - finished_,
                                           tasks_.size(), options_.unit),
                       .where = options_.where,
                       .remedy = "run the same command again to go on from here"});
  }

 private:
  void keep_error(const Task& task) {
    const std::lock_guard lock(mutex_);
    failed_ = true;
    if (error_) return;
    error_ = std::current_exception();
    culprit_ = &task;
  }

  const std::vector<Task>& tasks_;
  const TaskOptions& options_;
  Progress progress_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> finished_ = 0;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  std::exception_ptr error_;
  const Task* culprit_ = nullptr;
};

}  // namespace

std::size_t jobs_at_once(std::size_t asked, bool one_uses_all_cores) {
  if (asked > 0) return asked;
  return one_uses_all_cores ? 1 : std::max(1U, std::thread::hardware_concurrency());
}

void run_tasks(const std::vector<Task>& tasks, const TaskOptions& options) {
  if (tasks.empty()) return;
  Queue queue(tasks, options);
  {
    std::vector<std::jthread> others;  // this thread is a worker, too
    for (std::size_t i = 1; i < std::min(options.jobs, tasks.size()); ++i)
      others.emplace_back([&queue] { queue.work(); });
    queue.work();
  }
  queue.throw_if_unfinished();
}

}  // namespace espalier::host
