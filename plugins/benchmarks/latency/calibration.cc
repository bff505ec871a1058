#include "calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/random/random.h"
#include "espalier/search/interrupted.h"
#include "measuring_engine.h"

using namespace espalier;

namespace {

constexpr int kFormat = 1;
constexpr std::size_t kLookedAt = 300;  // further architectures whose units are timed, too
constexpr std::size_t kMostUnits = 1000;

/// Up to `count` distinct architectures, in the order in which they were drawn.
std::vector<Architecture> distinct_samples(const SearchSpace& space, std::size_t count, std::uint64_t seed) {
  static constexpr RngStream kStream("latency");
  constexpr std::size_t kDrawsOfEach = 20;
  std::set<Architecture> known;
  std::vector<Architecture> samples;
  samples.reserve(count);
  for (std::size_t draw = 0; draw < kDrawsOfEach * count && samples.size() < count; ++draw) {
    Rng rng(seed, kStream, draw);
    Architecture sample = space.sample(rng);
    if (known.insert(sample).second) samples.push_back(std::move(sample));
  }
  return samples;
}

/// The units that are timed alone, the most frequent ones first, and what of their times is not theirs.
struct UnitsToTime {
  std::vector<Unit> units;
  std::vector<LayerGraph> rests;     ///< the first is that of a whole network
  std::vector<std::size_t> rest_of;  ///< by unit, the index of its rest

  std::size_t size() const { return units.size() + rests.size(); }
  const LayerGraph& network(std::size_t index) const {
    return index < units.size() ? units[index].layers : rests[index - units.size()];
  }
};

class UnitCollection {
 public:
  void add(const std::vector<Unit>& network) {
    for (const Unit& unit : network) {
      if (!unit.measurable) continue;
      auto [found, is_new] = counts_.try_emplace(unit.signature());
      if (is_new) found->second.unit = unit;
      ++found->second.count;
    }
  }

  UnitsToTime take(const Shape& input) {
    std::vector<Counted> all;
    all.reserve(counts_.size());
    for (auto& [signature, counted] : counts_) all.push_back(std::move(counted));
    std::ranges::stable_sort(all, std::greater(), &Counted::count);
    if (all.size() > kMostUnits) all.resize(kMostUnits);
    UnitsToTime result;
    result.rests.push_back({.input = input, .nodes = {}});
    std::map<std::string, std::size_t> known;  // rests by signature
    for (Counted& counted : all) {
      const Unit rest{.layers = counted.unit.rest()};
      const auto [found, is_new] = known.try_emplace(rest.signature(), result.rests.size());
      if (is_new) result.rests.push_back(rest.layers);
      result.rest_of.push_back(found->second);
      result.units.push_back(std::move(counted.unit));
    }
    return result;
  }

 private:
  struct Counted {
    Unit unit;
    std::size_t count = 0;
  };
  std::map<std::string, Counted> counts_;  ///< by signature
};

/// Both parts of the measurements, one after the other, with checkpoints.
class Timing {
 public:
  Timing(Rounds& units, Rounds& networks, Journal& journal)
      : units_(units), networks_(networks), journal_(journal) {}

  void run(Engine& engine) {
    versions_ = engine.versions();
    if (const auto state = journal_.restore()) restore(*state);
    run(units_, engine, "timing layers alone");
    run(networks_, engine, "timing whole networks");
  }

 private:
  void restore(const nlohmann::json& state) {
    check_versions(state.value("versions", std::string()), versions_);
    units_.restore(state.at("units"));
    networks_.restore(state.at("networks"));
  }

  void run(Rounds& rounds, Engine& engine, const char* what) {
    while (!rounds.finished()) {
      rounds.step(engine);
      journal_.progress(units_.done() + networks_.done(), units_.steps() + networks_.steps(), what);
      const bool stop = journal_.stop_requested();
      if (stop || journal_.checkpoint_due())
        journal_.checkpoint(
            {{"units", units_.state()}, {"networks", networks_.state()}, {"versions", versions_}});
      if (stop) throw Interrupted::after_checkpoint();
    }
  }

  Rounds& units_;
  Rounds& networks_;
  Journal& journal_;
  std::string versions_;  ///< of the engine
};

/// How many of `all` networks are held out, where there are fewer than were asked for.
std::size_t held_out_of(std::size_t all, const CalibrationOptions& options) {
  if (all == options.samples + options.held_out) return options.held_out;
  return std::max<std::size_t>(2, all * options.held_out / (options.samples + options.held_out));
}

std::vector<Architecture> drawn(const SearchSpace& space, const CalibrationOptions& options) {
  std::vector<Architecture> architectures =
      distinct_samples(space, options.samples + options.held_out, options.seed);
  constexpr std::size_t kFewest = 4;
  if (architectures.size() < kFewest)
    throw UsageError(
        {.what = fmt::format("the search space \"{}\" gave {} distinct architecture{}, and latencies "
                             "cannot be predicted from so few",
                             space.name(), architectures.size(), architectures.size() == 1 ? "" : "s"),
         .where = "benchmark latency",
         .expected = fmt::format("{} or more", kFewest),
         .remedy = "measure each architecture: write predict: false"});
  return architectures;
}

}  // namespace

Calibration calibrate(const SearchSpace& space, Engine& engine, const CalibrationOptions& options,
                      Journal& journal) {
  const std::vector<Architecture> architectures = drawn(space, options);
  const std::size_t held_out = held_out_of(architectures.size(), options);
  const std::size_t fitted = architectures.size() - held_out;

  UnitCollection collection;
  std::vector<std::vector<Unit>> networks;
  networks.reserve(architectures.size());
  for (const Architecture& architecture : architectures)
    collection.add(networks.emplace_back(units_of(space.layers(architecture))));
  for (const Architecture& architecture : distinct_samples(space, kLookedAt, options.seed + 1))
    collection.add(units_of(space.layers(architecture)));
  const UnitsToTime units = collection.take(space.input_shape());

  Rounds of_units(
      units.size(), [&](std::size_t i) { return units.network(i); }, options.effort);
  // Those that are held out are timed once more, behind all others.
  Rounds of_networks(
      architectures.size() + held_out,
      [&](std::size_t i) { return space.layers(architectures[i < architectures.size() ? i : i - held_out]); },
      options.effort);
  Timing(of_units, of_networks, journal).run(engine);

  const std::vector<Reading> alone = of_units.readings();
  const std::vector<Reading> whole = of_networks.readings();
  Calibration result{.model = {},
                     .validation = {},
                     .space = space.name(),
                     .engine = engine.describe(),
                     .versions = engine.versions()};
  for (std::size_t i = 0; i < units.units.size(); ++i) {
    const Reading& rest = alone[units.units.size() + units.rest_of[i]];
    result.model.add(units.units[i], alone[i].median - rest.median);
  }
  std::vector<double> times;
  times.reserve(fitted);
  for (std::size_t i = 0; i < fitted; ++i) times.push_back(whole[i].median);
  const auto first_held_out = networks.begin() + static_cast<std::ptrdiff_t>(fitted);
  result.model.fit({networks.begin(), first_held_out}, times, alone[units.units.size()].median);

  std::vector<double> predicted;
  predicted.reserve(held_out);
  for (auto network = first_held_out; network != networks.end(); ++network)
    predicted.push_back(result.model.predict(*network));
  const auto begin = whole.begin() + static_cast<std::ptrdiff_t>(fitted);
  const auto middle = whole.begin() + static_cast<std::ptrdiff_t>(architectures.size());
  result.validation = Validation::of(predicted, {begin, middle}, {middle, whole.end()});
  return result;
}

std::string Calibration::to_text() const {
  return nlohmann::json({{"format", kFormat},
                         {"space", space},
                         {"engine", engine},
                         {"versions", versions},
                         {"validation", validation.to_json()},
                         {"model", model.to_json()}})
      .dump(1);
}

Calibration Calibration::from_text(std::string_view text, const std::string& where) try {
  const nlohmann::json json = nlohmann::json::parse(text);
  if (json.at("format").get<int>() != kFormat)
    throw Error({.what = "the latency table has another format",
                 .where = where,
                 .expected = fmt::format("format {}", kFormat),
                 .remedy = "prepare it again"});
  return {.model = LatencyModel::from_json(json.at("model")),
          .validation = Validation::from_json(json.at("validation")),
          .space = json.at("space").get<std::string>(),
          .engine = json.at("engine").get<std::string>(),
          .versions = json.value("versions", std::string())};
} catch (const nlohmann::json::exception&) {
  throw Error({.what = "the latency table is damaged",
               .where = where,
               .expected = "a file prepared.bin that a run left",
               .remedy = "prepare it again"});
}
