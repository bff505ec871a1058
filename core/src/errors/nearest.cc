#include "espalier/errors/nearest.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

namespace espalier {
namespace {

// Case and the kind of dash are the commonest slips, and change no meaning.
std::string folded(std::string_view name) {
  std::string text(name);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-' || c == ' ') c = '_';
  }
  return text;
}

std::size_t allowed_distance(std::size_t length) { return std::max<std::size_t>(1, length / 3); }

// Damerau and Levenshtein's distance in its optimal string alignment form: three rows are enough.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before.swap(above);
    above.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitution = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, substitution});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::vector<std::string_view> words_of(std::string_view name) {
  std::vector<std::string_view> words;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('_', begin), name.size());
    words.push_back(name.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

constexpr std::size_t shortest_abbreviation = 3;
// Less near than any misspelling; of several abbreviated names the first is as good as any.
constexpr std::size_t far_abbreviation = 1'000'000;

/// Whether each word of a name begins one of the candidate, in the same order: "val_acc" of
/// "validation_accuracy", "evolution" of "regularized_evolution".
bool abbreviates(const std::vector<std::string_view>& words, std::string_view candidate) {
  std::size_t next = 0;
  for (const std::string_view word : words_of(candidate)) {
    const bool begins = next < words.size() && words[next].size() >= shortest_abbreviation;
    if (begins && word.starts_with(words[next])) ++next;
  }
  return next == words.size();
}

std::optional<std::size_t> distance_if_near(std::string_view name, std::string_view candidate) {
  const std::size_t longer = std::max(name.size(), candidate.size());
  const std::size_t shorter = std::min(name.size(), candidate.size());
  const std::size_t allowed = allowed_distance(shorter);
  const std::vector<std::string_view> words = words_of(name);
  const bool abbreviated = abbreviates(words, candidate);
  // Several words that fit are hardly chance, as a misspelling by several letters may be.
  if (abbreviated && words.size() > 1) return 1;
  if (longer - shorter <= allowed) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance <= allowed) return distance;
  }
  if (abbreviated || (name.size() >= shortest_abbreviation && candidate.starts_with(name)))
    return far_abbreviation;
  return std::nullopt;
}

}  // namespace

std::string nearest(std::string_view name, std::span<const std::string> candidates) {
  if (name.empty()) return {};
  const std::string wanted = folded(name);
  const std::string* best = nullptr;
  std::size_t best_distance = 0;
  for (const std::string& candidate : candidates) {
    const auto distance = distance_if_near(wanted, folded(candidate));
    if (distance && (best == nullptr || *distance < best_distance)) {
      best = &candidate;
      best_distance = *distance;
    }
  }
  return best == nullptr ? std::string() : *best;
}

std::string join_names(std::span<const std::string> names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

}  // namespace espalier
