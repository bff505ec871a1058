#include "espalier/space/has_hand_made.h"

#include <fmt/format.h>

#include <set>

#include "espalier/errors/errors.h"
#include "espalier/errors/quoted.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/space/search_space.h"

namespace espalier {
namespace {

constexpr const char* kCall = "hand_made()";

void check(const SearchSpace& space, const HandMade& made, std::set<std::string>& names) {
  constexpr std::size_t longest = 60;
  if (made.name.empty() || !names.insert(made.name).second)
    throw_plugin_mistake(
        space,
        fmt::format("the plugin's {} gave the name {} twice, or none", kCall, quoted(made.name, longest)),
        "a name for each architecture");
  try {
    space.parse(made.architecture);
  } catch (const UsageError& error) {
    throw_plugin_mistake(space,
                         fmt::format("the plugin's {} gave something that is not an architecture of the "
                                     "search space \"{}\": {}",
                                     kCall, space.name(), error.details().what),
                         "an architecture of the search space");
  }
}

}  // namespace

std::vector<HandMade> hand_made(const SearchSpace& space) {
  const auto* const able = ability<const HasHandMade>(space);
  if (able == nullptr) return {};
  std::vector<HandMade> all = call_plugin(space, kCall, [&] { return able->hand_made(); });
  std::set<std::string> names;
  for (const HandMade& made : all) check(space, made, names);
  return all;
}

std::string width_option(const SearchSpace& space) {
  const auto* const able = ability<const HasHandMade>(space);
  if (able == nullptr) return {};
  std::string option = call_plugin(space, "width_option()", [&] { return able->width_option(); });
  if (option.empty())
    throw_plugin_mistake(space, "the plugin's width_option() gave no name",
                         "the option that says how wide a network is, such as channels");
  return option;
}

}  // namespace espalier
