#include "espalier/search/trainer.h"

#include "espalier/plugin/plugin_call.h"
#include "espalier/search/optimizer.h"
#include "espalier/space/search_space.h"
#include "plugin/plugin_answer.h"
#include "search/watched_journal.h"

namespace espalier {
namespace {

/// As call_plugin(); what the journal throws passes.
template <class Function>
auto call_trainer(const Trainer& trainer, std::string_view call, Journal& journal, const Function& function) {
  WatchedJournal watched(trainer, call, journal);
  try {
    const PluginCall entered(trainer.origin(), call);
    auto result = function(watched);
    watched.rethrow();
    return result;
  } catch (...) {
    if (watched.threw()) throw;
    rethrow_from_plugin(trainer.origin(), call);
  }
}

}  // namespace

Trainer::~Trainer() = default;

Budget Trainer::budget() const {
  return call_plugin(*this, "budget()", [&] { return budget_impl(); });
}

std::vector<std::string> Trainer::growing_options() const {
  return call_plugin(*this, "growing_options()", [&] { return growing_options_impl(); });
}

void Trainer::check(const Optimizer& optimizer, const Resources& resources) const {
  call_plugin(*this, "check()", [&] { check_impl(optimizer, resources); });
}

void Trainer::check_evaluation(const SearchSpace& space, const Dataset& dataset) const {
  call_plugin(*this, "check_evaluation()", [&] { check_evaluation_impl(space, dataset); });
}

void Trainer::check_selection() const {
  call_plugin(*this, "check_selection()", [&] { check_selection_impl(); });
}

SearchResult Trainer::search(Optimizer& optimizer, const Resources& resources, Journal& journal) {
  if (!optimizer.adapted()) {
    throw Error({.what = "the optimizer \"" + optimizer.name() + "\" has no search space to search",
                 .remedy = "call adapt() first"});
  }
  check(optimizer, resources);
  SearchResult result = call_trainer(*this, "search()", journal, [&](Journal& watched) {
    return search_impl(optimizer, resources, watched);
  });
  check_answer(*this, "search()", optimizer.space(), result.architecture);
  check_cost(*this, "search()", result.seconds);
  for (const double value : result.values) check_answer(*this, "search()", "value", value);
  if (result.report) check_answer(*this, "search()", "report", *result.report);
  return result;
}

SearchResult Trainer::search(Optimizer& optimizer, const Resources& resources) {
  NullJournal journal;
  return search(optimizer, resources, journal);
}

TrainingResult Trainer::evaluate(const SearchSpace& space, const Architecture& architecture,
                                 const Dataset& dataset, std::uint64_t seed, Journal& journal) {
  space.check(architecture);
  check_evaluation(space, dataset);
  TrainingResult result = call_trainer(*this, "evaluate()", journal, [&](Journal& watched) {
    return evaluate_impl(space, architecture, dataset, seed, watched);
  });
  check_answer(*this, "evaluate()", "test accuracy", result.test);
  check_answer(*this, "evaluate()", "test loss", result.test_loss);
  if (result.validation) check_answer(*this, "evaluate()", "validation accuracy", *result.validation);
  return result;
}

void Trainer::check_evaluation_impl(const SearchSpace& /*space*/, const Dataset& /*dataset*/) const {
  refuse_evaluation();
}

void Trainer::check_selection_impl() const {
  throw UsageError({.what = "the trainer \"" + name() + "\" gives no validation accuracy to select by",
                    .expected = "one that does, such as from_scratch with a train_fraction"});
}

SearchResult Trainer::search_impl(Optimizer& /*optimizer*/, const Resources& /*resources*/,
                                  Journal& /*journal*/) {
  throw UsageError({.what = "the trainer \"" + name() + "\" does not search"});
}

TrainingResult Trainer::evaluate_impl(const SearchSpace& /*space*/, const Architecture& /*architecture*/,
                                      const Dataset& /*dataset*/, std::uint64_t /*seed*/,
                                      Journal& /*journal*/) {
  refuse_evaluation();
}

void Trainer::refuse_evaluation() const {
  throw UsageError({.what = "the trainer \"" + name() + "\" does not train architectures from scratch",
                    .expected = "one that does, such as from_scratch"});
}

}  // namespace espalier
