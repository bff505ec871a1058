#include "space/distinct.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/pending/disjoint_sets.hpp>
#include <boost/range/adaptor/reversed.hpp>
#include <numeric>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

/// Beyond, counts are no longer exact.
constexpr double kExact = 9007199254740992.0;  // 2^53

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
      part.products.emplace(key, 1.0).first->second *= static_cast<double>(candidates[choice]);
    }
    Known known;
    part.root = add_node(part, 0, left, known);
  }
}

std::size_t DistinctArchitectures::add_node(Part& part, std::size_t position, const Left& left,
                                            Known& known) const {
  constexpr std::size_t kMost = std::size_t{1} << 18U;
  const auto same = known.find({position, left});
  if (same != known.end()) return same->second;
  if (part.nodes.size() >= kMost)
    throw Error({.what = fmt::format("{} choices depend on each other in too many ways",
                                     part.deciding.size() + part.others.size()),
                 .expected = fmt::format("at most {} nodes of their decision diagram", kMost),
                 .remedy = "nest fewer choices in the candidates of others"});
  Node node;
  if (position == part.deciding.size()) {
    node.count = 1.0;
    for (const auto& [choice, condition] : left)
      if (condition.contains({})) node.count *= part.products.at(choice);
  } else {
    const std::size_t choice = part.deciding[position];
    const std::size_t open = left.at(choice).contains({}) ? candidates_[choice] : 1;
    for (std::size_t candidate = 0; candidate < open; ++candidate) {
      Left rest;
      for (const auto& [other, condition] : left)
        if (other != choice) rest[other] = after(condition, {.choice = choice, .candidate = candidate});
      node.next.push_back(add_node(part, position + 1, rest, known));
      node.count += part.nodes[node.next.back()].count;
    }
  }
  part.nodes.push_back(std::move(node));
  known.emplace(std::pair(position, left), part.nodes.size() - 1);
  return part.nodes.size() - 1;
}

double DistinctArchitectures::size() const {
  return std::accumulate(parts_.begin(), parts_.end(), 1.0,
                         [](double product, const Part& part) { return product * part.count(); });
}

Architecture DistinctArchitectures::draw(Rng& rng) const {
  Architecture architecture = Architecture::zeros(candidates_.size());
  for (const Part& part : parts_) {
    const Node* node = &part.nodes[part.root];
    for (const std::size_t choice : part.deciding) {
      std::size_t candidate = 0;
      if (node->next.size() > 1) {
        double left = rng.uniform() * node->count;
        while (candidate + 1 < node->next.size() && left >= part.nodes[node->next[candidate]].count)
          left -= part.nodes[node->next[candidate++]].count;
      }
      architecture.set(choice, candidate);
      node = &part.nodes[node->next[candidate]];
    }
    for (const std::size_t choice : part.others)
      if (conditions_.is_active(choice, architecture))
        architecture.set(choice, rng.below(candidates_[choice]));
  }
  return architecture;
}

Architecture DistinctArchitectures::at(std::uint64_t index) const {
  Architecture architecture = Architecture::zeros(candidates_.size());
  for (const Part& part : boost::adaptors::reverse(parts_)) {
    const auto size = static_cast<std::uint64_t>(std::min(part.count(), kExact));
    std::uint64_t rest = index % size;
    index /= size;
    const Node* node = &part.nodes[part.root];
    for (const std::size_t choice : part.deciding) {
      std::size_t candidate = 0;
      const auto count = [&] { return part.nodes[node->next[candidate]].count; };
      for (; candidate + 1 < node->next.size() && static_cast<double>(rest) >= count(); ++candidate)
        rest -= static_cast<std::uint64_t>(count());
      architecture.set(choice, candidate);
      node = &part.nodes[node->next[candidate]];
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
  std::uint64_t index = 0;
  for (const Part& part : parts_) {
    std::uint64_t within = 0;
    for (const std::size_t choice : part.others)
      if (conditions_.is_active(choice, architecture))
        within = within * candidates_[choice] + architecture[choice];
    const Node* node = &part.nodes[part.root];
    for (const std::size_t choice : part.deciding) {
      for (std::size_t candidate = 0; candidate < architecture[choice]; ++candidate)
        within += static_cast<std::uint64_t>(part.nodes[node->next[candidate]].count);
      node = &part.nodes[node->next[architecture[choice]]];
    }
    if (part.count() > kExact ||
        __builtin_mul_overflow(index, static_cast<std::uint64_t>(part.count()), &index) ||
        __builtin_add_overflow(index, within, &index))
      throw Error({.what = fmt::format("the index of the architecture needs more than 64 bits: there are "
                                       "{:.3g} architectures",
                                       size())});
  }
  return index;
}

}  // namespace espalier
