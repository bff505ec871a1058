#pragma once

#include <exception>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <type_traits>

#include "espalier/search/journal.h"

namespace espalier {

/// A journal for a trainer, which knows its own exceptions from those of the trainer.
class WatchedJournal final : public Journal {
 public:
  explicit WatchedJournal(Journal& journal) : journal_(journal) {}

  void event(const TrialEvent& event) override {
    watch([&] { journal_.event(event); });
  }
  void event(const EpochEvent& event) override {
    watch([&] { journal_.event(event); });
  }
  bool checkpoint_due() override {
    return watch([&] { return journal_.checkpoint_due(); });
  }
  void checkpoint(const nlohmann::json& state) override {
    watch([&] { journal_.checkpoint(state); });
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

  /// In a handler: whether what it handles came from the journal.
  bool threw() const { return thrown_ != nullptr && thrown_ == std::current_exception(); }

 private:
  template <class Function>
  std::invoke_result_t<Function> watch(const Function& function) const {
    try {
      return function();
    } catch (...) {
      thrown_ = std::current_exception();
      throw;
    }
  }

  Journal& journal_;
  mutable std::exception_ptr thrown_;
};

}  // namespace espalier
