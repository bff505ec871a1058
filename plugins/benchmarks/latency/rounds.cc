#include "rounds.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "espalier/errors/errors.h"

namespace {

constexpr std::size_t kRounds = 3;
constexpr std::size_t kGroup = 16;  // networks

}  // namespace

Rounds::Rounds(std::size_t count, MakeNetwork network, Effort effort)
    : network_(std::move(network)), effort_(effort), times_(count) {}

std::size_t Rounds::groups() const { return (times_.size() + kGroup - 1) / kGroup; }

std::size_t Rounds::steps() const { return kRounds * groups(); }

void Rounds::step(Engine& engine) {
  const std::size_t round = done_ / groups();
  const std::size_t begin = done_ % groups() * kGroup;
  const std::size_t end = std::min(begin + kGroup, times_.size());
  std::vector<std::unique_ptr<Engine::Loaded>> loaded;
  loaded.reserve(end - begin);
  for (std::size_t i = begin; i < end; ++i) {
    loaded.push_back(engine.load(network_(i)));
    for (std::size_t run = 0; run < effort_.warm_up; ++run) loaded.back()->run();
  }
  const std::size_t share =
      effort_.repetitions * (round + 1) / kRounds - effort_.repetitions * round / kRounds;
  for (std::size_t repetition = 0; repetition < share; ++repetition) {
    for (std::size_t i = begin; i < end; ++i) {
      loaded[i - begin]->run();
      times_[i].push_back(loaded[i - begin]->run());
    }
  }
  ++done_;
}

nlohmann::json Rounds::state() const { return {{"done", done_}, {"times", times_}}; }

void Rounds::restore(const nlohmann::json& state) try {
  auto times = state.at("times").get<std::vector<std::vector<double>>>();
  const auto done = state.at("done").get<std::size_t>();
  if (times.size() != times_.size() || done > steps())
    throw espalier::Error({.what = "the measurements are those of other networks"});
  times_ = std::move(times);
  done_ = done;
} catch (const nlohmann::json::exception& error) {
  throw espalier::Error({.what = std::string("the measurements are damaged: ") + error.what()});
}

std::vector<Reading> Rounds::readings() const {
  std::vector<Reading> all;
  all.reserve(times_.size());
  for (const std::vector<double>& times : times_) all.push_back(reading_of(times));
  return all;
}
