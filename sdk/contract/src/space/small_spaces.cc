#include "space/small_spaces.h"

#include <algorithm>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"

namespace espalier::contract {

CountedSpace::~CountedSpace() = default;

void CountedSpace::count() const {
  if (left_.fetch_sub(1) != 0) return;
  left_ = 0;
  throw Endless();
}

Architecture CountedSpace::sample_impl(Rng& rng) const {
  count();
  return SearchSpace::sample_impl(rng);
}

Architecture CountedSpace::mutate_impl(const Architecture& architecture, Rng& rng) const {
  count();
  return SearchSpace::mutate_impl(architecture, rng);
}

std::vector<Architecture> CountedSpace::neighbours_impl(const Architecture& architecture) const {
  count();
  return SearchSpace::neighbours_impl(architecture);
}

Architecture CountedSpace::at_impl(std::uint64_t index) const {
  count();
  return SearchSpace::at_impl(index);
}

std::uint64_t CountedSpace::index_of_impl(const Architecture& architecture) const {
  count();
  return SearchSpace::index_of_impl(architecture);
}

namespace {

constexpr Shape kImage = {.channels = 3, .height = 8, .width = 8};

class RowSpace : public CountedSpace {
 public:
  RowSpace(const char* name, const std::vector<int>& candidates) : CountedSpace(definition(candidates)) {
    set_name(name);
  }

 private:
  static SpaceDefinition definition(const std::vector<int>& candidates) {
    Graph cell("cell");
    for (const int count : candidates) {
      Candidates choice;
      for (int i = 0; i < count; ++i)
        choice.emplace_back(primitives::identity().renamed("operation_" + std::to_string(i)));
      cell.append(std::move(choice));
    }
    return {.graph = std::move(cell), .input_shape = kImage};
  }
};

class ConstrainedSpace final : public CountedSpace {
 public:
  ConstrainedSpace() : CountedSpace(definition()) {
    set_name("contract_constrained");
    for (std::uint64_t i = 0; i < 729; ++i) {
      const Architecture combination = CountedSpace::at_impl(i);
      if (operations(combination) == 2) all_.push_back(combination);
    }
  }

 private:
  static SpaceDefinition definition() {
    Graph cell("cell");
    cell.add_node_range(1, 4).add_edges_densely();
    cell.update_edges([](EdgeData& edge) {
      edge.set_op(Candidates{primitives::zero(), primitives::identity(), primitives::max_pool()});
    });
    return {.graph = std::move(cell), .input_shape = kImage};
  }

  static std::ptrdiff_t operations(const Architecture& architecture) {
    return std::ranges::count_if(architecture.choices(), [](auto candidate) { return candidate != 0; });
  }

  void check_impl(const Architecture& architecture) const override {
    if (operations(architecture) == 2) return;
    throw UsageError(
        {.what = "an architecture with " + std::to_string(operations(architecture)) + " operations",
         .where = "search space \"" + name() + "\"",
         .expected = "2"});
  }
  double size_impl() const override { return static_cast<double>(all_.size()); }
  Architecture at_impl(std::uint64_t index) const override {
    count();
    return all_[std::min<std::uint64_t>(index, all_.size() - 1)];
  }
  std::uint64_t index_of_impl(const Architecture& architecture) const override {
    count();
    return static_cast<std::uint64_t>(std::lower_bound(all_.begin(), all_.end(), architecture) -
                                      all_.begin());
  }
  Architecture sample_impl(Rng& rng) const override {
    count();
    return all_[rng.below(all_.size())];
  }
  /// A neighbour has another operation on an edge, or the same one on another edge.
  std::vector<Architecture> neighbours_impl(const Architecture& architecture) const override {
    count();
    std::vector<Architecture> found;
    for (std::size_t i = 0; i < architecture.size(); ++i) {
      if (architecture[i] == 0) continue;
      found.emplace_back(architecture).set(i, 3U - architecture[i]);
      for (std::size_t other = 0; other < architecture.size(); ++other) {
        if (architecture[other] != 0) continue;
        Architecture& moved = found.emplace_back(architecture);
        moved.set(other, architecture[i]);
        moved.set(i, 0);
      }
    }
    return found;
  }
  Architecture mutate_impl(const Architecture& architecture, Rng& rng) const override {
    const std::vector<Architecture> all = neighbours_impl(architecture);
    return all[rng.below(all.size())];
  }
  Architecture discretize_impl(const std::vector<std::vector<double>>& weights) const override {
    return *std::ranges::max_element(all_, {}, [&](const Architecture& architecture) {
      double sum = 0.0;
      for (std::size_t i = 0; i < architecture.size(); ++i) sum += weights[i][architecture[i]];
      return sum;
    });
  }

  std::vector<Architecture> all_;
};

}  // namespace

std::unique_ptr<CountedSpace> make_row_space(const char* name, const std::vector<int>& candidates) {
  return std::make_unique<RowSpace>(name, candidates);
}

std::unique_ptr<CountedSpace> make_two() { return make_row_space("contract_two", {2}); }
std::unique_ptr<CountedSpace> make_mixed() { return make_row_space("contract_mixed", {3, 1, 2, 5}); }
std::unique_ptr<CountedSpace> make_huge() { return make_row_space("contract_huge", std::vector<int>(40, 8)); }
std::unique_ptr<CountedSpace> make_constrained() { return std::make_unique<ConstrainedSpace>(); }

std::vector<std::unique_ptr<CountedSpace>> make_small_spaces() {
  std::vector<std::unique_ptr<CountedSpace>> spaces;
  spaces.push_back(make_two());
  spaces.push_back(make_mixed());
  spaces.push_back(make_constrained());
  spaces.push_back(make_huge());
  return spaces;
}

double objective(const Architecture& architecture) {
  constexpr int kLevels = 7;
  double sum = 0.0;
  for (std::size_t i = 0; i < architecture.size(); ++i)
    sum += static_cast<double>((architecture[i] * std::size_t{5} + i * 3) % kLevels) / kLevels;
  const double rough = static_cast<double>(architecture.hash() % 1009) / 1009.0;
  return 90.0 * sum / static_cast<double>(std::max<std::size_t>(architecture.size(), 1)) + 10.0 * rough;
}

}  // namespace espalier::contract
