#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/space/search_space.h"
#include "plugin/plugin_answer.h"

// The string of an architecture, for spaces whose literature defines none:
// "cell.edge_1_2=skip_connect;cell.edge_1_3=none".
namespace espalier {
namespace {

std::string place(std::string_view text, std::size_t position) {
  constexpr std::size_t kLongest = 160;
  const bool cut = text.size() > kLongest;
  return fmt::format("character {} of \"{}{}\"", position + 1, text.substr(0, kLongest), cut ? "…" : "");
}

/// Without the white space around it, which files and shells add.
std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n\v\f";
  const std::size_t begin = std::min(text.find_first_not_of(kSpaces), text.size());
  return text.substr(begin, text.find_last_not_of(kSpaces) + 1 - begin);
}

}  // namespace

std::string SearchSpace::to_string(const Architecture& architecture) const {
  check(architecture);
  std::string text = call_plugin(*this, "to_string()", [&] { return to_string_impl(architecture); });
  check_answer(*this, "to_string()", text);
  return text;
}

Architecture SearchSpace::parse(std::string_view text) const {
  return call_plugin(*this, "parse()", [&] { return parse_impl(trimmed(text)); });
}

std::string SearchSpace::to_string_impl(const Architecture& architecture) const {
  std::string text;
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    if (!is_active(i, architecture)) continue;
    const Choice& choice = choices_[i];
    text += fmt::format("{}{}={}", text.empty() ? "" : ";", choice.name, choice.candidates[architecture[i]]);
  }
  return text;
}

Architecture SearchSpace::parse_impl(std::string_view text) const {
  Architecture architecture = Architecture::zeros(choices_.size());
  std::vector<std::optional<std::size_t>> positions(choices_.size());  // of the choices that the text names
  std::size_t position = 0;
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    const std::string& name = choices_[i].name;
    if (position > text.size()) {
      if (conditions_) break;
      throw UsageError({.what = fmt::format("the architecture ends before {}", name),
                        .where = place(text, text.size()),
                        .expected = fmt::format("{} choices separated by ';'", choices_.size())});
    }
    const std::size_t end = std::min(text.find(';', position), text.size());
    const std::string_view field = text.substr(position, end - position);
    const std::size_t equals = field.find('=');
    const std::string_view found = trimmed(field.substr(0, equals));
    if (equals == std::string_view::npos || found != name) {
      if (conditions_ && equals != std::string_view::npos && names_later(found, i)) continue;
      throw UsageError({.what = fmt::format("\"{}\" where a choice is expected", field.substr(0, 80)),
                        .where = place(text, position),
                        .expected = conditions_
                                        ? "one of " + join_names(names_from(i))
                                        : fmt::format("{}={}", name, fmt::join(choices_[i].candidates, "|")),
                        .nearest = nearest(found, conditions_ ? names_from(i) : std::vector{name})});
    }
    const std::string_view candidate = trimmed(field.substr(equals + 1));
    const auto begin = static_cast<std::size_t>(candidate.data() - text.data());
    architecture.set(i, candidate_index(i, candidate, text, begin));
    positions[i] = position;
    position = end + 1;
  }
  if (position <= text.size()) {
    throw UsageError({.what = "the architecture continues after its last choice",
                      .where = place(text, position - 1),
                      .expected = conditions_ ? "the active choices separated by ';'"
                                              : fmt::format("{} choices separated by ';'", choices_.size())});
  }
  for (std::size_t i = 0; conditions_ && i < choices_.size(); ++i)
    check_named(i, architecture, positions[i], text);
  return architecture;
}

bool SearchSpace::names_later(std::string_view name, std::size_t choice) const {
  return std::any_of(choices_.begin() + static_cast<std::ptrdiff_t>(choice) + 1, choices_.end(),
                     [&](const Choice& later) { return later.name == name; });
}

std::vector<std::string> SearchSpace::names_from(std::size_t choice) const {
  std::vector<std::string> names;
  for (; choice < choices_.size(); ++choice) names.push_back(choices_[choice].name);
  return names;
}

/// A text names the active choices and no others.
void SearchSpace::check_named(std::size_t choice, const Architecture& architecture,
                              std::optional<std::size_t> position, std::string_view text) const {
  if (is_active(choice, architecture) == position.has_value()) return;
  const Choice& at = choices_[choice];
  if (position)
    throw UsageError({.what = fmt::format("{} is not active beside the other choices", at.name),
                      .where = place(text, *position),
                      .remedy = "remove it"});
  throw UsageError({.what = fmt::format("the architecture lacks {}", at.name),
                    .where = place(text, text.size()),
                    .expected = fmt::format("{}={}", at.name, fmt::join(at.candidates, "|"))});
}

Architecture::Index SearchSpace::candidate_index(std::size_t choice, std::string_view candidate,
                                                 std::string_view text, std::size_t position) const {
  const std::vector<std::string>& names = choices_.at(choice).candidates;
  const auto found = std::ranges::find(names, candidate);
  if (found == names.end()) {
    throw UsageError({.what = fmt::format("\"{}\" is not a candidate of {}", candidate.substr(0, 80),
                                          choices_[choice].name),
                      .where = place(text, position),
                      .expected = join_names(names),
                      .nearest = nearest(candidate, names)});
  }
  return static_cast<Architecture::Index>(found - names.begin());
}

}  // namespace espalier
