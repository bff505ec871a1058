#include "search/trainer_training_rules.h"

#include <cmath>

#include "espalier/data/dataset.h"
#include "espalier/plan/layer_graph.h"
#include "espalier/random/random.h"
#include "search/recording_journal.h"

namespace espalier::contract {
namespace {

using nlohmann::json;

Job training_of(const TrainerUnderTest& tested) {
  return {.tested = &tested, .place = tested.training_place(), .searches = false};
}

void hands_over_its_weights(const TrainerUnderTest& tested) {
  const Job job = training_of(tested);
  RecordingJournal journal;
  job.run(journal);
  expect(journal.weights.size() == 1 && !journal.weights.front().empty(),
         "it handed over weights {} times, the first of {} bytes", journal.weights.size(),
         journal.weights.empty() ? 0 : journal.weights.front().size());
}

void tells_what_became_of_it(const TrainerUnderTest& tested) {
  const Job job = training_of(tested);
  RecordingJournal journal;
  const json result = job.run(journal);
  const auto test = result.at("test").get<double>();
  expect(std::isfinite(test) && test >= 0.0 && test <= 100.0,
         "the test accuracy is {}, not between 0 and 100", test);
  const auto loss = result.at("test_loss").get<double>();
  expect(std::isfinite(loss) && loss >= 0.0, "the test loss is {}", loss);
  Rng rng(0, "contract/training");
  const SearchSpace& space = *job.place.space;
  const LayerGraph layers =
      flatten(space.instantiate(space.sample(rng)), space.input_shape(), Purpose::evaluation);
  expect(result.at("parameters") == layers.parameters(), "the result has {} parameters, and the network {}",
         result.at("parameters").dump(), layers.parameters());
}

/// Three images of a shape that no space accepts.
class OddImages final : public Dataset {
 public:
  OddImages() { set_name("odd"); }
  Shape shape_impl() const override { return {.channels = 7, .height = 3, .width = 1}; }
  std::size_t classes_impl() const override { return 3; }
  Normalization normalization_impl() const override {
    return {.mean = std::vector<float>(7, 0.5F), .standard_deviation = std::vector<float>(7, 0.25F)};
  }

 protected:
  Images read_impl(Split) const override {
    return {.shape = shape(), .pixels = std::vector<std::uint8_t>(63, 1), .labels = {0, 1, 2}};
  }
};

void refuses_images_that_do_not_fit(const TrainerUnderTest& tested) {
  const Job job = training_of(tested);
  const OddImages odd;
  expect_refusal<UsageError>("check_evaluation() of images of 7×3×1", "UsageError",
                             [&] { tested.make()->check_evaluation(*job.place.space, odd); });
}

}  // namespace

void add_training_rules(RuleList<TrainerUnderTest>& rules) {
  rules.add({"HandsOverItsWeights", "a training hands its weights to the journal once, at the end",
             "the trained network is lost", "call journal.keep_weights() after the last epoch"},
            hands_over_its_weights);
  rules.add({"TellsWhatBecameOfIt",
             "the result has the test accuracy in percent, a finite loss, and the number of parameters of "
             "the network",
             "tables of results are wrong by a factor of a hundred, or show nan",
             "multiply fractions by 100, and count the parameters without the auxiliary head"},
            tells_what_became_of_it);
  rules.add({"RefusesImagesThatDoNotFit",
             "check_evaluation() throws UsageError for images that the space does not accept",
             "the mistake shows after the search, when all its time has been spent",
             "call check_trainable() of espalier/network/training/image_set.h in check_evaluation_impl()"},
            refuses_images_that_do_not_fit);
}

}  // namespace espalier::contract
