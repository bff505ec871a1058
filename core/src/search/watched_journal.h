#pragma once

#include <exception>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <type_traits>

#include "espalier/plugin/plugin_state.h"
#include "espalier/search/journal.h"
#include "plugin/end_process.h"
#include "plugin/forks.h"

namespace espalier {

/// A journal for a trainer, which knows its own exceptions from those of the trainer, and lets no state pass
/// that could not be read back. A process that the trainer forked ends where it uses the journal: two would
/// write the same files.
class WatchedJournal final : public Journal {
 public:
  /// `call` must outlive this object.
  WatchedJournal(const Plugin& trainer, std::string_view call, Journal& journal)
      : trainer_(trainer), call_(call), journal_(journal) {}

  void event(const TrialEvent& event) override {
    check_state(trainer_, "event()", event.more);
    watch([&] { journal_.event(event); });
  }
  void event(const EpochEvent& event) override {
    check_state(trainer_, "event()", event.more);
    watch([&] { journal_.event(event); });
  }
  bool checkpoint_due() override {
    return watch([&] { return journal_.checkpoint_due(); });
  }
  void checkpoint(const nlohmann::json& state) override {
    check_state(trainer_, "checkpoint()", state, kMostLevels);
    watch([&] { journal_.checkpoint(state); });
  }
  void keep_for_growth(const nlohmann::json& state) override {
    check_state(trainer_, "keep_for_growth()", state, kMostLevels);
    watch([&] { journal_.keep_for_growth(state); });
  }
  std::optional<nlohmann::json> restore() override {
    return watch([&] { return journal_.restore(); });
  }
  void keep_weights(std::string_view bytes) override {
    watch([&] { journal_.keep_weights(bytes); });
  }
  void progress(std::uint64_t done, std::uint64_t total, std::string_view status) override {
    watch([&] { journal_.progress(done, total, status); });
  }
  bool stop_requested() const override {
    return watch([&] { return journal_.stop_requested(); });
  }

  /// Throws again what the journal threw, if it did: a trainer that goes on after that has lost something.
  void rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }
  /// In a handler: whether what it handles came from the journal.
  bool threw() const { return thrown_ != nullptr && thrown_ == std::current_exception(); }

 private:
  template <class Function>
  std::invoke_result_t<Function> watch(const Function& function) const {
    if (times_forked() != forks_)
      end_process(trainer_.origin(), call_, "started a process that used its journal");
    try {
      return function();
    } catch (...) {
      thrown_ = std::current_exception();
      throw;
    }
  }

  /// A trainer's state holds that of its optimizer, and this one that of its predictor.
  static constexpr std::size_t kMostLevels = kMostStateLevels + 16;

  const Plugin& trainer_;
  std::string_view call_;
  Journal& journal_;
  unsigned forks_ = times_forked();
  mutable std::exception_ptr thrown_;
};

}  // namespace espalier
