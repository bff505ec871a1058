#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

#include "espalier/plugin/export.h"
#include "espalier/search/events.h"

namespace espalier {

/// Where a search or a training writes what happens and what it needs to continue after a kill. The host
/// implements it on a run directory; NullJournal keeps nothing. All functions are [one-thread].
class ESPALIER_EXPORT Journal {
 public:
  virtual ~Journal();

  /// Adds a line to events.jsonl.
  virtual void event(const TrialEvent& event) = 0;
  virtual void event(const EpochEvent& event) = 0;

  /// Whether some seconds have passed since the last checkpoint. Ask between steps.
  virtual bool checkpoint_due() = 0;
  /// Keeps `state` together with all events so far, whole or not at all.
  virtual void checkpoint(const nlohmann::json& state) = 0;
  /// Keeps `state` together with all events so far as that from which a search with a larger budget continues
  /// (Trainer::growing_options()), beyond the end of this one. Call it at most once: where the search has
  /// asked for its last trial, and nothing that it did yet depends on that. Does nothing unless a journal
  /// overrides it.
  virtual void keep_for_growth(const nlohmann::json& /*state*/) {}
  /// The last checkpoint of an earlier run that was interrupted, or the state that was kept for growth where
  /// the budget has grown since; the events it kept are kept.
  virtual std::optional<nlohmann::json> restore() = 0;

  /// Keeps the weights of a trained network, the bytes of a file, whole or not at all.
  virtual void keep_weights(std::string_view bytes) = 0;

  /// Tells how far the work is, and what a person may like to read beside it ("epoch 3 of 50, …").
  virtual void progress(std::uint64_t done, std::uint64_t total, std::string_view status = {}) = 0;
  /// True after Ctrl-C: write a checkpoint, then throw Interrupted.
  virtual bool stop_requested() const = 0;
};

/// Keeps nothing, and never asks to stop.
class ESPALIER_EXPORT NullJournal final : public Journal {
 public:
  void event(const TrialEvent&) override {}
  void event(const EpochEvent&) override {}
  bool checkpoint_due() override { return false; }
  void checkpoint(const nlohmann::json&) override {}
  std::optional<nlohmann::json> restore() override;
  void keep_weights(std::string_view) override {}
  void progress(std::uint64_t, std::uint64_t, std::string_view) override {}
  bool stop_requested() const override { return false; }
};

}  // namespace espalier
