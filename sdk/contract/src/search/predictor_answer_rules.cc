#include "search/predictor_answer_rules.h"

#include <future>

namespace espalier::contract {
namespace {

void depends_on_its_fit_alone(const PredictorUnderTest& tested) {
  const auto space = make_additive_space();
  const std::vector<Architecture> asked = tested.labels(*space, "asked").architectures;
  const auto first = predictions(*tested.fit(*space), asked);
  (void)tested.fit(*space, 8);
  expect(predictions(*tested.fit(*space), asked) == first,
         "another instance, fitted alike, predicts otherwise");
}

void forgets_earlier_fits(const PredictorUnderTest& tested) {
  const auto space = make_additive_space();
  const std::vector<Architecture> asked = tested.labels(*space, "asked").architectures;
  const Labeled other = tested.labels(*space, "other");
  const auto predictor = tested.adapt(*space);
  predictor->fit(other.architectures, other.values, 3);
  const Labeled known = tested.labels(*space, "known");
  predictor->fit(known.architectures, known.values, 7);
  expect(predictions(*predictor, asked) == predictions(*tested.fit(*space), asked),
         "fitted twice, it predicts otherwise than an instance that had only the second fit");
}

void predicts_alike(const PredictorUnderTest& tested) {
  const auto space = make_additive_space();
  const std::vector<Architecture> asked = tested.labels(*space, "asked").architectures;
  const auto predictor = tested.fit(*space);
  const auto first = predictions(*predictor, asked);
  expect(predictions(*predictor, asked, /*backwards=*/true) == first,
         "asked again in another order, it predicts otherwise");
}

void predicts_threads_alike(const PredictorUnderTest& tested) {
  const auto space = make_additive_space();
  const std::vector<Architecture> asked = tested.labels(*space, "asked").architectures;
  const auto predictor = tested.fit(*space);
  const auto expected = predictions(*predictor, asked);
  auto one = std::async(std::launch::async, [&] { return predictions(*predictor, asked); });
  auto other = std::async(std::launch::async, [&] { return predictions(*predictor, asked, true); });
  expect(one.get() == expected && other.get() == expected, "two threads got other predictions than one");
}

}  // namespace

void add_predictor_answer_rules(RuleList<PredictorUnderTest>& rules) {
  rules.add({"DependsOnItsFitAlone", "predictions depend only on the options and the arguments of fit()",
             "a search with the predictor cannot be repeated or resumed",
             "draw from an Rng of the given seed, and use neither clocks nor variables that instances share"},
            depends_on_its_fit_alone);
  rules.add({"ForgetsEarlierFits", "fit() replaces whatever was fitted before",
             "what a search finds depends on how often it fitted its predictor, and a resume changes it",
             "clear in fit_impl() whatever an earlier fit left"},
            forgets_earlier_fits);
  rules.add({"PredictsAlike", "a prediction depends only on the fit and the architecture",
             "a search with the predictor cannot be repeated or resumed",
             "draw nothing and count nothing in predict_impl()"},
            predicts_alike);
  rules.add({"PredictsThreadsAlike", "predict() may be called from several threads at once",
             "predictions that are computed side by side disturb each other",
             "keep no buffer in members or in thread_local variables"},
            predicts_threads_alike);
}

}  // namespace espalier::contract
