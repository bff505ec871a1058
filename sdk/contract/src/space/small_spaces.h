#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "espalier/space/search_space.h"

namespace espalier::contract {

/// A space that an optimizer can ask only so often before it is given back control: a loop that never ends is
/// found without a clock.
class CountedSpace : public SearchSpace {
 public:
  ~CountedSpace() override;

  /// Thrown at the optimizer that asked too often.
  struct Endless : std::exception {
    const char* what() const noexcept override { return "it asked the search space without end"; }
  };
  /// From now on so many calls.
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

/// A row of edges, with so many candidates each.
std::unique_ptr<CountedSpace> make_row_space(const char* name, const std::vector<int>& candidates);

/// The smallest that there is: two architectures.
std::unique_ptr<CountedSpace> make_two();
/// Choices of 3, 1, 2 and 5 candidates: 30 architectures.
std::unique_ptr<CountedSpace> make_mixed();
/// 40 choices of 8 candidates: more architectures than 64 bits can count.
std::unique_ptr<CountedSpace> make_huge();
/// Six edges of which two hold an operation: 60 of the 729 combinations are architectures.
std::unique_ptr<CountedSpace> make_constrained();

/// All of them.
std::vector<std::unique_ptr<CountedSpace>> make_small_spaces();

/// An objective with many hills, in percent, for any space.
double objective(const Architecture& architecture);

}  // namespace espalier::contract
