#include "run/baseline_architectures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/space/has_hand_made.h"
#include "run/dataset_facts.h"

namespace espalier::host {
namespace {

constexpr RngStream kBaselines("baselines");

/// The networks of one architecture by the width of the space.
class Widths {
 public:
  Widths(const PreparedRun& run, const Component& space, const std::string& architecture)
      : run_(run),
        space_(space),
        architecture_(architecture),
        option_(width_option(*run.space)),
        own_(own_width()) {}

  /// The width whose parameters are nearest to these. More width is more parameters, so it is bisected.
  int nearest_to(std::int64_t parameters) const {
    constexpr int widest = 1 << 14;
    int narrow = 0;
    int wide = widest;
    while (wide - narrow > 1) {
      const int width = narrow + (wide - narrow) / 2;
      const auto taken = next_taken(width, 1);
      const bool too_wide = taken ? taken->parameters >= parameters : width > own_;
      (too_wide ? wide : narrow) = width;
    }
    const auto below = next_taken(narrow, -1);
    const auto above = next_taken(wide, 1);
    if (!below || !above) return below ? below->width : above ? above->width : own_;
    return parameters - below->parameters <= above->parameters - parameters ? below->width : above->width;
  }

  /// The space with this width.
  Component at(int width) const {
    Component component = space_;
    component.options.set(option_, ConfigValue::of(fmt::to_string(width)));
    return component;
  }

 private:
  struct Taken {
    int width;
    std::int64_t parameters;
  };

  /// The first width from here on, up or down, that the space takes: it may refuse odd ones, and extremes.
  std::optional<Taken> next_taken(int width, int step) const {
    constexpr int farthest = 4;
    for (int i = 0; i < farthest; ++i, width += step)
      if (const auto parameters = parameters_at(width))
        return Taken{.width = width, .parameters = *parameters};
    return std::nullopt;
  }

  int own_width() const {
    return std::atoi(run_.resolved.find("search_space")->find(option_)->scalar.c_str());
  }

  std::optional<std::int64_t> parameters_at(int width) const try {
    Config options(at(width).options, "search_space");
    options.assume(facts_for_space(run_.dataset.get()));
    const auto space = run_.registry->make<SearchSpace>(space_.name, options);
    return space->parameters(space->parse(architecture_));
  } catch (const Error&) {
    return std::nullopt;
  }

  const PreparedRun& run_;
  const Component& space_;
  const std::string& architecture_;
  std::string option_;
  int own_;
};

std::string random_architecture(const RunConfig& config, const PreparedRun& run, std::uint64_t index) {
  constexpr int tries = 10'000;
  Rng rng(config.seeds.front(), kBaselines, index);
  for (int i = 0; i < tries; ++i) {
    const Architecture drawn = run.space->sample(rng);
    if (!run.objective || run.objective->allowed(drawn)) return run.space->to_string(drawn);
  }
  throw Error({.what = fmt::format("none of {} architectures drawn at random keeps the constraints", tries),
               .where = to_string(config.baselines->where),
               .remedy = "leave random out of baselines:, or allow more"});
}

std::vector<std::string> names_of(const std::vector<HandMade>& all) {
  std::vector<std::string> names(all.size());
  std::ranges::transform(all, names.begin(), &HandMade::name);
  return names;
}

}  // namespace

void check_baselines(const BaselinesSection& section, const SearchSpace& space, const ConfigValue& options) {
  const std::vector<std::string> names = names_of(hand_made(space));
  for (const BaselinesSection::HandMadeName& each : section.hand_made) {
    if (std::ranges::find(names, each.name) != names.end()) continue;
    const std::string what =
        fmt::format("the search space \"{}\" knows no network \"{}\"", space.name(), each.name);
    if (names.empty())
      throw UsageError({.what = what,
                        .where = to_string(each.where),
                        .expected = "random: NUMBER, because this space names none that was made by hand",
                        .remedy = "a space with the ability HasHandMade names them"});
    throw UsageError({.what = what,
                      .where = to_string(each.where),
                      .expected = fmt::format("{}, or random: NUMBER", join_names(names)),
                      .nearest = nearest(each.name, names)});
  }
  if (section.hand_made.empty()) return;
  const std::string width = width_option(space);
  if (options.find(width) != nullptr) return;
  throw_plugin_mistake(space,
                       fmt::format("the space has no option {}, which its width_option() names", width),
                       "one of its options, a whole number");
}

std::vector<BaselineArchitecture> baseline_architectures(const RunConfig& config, const PreparedRun& run,
                                                         std::int64_t parameters) {
  const BaselinesSection& section = *config.baselines;
  const std::vector<HandMade> known = hand_made(*run.space);
  std::vector<BaselineArchitecture> all;
  all.reserve(section.hand_made.size() + section.random);
  for (const BaselinesSection::HandMadeName& each : section.hand_made) {
    const std::string& architecture = std::ranges::find(known, each.name, &HandMade::name)->architecture;
    const Widths widths(run, config.search_space, architecture);
    all.push_back({.name = each.name,
                   .random = false,
                   .search_space = widths.at(widths.nearest_to(parameters)),
                   .architecture = architecture});
  }
  const std::vector<std::string> names = section.names();
  for (std::size_t i = 0; i < section.random; ++i)
    all.push_back({.name = names[section.hand_made.size() + i],
                   .random = true,
                   .search_space = config.search_space,
                   .architecture = random_architecture(config, run, i)});
  return all;
}

}  // namespace espalier::host
