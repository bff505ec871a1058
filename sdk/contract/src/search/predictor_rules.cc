#include <algorithm>

#include "rules/option_rules.h"
#include "search/predictor_answer_rules.h"
#include "search/predictor_state_rules.h"
#include "search/predictor_under_test.h"

namespace espalier::contract {
namespace {

void adapts_to_every_space(const PredictorUnderTest& tested) {
  for (const auto& space : tested.spaces()) {
    during("on " + space->name(), [&] {
      const auto predictor = tested.fit(*space);
      (void)predictions(*predictor, tested.labels(*space, "asked").architectures);
    });
  }
}

void fits_any_values(const PredictorUnderTest& tested) {
  const auto space = make_additive_space();
  const Labeled known = tested.labels(*space, "known");
  const auto fit = [&](const std::string& what, std::size_t count,
                       const std::function<double(std::size_t)>& value) {
    during("fitted to " + what, [&] {
      const std::vector<Architecture> architectures(
          known.architectures.begin(), known.architectures.begin() + static_cast<std::ptrdiff_t>(count));
      std::vector<double> values;
      for (std::size_t i = 0; i < count; ++i) values.push_back(value(i));
      const auto predictor = tested.adapt(*space);
      predictor->fit(architectures, values, 0);
      (void)predictions(*predictor, known.architectures);
    });
  };
  const std::size_t all = known.values.size();
  fit("one architecture", 1, [&](std::size_t i) { return known.values[i]; });
  fit("values that are all equal", all, [](std::size_t) { return 0.1; });
  fit("values that are all 0", all, [](std::size_t) { return 0.0; });
  fit("values between 0 and 1e-9", all, [&](std::size_t i) { return 1e-11 * known.values[i]; });
  fit("values near -1e9", all, [&](std::size_t i) { return -1e9 - 1e7 * known.values[i]; });
  fit("values of which one is far off", all, [&](std::size_t i) { return i == 0 ? -1e6 : known.values[i]; });
}

void predicts_on_the_scale_of_its_values(const PredictorUnderTest& tested) {
  const auto space = make_additive_space();
  Labeled known = tested.labels(*space, "known");
  for (double& value : known.values) value = 1e4 + 100.0 * value;
  const auto predictor = tested.adapt(*space);
  predictor->fit(known.architectures, known.values, 0);
  double mean = 0.0;
  for (const Architecture& architecture : known.architectures)
    mean += predictor->predict(architecture).mean / static_cast<double>(known.values.size());
  const auto [least, most] = std::ranges::minmax(known.values);
  expect(mean >= least && mean <= most,
         "fitted to values between {:.1f} and {:.1f}, it expects {:.1f} on average", least, most, mean);
}

/// Kendall's tau between `values` and the means: 1 where the order is the same, 0 where it is chance.
double rank_correlation(const std::vector<double>& values, const std::vector<double>& predicted) {
  double sum = 0.0;
  double pairs = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (values[i] == values[j]) continue;
      const double product = (values[i] - values[j]) * (predicted[2 * i] - predicted[2 * j]);
      sum += product > 0 ? 1.0 : product < 0 ? -1.0 : 0.0;
      ++pairs;
    }
  }
  return sum / std::max(pairs, 1.0);
}

void learns_from_its_values(const PredictorUnderTest& tested) {
  constexpr double kLeast = 0.2;  // chance alone gives less than 0.15 in 95 of 100 cases
  const auto space = make_additive_space();
  const Labeled asked = tested.labels(*space, "asked");
  const double tau = rank_correlation(asked.values, predictions(*tested.fit(*space), asked.architectures));
  expect(tau >= kLeast,
         "fitted to {} architectures whose value is a sum over their choices, it ranks others with a Kendall "
         "tau of "
         "{:.2f}, not at least {}",
         tested.how.architectures, tau, kLeast);
}

}  // namespace

std::vector<Rule> predictor_rules(const std::string& name, const PredictorCase& how) {
  const auto tested = std::make_shared<const PredictorUnderTest>(name, how);
  const auto use = [tested](std::unique_ptr<Plugin> plugin) {
    const auto space = make_additive_space();
    const auto predictor =
        PredictorUnderTest::adapt(PluginUnderTest::as<Predictor>(std::move(plugin)), *space);
    const Labeled known = tested->labels(*space, "known");
    predictor->fit(known.architectures, known.values, 0);
    (void)predictor->predict(known.architectures.front());
    predictor->load(predictor->save());
  };
  RuleList<PredictorUnderTest> rules(tested, option_rules(tested->plugin, use));
  rules.add(
      {"AdaptsToEverySpace", "a predictor is fitted on any space, from two architectures to more than 2^64",
       "a search on another space ends with an error",
       "use the encodings of space(), whose lengths follow from space().choices()"},
      adapts_to_every_space);
  rules.add(
      {"FitsAnyValues",
       "fit() takes a single value, equal values and values of any scale, and every prediction is finite",
       "a search ends with an error in its first trials, or on another benchmark",
       "standardize the values, and do not divide by a deviation that may be 0"},
      fits_any_values);
  rules.add({"PredictsOnTheScaleOfItsValues", "the predicted means have the unit and the level of the values",
             "an optimizer compares predictions with the best value so far, and always or never expects more",
             "undo in predict_impl() what fit_impl() did to standardize the values"},
            predicts_on_the_scale_of_its_values);
  rules.add(
      {"LearnsFromItsValues",
       "fitted to sums over the choices, it ranks other architectures better than chance",
       "a search with the predictor is a slow random search", "see whether higher values get higher means"},
      learns_from_its_values);
  add_predictor_answer_rules(rules);
  add_predictor_state_rules(rules);
  return rules.take();
}

}  // namespace espalier::contract
