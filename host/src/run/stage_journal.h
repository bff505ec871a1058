#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "espalier/search/journal.h"
#include "espalier/search/trainer.h"

namespace espalier::host {

/// The journal of a stage, in that of the whole search: events count on from stage to stage, and a checkpoint
/// knows in which stage it was written and what that took over.
class StageJournal final : public Journal {
 public:
  /// Goes on where the checkpoint of an earlier run was written. Throws Error when that is damaged.
  /// `journal` outlives this one. Requires stages > 0.
  StageJournal(Journal& journal, std::size_t stages);

  /// The stage that is under way, from 0.
  std::size_t stage() const { return stage_; }
  /// What the stage before passed on; null in the first.
  const nlohmann::json& passed() const { return passed_; }
  /// Begins the next stage, with what this one passes on.
  void next_stage(const SearchResult& found, nlohmann::json passed);
  /// What the last stage found, at the cost of all.
  SearchResult whole(SearchResult last) const;

  void event(const TrialEvent& event) override;
  void event(const EpochEvent& event) override;
  bool checkpoint_due() override { return journal_.checkpoint_due(); }
  void checkpoint(const nlohmann::json& state) override;
  std::optional<nlohmann::json> restore() override;
  void keep_weights(std::string_view bytes) override { journal_.keep_weights(bytes); }
  void progress(std::uint64_t done, std::uint64_t total, std::string_view status) override;
  bool stop_requested() const override { return journal_.stop_requested(); }

 private:
  Journal& journal_;
  std::size_t stages_;
  std::size_t stage_ = 0;
  nlohmann::json passed_;
  SearchResult before_;  ///< what the stages before cost; the rest of it is empty
  /// The trainer's state in the stage that goes on, until it asks for that.
  std::optional<nlohmann::json> state_;
};

}  // namespace espalier::host
