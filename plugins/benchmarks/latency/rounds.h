#pragma once

#include <cstddef>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "engine.h"
#include "reading.h"

/// How often each network is timed.
struct Effort {
  std::size_t warm_up = 3;       ///< runs that are not timed, after a network was loaded
  std::size_t repetitions = 15;  ///< timed runs, kLeastRepetitions or more
};

/// Times many networks in rounds, so that a machine that becomes slower or faster does so for all alike.
///
/// All networks are gone over several times, each time with a share of the repetitions. Each time they are
/// loaded in groups, so that memory suffices, and the networks of a group take turns: each repetition is a
/// run that brings the network's weights into the caches, and a timed one.
class Rounds {
 public:
  using MakeNetwork = std::function<espalier::LayerGraph(std::size_t index)>;

  /// `network` makes the network of an index below `count` whenever it is loaded.
  Rounds(std::size_t count, MakeNetwork network, Effort effort);

  std::size_t steps() const;
  std::size_t done() const { return done_; }
  bool finished() const { return done_ == steps(); }
  /// Times one group in one round.
  void step(Engine& engine);
  /// The times so far.
  nlohmann::json state() const;
  /// Continues from what state() returned. Throws Error when it is not of these rounds.
  void restore(const nlohmann::json& state);
  /// Of each network, once all steps are done.
  std::vector<Reading> readings() const;

 private:
  std::size_t groups() const;

  MakeNetwork network_;
  Effort effort_;
  std::size_t done_ = 0;
  std::vector<std::vector<double>> times_;  ///< by network
};
