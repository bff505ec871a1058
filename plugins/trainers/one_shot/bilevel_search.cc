#include "bilevel_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "espalier/errors/errors.h"
#include "espalier/search/interrupted.h"

using namespace espalier;
using nlohmann::json;

namespace {

/// Both parts are training images, so the batches of steps are augmented in both.
LoaderOptions loader(const SearchOptions& options, const CompileOptions& compile, std::uint64_t seed) {
  LoaderOptions loader = LoaderOptions::from(compile);
  loader.batch_size = options.training.sgd.batch_size;
  loader.augmentation = options.augmentation;
  loader.seed = seed;
  loader.drop_last = true;
  return loader;
}

}  // namespace

BilevelSearch::BilevelSearch(const SearchOptions& options, const CompileOptions& compile,
                             OneShotOptimizer& optimizer, const Resources& resources, Journal& journal)
    : options_(options),
      optimizer_(optimizer),
      resources_(resources),
      journal_(journal),
      images_(options.images.divide(*resources.dataset, optimizer.seed())),
      train_(images_.train, loader(options, compile, Rng(optimizer.seed(), "train batches")())),
      validation_(images_.validation,
                  loader(options, compile, Rng(optimizer.seed(), "validation batches")())),
      search_images_(images_, loader(options, compile, optimizer.seed())),
      steps_(std::min(train_.batches(), validation_.batches())) {
  optimizer_.compile_supernet(compile, options.training);
  if (const auto state = journal_.restore()) restore(*state);
}

void BilevelSearch::run() {
  // An epoch that is under way ends, even after the optimizer wanted no further one.
  while (step_ > 0 || !was_last()) {
    optimizer_.begin_epoch(epoch_);
    if (step_ < steps_) run_epoch();
    while (optimizer_.end_epoch(search_images_)) report_part(fmt::format("after epoch {}", epoch_ + 1));
    ++epoch_;
    step_ = 0;
    parts_ = 0;
    if (!was_last()) report();
    journal_.checkpoint(state());
  }
  while (optimizer_.finish(search_images_)) report_part("after the last epoch");
  // The event of the last epoch tells what the search ends with.
  if (epoch_ > 0) report();
}

bool BilevelSearch::was_last() const {
  return epoch_ >= options_.training.sgd.epochs || optimizer_.has_ended();
}

void BilevelSearch::report() {
  journal_.event(report_epoch(epoch_, totals_, optimizer_, resources_));
  totals_ = {};
}

void BilevelSearch::pause(bool checkpoint_due) {
  const bool stop = journal_.stop_requested();
  if (stop || checkpoint_due) journal_.checkpoint(state());
  if (stop) throw Interrupted::after_checkpoint();
}

void BilevelSearch::run_epoch() {
  train_.begin_epoch(static_cast<std::uint64_t>(epoch_), step_);
  if (optimizer_.uses_validation()) validation_.begin_epoch(static_cast<std::uint64_t>(epoch_), step_);
  while (step_ < steps_) {
    const auto begin = std::chrono::steady_clock::now();
    const Batch train = train_.next();
    const Batch validation = optimizer_.uses_validation() ? validation_.next() : Batch();
    totals_.add(optimizer_.step(train, validation));
    ++step_;
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    const double speed = static_cast<double>(train.labels.numel() +
                                             (validation.labels.defined() ? validation.labels.numel() : 0)) /
                         took.count();
    images_per_second_ = images_per_second_ > 0.0 ? 0.9 * images_per_second_ + 0.1 * speed : speed;
    report_progress();

    pause(options_.checkpoint_steps > 0 && step_ % options_.checkpoint_steps == 0);
  }
}

void BilevelSearch::report_progress() {
  const auto epochs = static_cast<std::uint64_t>(options_.training.sgd.epochs);
  const EpochMeans means = totals_.means();
  journal_.progress(
      static_cast<std::uint64_t>(epoch_) * steps_ + step_, epochs * steps_,
      fmt::format("epoch {} of {}, step {} of {}, loss {:.3f}, accuracy {:.1f} %, {:.0f} images/s",
                  epoch_ + 1, epochs, step_, steps_, means.train_loss, means.train_accuracy,
                  images_per_second_));
}

void BilevelSearch::report_part(std::string_view when) {
  std::string status = fmt::format("{}, part {}", when, ++parts_);
  for (const auto& [name, value] : optimizer_.figures()) status += fmt::format(", {} {:.4g}", name, value);
  const auto epochs = static_cast<std::uint64_t>(options_.training.sgd.epochs);
  journal_.progress(static_cast<std::uint64_t>(epoch_) * steps_ + step_, epochs * steps_, status);
  pause(journal_.checkpoint_due());
}

json BilevelSearch::state() const {
  return {{"epoch", epoch_},
          {"step", step_},
          {"totals", totals_.save()},
          {"parts", parts_},
          {"optimizer", optimizer_.save()}};
}

void BilevelSearch::restore(const json& state) try {
  optimizer_.load(state.at("optimizer"));
  epoch_ = state.at("epoch").get<int>();
  step_ = state.at("step").get<std::uint64_t>();
  totals_.load(state.at("totals"));
  parts_ = state.at("parts").get<std::uint64_t>();
} catch (const json::exception& error) {
  throw Error({.what = fmt::format("the checkpoint is damaged: {}", error.what())});
}
