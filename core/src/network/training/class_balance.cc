#include "training/class_balance.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

#include "random/shuffle.h"

namespace espalier {
namespace {

using Indices = std::vector<std::uint32_t>;

/// How many of the indices each class has, for labels below `classes`.
std::vector<std::size_t> class_sizes(const Indices& part, std::span<const std::uint16_t> labels,
                                     std::size_t classes) {
  std::vector<std::size_t> sizes(classes);
  for (const std::uint32_t index : part) ++sizes[labels[index]];
  return sizes;
}

/// Gives `to` an index of each class that only `from` has, for one of the class that `to` has most of.
void fetch_missing(Indices& from, Indices& to, std::span<const std::uint16_t> labels, std::size_t classes) {
  std::vector<std::size_t> there = class_sizes(from, labels, classes);
  std::vector<std::size_t> here = class_sizes(to, labels, classes);
  const auto find = [&](Indices& part, std::size_t label) {
    return std::ranges::find(part, label, [&](std::uint32_t index) { return std::size_t{labels[index]}; });
  };
  for (std::size_t label = 0; label < classes; ++label) {
    if (here[label] > 0 || there[label] < 2) continue;
    const auto largest = static_cast<std::size_t>(std::ranges::max_element(here) - here.begin());
    if (here[largest] < 2) return;
    std::iter_swap(find(from, label), find(to, largest));
    --there[label], ++here[label];
    ++there[largest], --here[largest];
  }
}

/// Puts the classes in an order of chance.
void shuffle_classes(std::vector<Indices>& classes, std::uint64_t seed) {
  Indices order(classes.size());
  std::iota(order.begin(), order.end(), 0U);
  shuffle(order, Rng(seed, "classes"));
  std::vector<Indices> shuffled;
  shuffled.reserve(classes.size());
  for (const std::uint32_t label : order) shuffled.push_back(std::move(classes[label]));
  classes = std::move(shuffled);
}

/// The indices of each class, none of which is empty.
std::vector<Indices> by_class(const Indices& indices, std::span<const std::uint16_t> labels) {
  std::vector<Indices> classes;
  for (const std::uint32_t index : indices) {
    const std::size_t label = labels[index];
    if (label >= classes.size()) classes.resize(label + 1);
    classes[label].push_back(index);
  }
  std::erase_if(classes, [](const Indices& each) { return each.empty(); });
  return classes;
}

}  // namespace

Indices balanced_epoch(const Indices& indices, std::span<const std::uint16_t> labels, std::uint64_t seed) {
  std::vector<Indices> classes = by_class(indices, labels);
  shuffle_classes(classes, seed);
  Indices epoch;
  epoch.reserve(indices.size());
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const std::size_t count = indices.size() / classes.size() + (i < indices.size() % classes.size() ? 1 : 0);
    for (std::size_t drawn = 0; drawn < count; ++drawn) {
      const std::size_t place = drawn % classes[i].size();
      if (place == 0) shuffle(classes[i], Rng(seed, "class", i + classes.size() * drawn));
      epoch.push_back(classes[i][place]);
    }
  }
  return epoch;
}

std::vector<double> balanced_weights(const Indices& indices, std::span<const std::uint16_t> labels,
                                     std::size_t classes) {
  const std::vector<std::size_t> sizes = class_sizes(indices, labels, classes);
  const auto present = static_cast<double>(classes) - static_cast<double>(std::ranges::count(sizes, 0U));
  std::vector<double> weights(classes);
  for (std::size_t label = 0; label < classes; ++label)
    if (sizes[label] > 0)
      weights[label] = static_cast<double>(indices.size()) / (present * static_cast<double>(sizes[label]));
  return weights;
}

Indices balanced_sample(std::span<const std::uint16_t> labels, std::size_t count, std::uint64_t seed) {
  std::vector<Indices> classes(labels.empty() ? 0 : std::size_t{*std::ranges::max_element(labels)} + 1);
  for (std::size_t i = 0; i < labels.size(); ++i) classes[labels[i]].push_back(static_cast<std::uint32_t>(i));
  for (std::size_t label = 0; label < classes.size(); ++label)
    shuffle(classes[label], Rng(seed, "sample of a class", label));
  // Chance, not the label, decides which classes have one more than the others.
  Indices order(classes.size());
  std::iota(order.begin(), order.end(), 0U);
  shuffle(order, Rng(seed, "sample"));

  Indices sample;
  for (std::size_t round = 0; sample.size() < count; ++round) {
    for (const std::uint32_t label : order)
      if (round < classes[label].size() && sample.size() < count) sample.push_back(classes[label][round]);
  }
  std::ranges::sort(sample);
  return sample;
}

void keep_classes(IndexSplit& split, std::span<const std::uint16_t> labels) {
  const std::size_t classes = std::size_t{*std::ranges::max_element(labels)} + 1;
  fetch_missing(split.train, split.validation, labels, classes);
  fetch_missing(split.validation, split.train, labels, classes);
}

}  // namespace espalier
