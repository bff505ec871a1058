#include "searches.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>

#include "espalier/benchmark.h"
#include "espalier/errors.h"
#include "espalier/optimizer.h"
#include "espalier/search_space.h"
#include "espalier/trainer.h"
#include "evaluations.h"
#include "progress.h"
#include "result_file.h"
#include "run_directory.h"
#include "seed_journal.h"

namespace espalier::host {
namespace {

SeedJournal::Search place_of(const Search& search, const SearchContext& context) {
  const std::string& label = search.optimizer->label;
  return {.folder = context.directory.search_folder(label, search.seed),
          .label = label,
          .what = fmt::format("{} seed {}", label, search.seed),
          .seed = search.seed,
          .checkpoint_interval = context.checkpoint_interval};
}

void run_search(const Search& search, const SearchContext& context, Progress& progress) {
  const Component& component = *search.optimizer;
  SeedJournal journal(place_of(search, context), progress, context.stop_requested);
  const auto optimizer = context.registry.optimizer(component.name, Config(component.options, "optimizer"));
  const auto trainer =
      context.registry.trainer(context.trainer.name, Config(context.trainer.options, "trainer"));
  optimizer->adapt(context.space, search.seed);
  const SearchResult result = trainer->search(*optimizer, context.resources, journal);
  journal.keep_curve();
  journal.finish(to_result_text({.seed = search.seed,
                                 .architecture = context.space.to_string(result.architecture),
                                 .validation = result.validation,
                                 .test = result.test,
                                 .evaluations = result.evaluations,
                                 .seconds = result.seconds,
                                 .trained = {}},
                                component.label));
}

void train_result(const Search& search, const SearchContext& context, Progress& progress) {
  SeedJournal::Search place = place_of(search, context);
  const auto result = read_result(place.folder / SearchFiles::result, place.label, search.seed);
  if (!result) throw Error({.what = "the result of the search is gone", .remedy = "run again"});
  place.folder /= SearchFiles::evaluation;
  place.what += " from scratch";
  run_evaluation(result->architecture, place,
                 {.trainer = *context.evaluate,
                  .space = context.space,
                  .dataset = *context.resources.dataset,
                  .registry = context.registry,
                  .stop_requested = context.stop_requested},
                 progress);
}

/// LibTorch's messages go on with a backtrace.
std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

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
    throw Error({.what = fmt::format("this failed: {}", first_line(failure.what())), .where = name});
  } catch (...) {
    throw Error({.what = "this failed with an unknown exception", .where = name});
  }
}

/// Hands the searches out and keeps the first error.
class Queue {
 public:
  Queue(const std::vector<Search>& searches, const SearchContext& context, Progress& progress)
      : searches_(searches), context_(context), progress_(progress) {}

  void work() {
    while (!failed_ && !context_.stop_requested()) {
      const std::size_t index = next_++;
      if (index >= searches_.size()) return;
      const Search& search = searches_[index];
      const char* stage = "search";
      try {
        if (!search.searched) run_search(search, context_, progress_);
        stage = "training from scratch";
        if (!search.trained) train_result(search, context_, progress_);
        ++finished_;
      } catch (const Interrupted&) {
        return;
      } catch (...) {
        keep_error(fmt::format("the {} of {} with seed {}", stage, search.optimizer->label, search.seed));
        return;
      }
    }
  }

  void throw_if_unfinished() const {
    if (error_) rethrow_with(culprit_, error_);
    if (finished_ == searches_.size()) return;
    throw Interrupted({.what = fmt::format("stopped with {} of {} searches to go",
                                           searches_.size() - finished_, searches_.size()),
                       .where = context_.directory.path().string(),
                       .remedy = "run the same command again to go on from here"});
  }

 private:
  void keep_error(const std::string& culprit) {
    const std::lock_guard lock(mutex_);
    failed_ = true;
    if (error_) return;
    error_ = std::current_exception();
    culprit_ = culprit;
  }

  const std::vector<Search>& searches_;
  const SearchContext& context_;
  Progress& progress_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> finished_ = 0;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  std::exception_ptr error_;
  std::string culprit_;
};

}  // namespace

void run_searches(const std::vector<Search>& searches, std::size_t jobs, const SearchContext& context,
                  Progress& progress) {
  Queue queue(searches, context, progress);
  {
    std::vector<std::jthread> others;  // this thread is a worker, too
    for (std::size_t i = 1; i < std::min(jobs, searches.size()); ++i)
      others.emplace_back([&queue] { queue.work(); });
    queue.work();
  }
  queue.throw_if_unfinished();
}

}  // namespace espalier::host
