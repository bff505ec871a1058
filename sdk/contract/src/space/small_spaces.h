#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "espalier/space/search_space.h"

namespace espalier::contract {

/// A space that throws after a number of calls. It finds an optimizer that loops forever, without a clock.
class CountedSpace : public SearchSpace {
 public:
  ~CountedSpace() override;

  /// What the call that is one too many throws.
  struct Endless : std::exception {
    const char* what() const noexcept override { return "it called the search space without end"; }
  };
  /// Allows this many calls from now on.
  void allow(std::uint64_t calls) const { left_ = calls; }

 protected:
  using SearchSpace::SearchSpace;

  Architecture sample_impl(Rng& rng) const override;
  Architecture mutate_impl(const Architecture& architecture, Rng& rng) const override;
  std::vector<Architecture> neighbours_impl(const Architecture& architecture) const override;
  Architecture at_impl(std::uint64_t index) const override;
  std::uint64_t index_of_impl(const Architecture& architecture) const override;
  void count() const;

 private:
  mutable std::atomic<std::uint64_t> left_ = UINT64_MAX;
};

/// A row of edges, with the given numbers of candidates.
std::unique_ptr<CountedSpace> make_row_space(const char* name, const std::vector<int>& candidates);

/// The smallest space: two architectures.
std::unique_ptr<CountedSpace> make_two();
/// Choices with 3, 1, 2 and 5 candidates: 30 architectures.
std::unique_ptr<CountedSpace> make_mixed();
/// 40 choices with 8 candidates each: more architectures than 64 bits can count.
std::unique_ptr<CountedSpace> make_huge();
/// Six edges, of which two hold an operation: 60 of the 729 combinations are architectures.
std::unique_ptr<CountedSpace> make_constrained();

/// All of these.
std::vector<std::unique_ptr<CountedSpace>> make_small_spaces();

/// An objective with many local maxima, in percent, for any space.
double objective(const Architecture& architecture);

}  // namespace espalier::contract
