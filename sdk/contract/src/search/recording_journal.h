#pragma once

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/search/journal.h"

namespace espalier::contract {

/// Records what a trainer writes, asks for a checkpoint at every step, and can ask it to stop.
class RecordingJournal final : public Journal {
 public:
  struct Checkpoint {
    std::vector<std::uint8_t> state;  ///< in CBOR, as in a file
    std::vector<nlohmann::json> events;
  };
  struct Progress {
    std::uint64_t done;
    std::uint64_t total;
  };
  static constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();

  RecordingJournal() = default;
  /// For a run that continues from a checkpoint, if there is one.
  explicit RecordingJournal(std::optional<Checkpoint> start) : start_(std::move(start)) {}

  void event(const TrialEvent& event) override { events.push_back(to_line(event)); }
  void event(const EpochEvent& event) override { events.push_back(to_line(event)); }
  bool checkpoint_due() override { return true; }
  void checkpoint(const nlohmann::json& state) override {
    checkpoints.push_back({.state = nlohmann::json::to_cbor(state), .events = events});
    checkpoints_after_stop += stop_requested() ? 1 : 0;
  }
  std::optional<nlohmann::json> restore() override {
    if (!start_) return std::nullopt;
    events = start_->events;
    return nlohmann::json::from_cbor(start_->state);
  }
  void keep_weights(std::string_view bytes) override { weights.emplace_back(bytes); }
  void progress(std::uint64_t done, std::uint64_t total, std::string_view /*status*/) override {
    steps.push_back({.done = done, .total = total});
  }
  bool stop_requested() const override { return steps.size() >= stop_after; }

  std::size_t stop_after = kNever;  ///< how many reports of progress until it asks to stop
  std::vector<nlohmann::json> events;
  std::vector<Checkpoint> checkpoints;
  std::size_t checkpoints_after_stop = 0;
  std::vector<std::string> weights;
  std::vector<Progress> steps;

 private:
  std::optional<Checkpoint> start_;
};

}  // namespace espalier::contract
