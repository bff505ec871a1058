#include "espalier/search/predictor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/plugin/plugin_state.h"
#include "plugin/plugin_answer.h"
#include "search/load_state.h"

namespace espalier {
namespace {

void check_lengths(std::size_t architectures, std::size_t values) {
  if (architectures > 0 && architectures == values) return;
  throw UsageError({.what = fmt::format("a fit to {} architectures and {} values", architectures, values),
                    .expected = "one value for each architecture, and at least one architecture"});
}

void check_finite(std::span<const double> values) {
  const auto found = std::ranges::find_if_not(values, [](double value) { return std::isfinite(value); });
  if (found == values.end()) return;
  throw Error({.what = fmt::format("value {} of a fit is {}", found - values.begin(), *found),
               .expected = "finite numbers",
               .remedy = "leave out architectures whose value is not known"});
}

}  // namespace

Predictor::~Predictor() = default;

void Predictor::adapt(const SearchSpace& space) {
  if (adapted()) {
    throw Error({.what = "the predictor \"" + name() + "\" has been adapted to a search space already",
                 .remedy = "create a predictor for each search space"});
  }
  space_ = &space;
  call_plugin(*this, "adapt()", [&] { adapt_impl(); });
}

void Predictor::fit(std::span<const Architecture> architectures, std::span<const double> values,
                    std::uint64_t seed) {
  check_adapted();
  check_lengths(architectures.size(), values.size());
  for (const Architecture& architecture : architectures) space().check(architecture);
  check_finite(values);
  fitted_ = false;
  call_plugin(*this, "fit()", [&] { fit_impl(architectures, values, seed); });
  fitted_ = true;
}

Prediction Predictor::predict(const Architecture& architecture) const {
  check_adapted();
  if (!fitted()) {
    throw Error({.what = "the predictor \"" + name() + "\" was asked for a prediction before it was fitted",
                 .remedy = "call fit() first"});
  }
  space().check(architecture);
  const Prediction prediction = call_plugin(*this, "predict()", [&] { return predict_impl(architecture); });
  check_answer(*this, "predict()", "mean", prediction.mean);
  check_not_negative(*this, "predict()", "deviation", prediction.deviation);
  return prediction;
}

nlohmann::json Predictor::save() const {
  nlohmann::json state = {{"predictor", name()}, {"fitted", fitted()}};
  if (adapted()) state["search_space"] = space().name();
  nlohmann::json& own = state["state"] = nlohmann::json::object();
  if (fitted()) call_plugin(*this, "save()", [&] { save_impl(own); });
  check_state(*this, "save()", own);
  return state;
}

void Predictor::load(const nlohmann::json& state) {
  fitted_ = false;
  load_state(*this, "predictor", "fit it again", [&] {
    if (!adapted()) throw Error({.what = "it has no search space yet", .remedy = "call adapt() first"});
    expect_equal(state, "predictor", name());
    expect_equal(state, "search_space", space().name());
    const bool fitted = state.at("fitted").get<bool>();
    const nlohmann::json& own = state.at("state");
    if (fitted) load_own_state(*this, [&] { load_impl(own); });
    fitted_ = fitted;
  });
}

void Predictor::check_adapted() const {
  if (adapted()) return;
  throw Error({.what = "the predictor \"" + name() + "\" was used before it knew its search space",
               .remedy = "call adapt() first"});
}

}  // namespace espalier
