#include "bilevel_search.h"
#include "espalier/network/compile/execution.h"
#include "espalier/network/one_shot/supernet_file.h"
#include "espalier/network/training/image_set.h"
#include "espalier/network/training/network_weights.h"
#include "espalier/plugin/plugin.h"
#include "espalier/plugin/uses_all_cores.h"
#include "espalier/search/inherits_weights.h"
#include "espalier/search/objective_function.h"
#include "espalier/search/report.h"
#include "espalier/search/trainer.h"

using namespace espalier;

/// Trains a supernet and its architecture parameters together (bilevel optimization, Liu et al., 2019): the
/// weights learn from one part of the training images, the architecture from the other.
class OneShotTrainer final : public Trainer,
                             public UsesAllCores,
                             public NetworkWeights,
                             public InheritsWeights {
 public:
  explicit OneShotTrainer(const Config& config)
      : execution_(config),
        options_{
            .training = {.sgd = SgdOptions::from(config, {}),
                         .accumulation = config.integer("accumulation", 1,
                                                        "into how many parts a batch is divided, which are "
                                                        "computed one after the other to save memory",
                                                        between(1, 1'000'000))},
            .images = ImageOptions::from(config, 0.5,
                                         "the fraction of the images that the weights learn from; the "
                                         "architecture learns from the rest"),
            .augmentation = Augmentation::from(config, {}),
            .checkpoint_steps =
                config.integer<std::uint64_t>("checkpoint_steps", 0,
                                              "how many steps lie between two checkpoints within an epoch; "
                                              "0: no checkpoint within an epoch",
                                              between(0, 1'000'000'000))} {}

  bool uses_all_cores() const override { return true; }

  StoredTensors inherited_weights(const SearchSpace& space, const Architecture& architecture,
                                  const Dataset& dataset, std::string_view supernet,
                                  const std::string& where) const override {
    constexpr std::uint64_t recalibration_batches = 100;
    return espalier::inherited_weights(supernet, where, space, architecture, dataset, execution_.start(),
                                       recalibration_batches);
  }

 protected:
  CompileOptions compile_options() const override { return execution_.start(); }
  Purpose purpose() const override { return Purpose::search; }

  void check_impl(const Optimizer& optimizer, const Resources& resources) const override {
    if (dynamic_cast<const OneShotOptimizer*>(&optimizer) == nullptr) {
      throw UsageError(
          {.what = "the trainer \"one_shot\" cannot drive the optimizer \"" + optimizer.name() + "\"",
           .expected = "an optimizer that relaxes the search space, such as darts or gdas",
           .remedy = "write trainer: discrete for an optimizer that asks for architectures"});
    }
    optimizer.space().check_supernet();
    check_fit(optimizer.space(), resources.dataset, "the trainer \"one_shot\"");
  }

  SearchResult search_impl(Optimizer& driven, const Resources& resources, Journal& journal) override {
    auto& optimizer = dynamic_cast<OneShotOptimizer&>(driven);
    BilevelSearch search(options_, execution_.start(), optimizer, resources, journal);
    search.run();
    SearchResult result;
    result.architecture = optimizer.final_architecture();
    result.epochs = static_cast<std::uint64_t>(search.epochs());
    result.supernet =
        save_supernet(optimizer.network(), optimizer.space(),
                      {.dataset = *resources.dataset, .options = options_.images, .seed = optimizer.seed()});
    result.undecided = undecided(optimizer.strengths());
    if (resources.objective != nullptr)
      result.values = known_values(*resources.objective, result.architecture);
    if (resources.report != nullptr) result.report = resources.report->value(result.architecture);
    return result;
  }

 private:
  Execution execution_;
  SearchOptions options_;
};

ESPALIER_TRAINER(one_shot, OneShotTrainer, "1.0.0")
