#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "espalier/contract/predictor.h"
#include "espalier/random/random.h"
#include "espalier/search/predictor.h"
#include "rules/plugin_under_test.h"
#include "space/small_spaces.h"

namespace espalier::contract {

/// Architectures that a predictor is fitted to or asked about, and their values.
struct Labeled {
  std::vector<Architecture> architectures;
  std::vector<double> values;
};

/// What each choice adds to the value of an architecture: the simplest target that a predictor must learn.
double additive_value(const Architecture& architecture);

/// Six choices with five candidates each, as NAS-Bench-201 has them.
std::unique_ptr<SearchSpace> make_additive_space();

struct PredictorUnderTest {
  PredictorUnderTest(const std::string& name, const PredictorCase& given)
      : plugin(std::make_shared<PluginUnderTest>("predictor", name, given.plugin_path, given.options)),
        how(given) {}

  std::unique_ptr<Predictor> adapt(const SearchSpace& space) const {
    return adapt(plugin->make<Predictor>(), space);
  }
  static std::unique_ptr<Predictor> adapt(std::unique_ptr<Predictor> predictor, const SearchSpace& space);
  /// Fitted to labels(space, "known"), with this seed.
  std::unique_ptr<Predictor> fit(const SearchSpace& space, std::uint64_t seed = 7) const;
  /// As many architectures as a fit has; others for each stream.
  Labeled labels(const SearchSpace& space, const std::string& stream) const;
  /// The spaces of the suite and those of the case.
  std::vector<std::unique_ptr<SearchSpace>> spaces() const;

  std::shared_ptr<const PluginUnderTest> plugin;
  PredictorCase how;
};

/// The predictions for some architectures, as mean, deviation, mean, …; asked from the last one if
/// `backwards`.
std::vector<double> predictions(const Predictor& predictor, const std::vector<Architecture>& architectures,
                                bool backwards = false);

}  // namespace espalier::contract
