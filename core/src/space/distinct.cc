#include "space/distinct.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/pending/disjoint_sets.hpp>
#include <boost/range/adaptor/reversed.hpp>
#include <limits>
#include <numeric>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

constexpr std::uint64_t kTooMany = std::numeric_limits<std::uint64_t>::max();

/// The choices that depend on each other, directly or not, in the order of the first of each group.
std::vector<std::vector<std::size_t>> connected(const Conditions& conditions, std::size_t choices) {
  boost::disjoint_sets_with_storage<> sets(choices);
  for (std::size_t choice = 0; choice < choices; ++choice) sets.make_set(choice);
  for (std::size_t choice = 0; choice < choices; ++choice)
    for (const std::size_t parent : conditions.parents(choice)) sets.union_set(choice, parent);
  std::map<std::size_t, std::vector<std::size_t>> members;  // by representative
  for (std::size_t choice = 0; choice < choices; ++choice) members[sets.find_set(choice)].push_back(choice);
  std::vector<std::vector<std::size_t>> groups;
  groups.reserve(members.size());
  for (auto& [representative, group] : members) groups.push_back(std::move(group));
  std::ranges::sort(groups);
  return groups;
}

/// What a decision leaves of a condition.
std::set<Nesting> after(const std::set<Nesting>& condition, const Taken& decided) {
  std::set<Nesting> left;
  for (const Nesting& nesting : condition) {
    Nesting rest;
    bool possible = true;
    for (const Taken& taken : nesting) {
      if (taken.choice != decided.choice)
        rest.push_back(taken);
      else
        possible = possible && taken.candidate == decided.candidate;
    }
    if (possible && rest.empty()) return {rest};  // it holds, whatever follows
    if (possible) left.insert(std::move(rest));
  }
  return left;
}

}  // namespace

DistinctArchitectures::DistinctArchitectures(const Conditions& conditions,
                                             const std::vector<std::size_t>& candidates)
    : conditions_(conditions), candidates_(candidates) {
  std::set<std::size_t> deciding;
  for (std::size_t choice = 0; choice < candidates.size(); ++choice)
    deciding.merge(conditions.parents(choice));
  for (const std::vector<std::size_t>& group : connected(conditions, candidates.size())) {
    Part& part = parts_.emplace_back();
    for (const std::size_t choice : conditions.order())
      if (deciding.contains(choice) && std::ranges::binary_search(group, choice))
        part.deciding.push_back(choice);
    std::ranges::copy_if(group, std::back_inserter(part.others),
                         [&](std::size_t choice) { return !deciding.contains(choice); });
    Left left;
    for (const std::size_t choice : part.deciding) left[choice] = conditions.of(choice);
    std::map<std::set<Nesting>, std::size_t> first;
    for (const std::size_t choice : part.others) {
      const std::size_t key = first.emplace(conditions.of(choice), choice).first->second;
      left[key] = conditions.of(choice);
      part.products[key] *= {.exact = candidates[choice], .about = static_cast<double>(candidates[choice])};
    }
    Known known;
    part.root = add_arc(part, 0, std::move(left), known);
  }
}

DistinctArchitectures::Arc DistinctArchitectures::add_arc(Part& part, std::size_t position, Left left,
                                                          Known& known) const {
  Arc arc;
  for (const auto& [choice, product] : part.products) {
    const auto found = left.find(choice);
    if (found == left.end()) continue;
    const bool active = found->second.contains({});
    if (active) arc.factor *= product;
    if (active || found->second.empty()) left.erase(found);
  }
  arc.node = add_node(part, position, left, known);
  arc.count = arc.factor;
  arc.count *= part.nodes[arc.node].count;
  return arc;
}

std::size_t DistinctArchitectures::add_node(Part& part, std::size_t position, const Left& left,
                                            Known& known) const {
  constexpr std::size_t kMost = std::size_t{1} << 16U;
  const auto same = known.find({position, left});
  if (same != known.end()) return same->second;
  if (part.nodes.size() >= kMost)
    throw Error({.what = fmt::format("{} choices depend on each other in too many ways",
                                     part.deciding.size() + part.others.size()),
                 .expected = fmt::format("at most {} nodes of their decision diagram", kMost),
                 .remedy = "nest fewer choices in the candidates of others"});
  Node node;
  if (position < part.deciding.size()) {
    node.count = {.exact = 0, .about = 0.0};
    const std::size_t choice = part.deciding[position];
    const std::size_t open = left.at(choice).contains({}) ? candidates_[choice] : 1;
    for (std::size_t candidate = 0; candidate < open; ++candidate) {
      Left rest;
      for (const auto& [other, condition] : left)
        if (other != choice) rest[other] = after(condition, {.choice = choice, .candidate = candidate});
      node.arcs.push_back(add_arc(part, position + 1, std::move(rest), known));
      node.count += node.arcs.back().count;
    }
  }
  part.nodes.push_back(std::move(node));
  known.emplace(std::pair(position, left), part.nodes.size() - 1);
  return part.nodes.size() - 1;
}

bool DistinctArchitectures::Count::fits() const { return exact != kTooMany; }

DistinctArchitectures::Count& DistinctArchitectures::Count::operator+=(const Count& other) {
  if (!fits() || !other.fits() || __builtin_add_overflow(exact, other.exact, &exact)) exact = kTooMany;
  about += other.about;
  return *this;
}

DistinctArchitectures::Count& DistinctArchitectures::Count::operator*=(const Count& other) {
  if (!fits() || !other.fits() || __builtin_mul_overflow(exact, other.exact, &exact)) exact = kTooMany;
  about *= other.about;
  return *this;
}

double DistinctArchitectures::size() const {
  return std::accumulate(parts_.begin(), parts_.end(), 1.0,
                         [](double product, const Part& part) { return product * part.root.count.about; });
}

Architecture DistinctArchitectures::draw(Rng& rng) const {
  Architecture architecture = Architecture::zeros(candidates_.size());
  for (const Part& part : parts_) {
    const Node* node = &part.first();
    for (const std::size_t choice : part.deciding) {
      std::size_t candidate = 0;
      if (node->arcs.size() > 1) {
        double left = rng.uniform() * node->count.about;
        while (candidate + 1 < node->arcs.size() && left >= node->arcs[candidate].count.about)
          left -= node->arcs[candidate++].count.about;
      }
      architecture.set(choice, candidate);
      node = &part.nodes[node->arcs[candidate].node];
    }
    for (const std::size_t choice : part.others)
      if (conditions_.is_active(choice, architecture))
        architecture.set(choice, rng.below(candidates_[choice]));
  }
  return architecture;
}

// The architectures of a part that take the same arcs up to a node are `ways` · count(node): so many ways
// there are to set the choices that these arcs made active. An arc's share follows that of the arc before it,
// and at the leaf the ways themselves are a number in mixed radix.

Architecture DistinctArchitectures::at(std::uint64_t index) const {
  Architecture architecture = Architecture::zeros(candidates_.size());
  for (const Part& part : boost::adaptors::reverse(parts_)) {
    std::uint64_t rest = index % part.root.count.exact;
    index /= part.root.count.exact;
    const Node* node = &part.first();
    Count ways = part.root.factor;
    for (const std::size_t choice : part.deciding) {
      std::size_t candidate = 0;
      for (; candidate + 1 < node->arcs.size(); ++candidate) {
        Count share = ways;
        share *= node->arcs[candidate].count;
        if (rest < share.exact) break;
        rest -= share.exact;
      }
      architecture.set(choice, candidate);
      ways *= node->arcs[candidate].factor;
      node = &part.nodes[node->arcs[candidate].node];
    }
    for (const std::size_t choice : boost::adaptors::reverse(part.others)) {
      if (!conditions_.is_active(choice, architecture)) continue;
      architecture.set(choice, rest % candidates_[choice]);
      rest /= candidates_[choice];
    }
  }
  return architecture;
}

std::uint64_t DistinctArchitectures::index_of(const Architecture& architecture) const {
  Count index = {.exact = 0, .about = 0.0};
  for (const Part& part : parts_) {
    Count within = {.exact = 0, .about = 0.0};
    for (const std::size_t choice : part.others) {
      if (!conditions_.is_active(choice, architecture)) continue;
      within *= {.exact = candidates_[choice], .about = 0.0};
      within += {.exact = architecture[choice], .about = 0.0};
    }
    const Node* node = &part.first();
    Count ways = part.root.factor;
    for (const std::size_t choice : part.deciding) {
      for (std::size_t candidate = 0; candidate < architecture[choice]; ++candidate) {
        Count share = ways;
        share *= node->arcs[candidate].count;
        within += share;
      }
      ways *= node->arcs[architecture[choice]].factor;
      node = &part.nodes[node->arcs[architecture[choice]].node];
    }
    if (index.exact != 0) index *= part.root.count;
    index += within;
  }
  if (index.fits()) return index.exact;
  throw Error({.what = fmt::format("the index of the architecture needs more than 64 bits: there are {:.3g} "
                                   "architectures",
                                   size())});
}

}  // namespace espalier
