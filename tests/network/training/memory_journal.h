#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/search/journal.h"

namespace espalier::testing {

/// Keeps all in memory, checkpoints as the bytes that a file would hold, and asks to stop after a number of
/// reports.
class MemoryJournal final : public Journal {
 public:
  void event(const TrialEvent& event) override { events.push_back(to_line(event)); }
  void event(const EpochEvent& event) override { events.push_back(to_line(event)); }
  bool checkpoint_due() override { return false; }
  void checkpoint(const nlohmann::json& state) override {
    bytes = nlohmann::json::to_cbor(state);
    kept_events = events.size();
    ++checkpoints;
  }
  std::optional<nlohmann::json> restore() override {
    events.resize(kept_events);
    return bytes.empty() ? std::nullopt : std::optional(nlohmann::json::from_cbor(bytes));
  }
  void keep_weights(std::string_view kept) override { weights = kept; }
  void progress(std::uint64_t done, std::uint64_t total, std::string_view text) override {
    ++reports;
    EXPECT_LE(done, total);
    status = text;
  }
  bool stop_requested() const override { return reports >= stop_after; }

  std::vector<nlohmann::json> events;
  std::vector<std::uint8_t> bytes;
  std::size_t kept_events = 0;
  int checkpoints = 0;
  int reports = 0;
  int stop_after = 1'000'000;
  std::string weights;
  std::string status;
};

}  // namespace espalier::testing
