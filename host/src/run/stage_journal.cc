#include "run/stage_journal.h"

#include <fmt/format.h>

#include <utility>

#include "espalier/errors/errors.h"

namespace espalier::host {
namespace {

using nlohmann::json;

void add_cost(SearchResult& sum, const SearchResult& stage) {
  sum.trials += stage.trials;
  sum.epochs += stage.epochs;
  sum.refused += stage.refused;
  sum.seconds += stage.seconds;
}

}  // namespace

StageJournal::StageJournal(Journal& journal, std::size_t stages) try : journal_(journal), stages_(stages) {
  std::optional<json> state = journal_.restore();
  if (!state) return;
  state->at("stage").get_to(stage_);
  if (stage_ >= stages) throw Error({.what = "the checkpoint is damaged: there is no such stage"});
  passed_ = std::move(state->at("passed"));
  const json& before = state->at("before");
  before.at("trials").get_to(before_.trials);
  before.at("epochs").get_to(before_.epochs);
  before.at("refused").get_to(before_.refused);
  before.at("seconds").get_to(before_.seconds);
  if (json& search = state->at("search"); !search.is_null()) state_ = std::move(search);
} catch (const json::exception& error) {
  throw Error({.what = fmt::format("the checkpoint is damaged: {}", error.what())});
}

void StageJournal::next_stage(const SearchResult& found, json passed) {
  add_cost(before_, found);
  passed_ = std::move(passed);
  ++stage_;
  checkpoint(nullptr);
}

SearchResult StageJournal::whole(SearchResult last) const {
  add_cost(last, before_);
  return last;
}

void StageJournal::event(const TrialEvent& event) {
  TrialEvent numbered = event;
  numbered.trial += before_.trials;
  numbered.more["stage"] = stage_ + 1;
  journal_.event(numbered);
}

void StageJournal::event(const EpochEvent& event) {
  EpochEvent numbered = event;
  numbered.epoch += before_.epochs;
  numbered.more["stage"] = stage_ + 1;
  journal_.event(numbered);
}

void StageJournal::checkpoint(const json& state) {
  journal_.checkpoint({{"stage", stage_},
                       {"passed", passed_},
                       {"before",
                        {{"trials", before_.trials},
                         {"epochs", before_.epochs},
                         {"refused", before_.refused},
                         {"seconds", before_.seconds}}},
                       {"search", state}});
}

std::optional<json> StageJournal::restore() { return std::exchange(state_, std::nullopt); }

void StageJournal::progress(std::uint64_t done, std::uint64_t total, std::string_view status) {
  journal_.progress(stage_ * total + done, stages_ * total,
                    status.empty() ? "" : fmt::format("stage {} of {}, {}", stage_ + 1, stages_, status));
}

}  // namespace espalier::host
