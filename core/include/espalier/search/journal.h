#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

#include "espalier/plugin/export.h"

namespace espalier {

/// Where a search or a training writes what happens and what it needs to go on after a kill. The host
/// implements it on a run directory; NullJournal keeps nothing.
class ESPALIER_EXPORT Journal {
 public:
  virtual ~Journal();

  /// One line of events.jsonl: an evaluation, an epoch.
  virtual void event(const nlohmann::json& line) = 0;

  /// Whether it is time for a checkpoint (some seconds after the last): ask between steps.
  virtual bool checkpoint_due() = 0;
  /// Keeps `state` together with all events so far, whole or not at all.
  virtual void checkpoint(const nlohmann::json& state) = 0;
  /// The last checkpoint of an earlier, interrupted run; the events that it kept are kept.
  virtual std::optional<nlohmann::json> restore() = 0;

  /// Keeps the weights of a trained network, the bytes of a file, whole or not at all.
  virtual void keep_weights(std::string_view bytes) = 0;

  /// How far the search is, and what a person may like to read beside it ("epoch 3 of 50, …").
  virtual void progress(std::uint64_t done, std::uint64_t total, std::string_view status = {}) = 0;
  /// True after Ctrl-C: checkpoint and throw Interrupted.
  virtual bool stop_requested() const = 0;
};

/// Keeps nothing, and never asks to stop.
class ESPALIER_EXPORT NullJournal final : public Journal {
 public:
  void event(const nlohmann::json&) override {}
  bool checkpoint_due() override { return false; }
  void checkpoint(const nlohmann::json&) override {}
  std::optional<nlohmann::json> restore() override;
  void keep_weights(std::string_view) override {}
  void progress(std::uint64_t, std::uint64_t, std::string_view) override {}
  bool stop_requested() const override { return false; }
};

}  // namespace espalier
