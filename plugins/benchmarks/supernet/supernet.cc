#include <filesystem>
#include <map>
#include <mutex>

#include "espalier/network/compile/execution.h"
#include "espalier/network/one_shot/inherited_accuracy.h"
#include "espalier/network/one_shot/single_path.h"
#include "espalier/network/one_shot/supernet_file.h"
#include "espalier/plugin/plugin.h"
#include "espalier/plugin/reads_files.h"
#include "espalier/plugin/uses_all_cores.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/needs_preparation.h"
#include "espalier/search/optimizer.h"
#include "espalier/search/trainer.h"

using namespace espalier;

/// Judges an architecture by the weights that it inherits from a supernet, on images that these have not seen
/// (Guo et al., 2020). The supernet comes from a file, or is trained as the benchmark's preparation.
class Supernet final : public Benchmark, public NeedsPreparation, public ReadsFiles, public UsesAllCores {
 public:
  explicit Supernet(const Config& config)
      : execution_(config),
        file_(config.path(
            "file",
            "the path of a supernet.safetensors, or of the folder of the search that left it; empty: "
            "a supernet is trained first, as optimizer and trainer say")),
        optimizer_(config.component<Optimizer>("optimizer", "spos", "what trains the supernet",
                                               ConfigValue::map({{"generations", ConfigValue::of("0")}}))),
        trainer_(config.component<Trainer>("trainer", "one_shot", "what drives that optimizer")),
        seed_(config.integer<std::uint64_t>("seed", 0, "the seed of the supernet that is trained")),
        batch_size_(config.integer<std::size_t>("batch_size", 64, "how many images are computed at once",
                                                between(1, 1'000'000))),
        accuracy_(InheritedAccuracy::from(config)) {}

  bool uses_all_cores() const override { return execution_.uses_all_cores(); }
  bool needs_preparation() const override { return file_.empty(); }
  std::vector<std::filesystem::path> files() const override {
    return file_.empty() ? std::vector<std::filesystem::path>() : std::vector{supernet_file(file_)};
  }

  std::string prepare(Journal& journal) override {
    return trainer_->search(*optimizer_, {.dataset = dataset()}, journal).supernet;
  }
  void load_preparation(std::string_view bytes) override {
    use(load_supernet(bytes, "what was prepared", space(), *dataset(), compiled(space())));
  }

 protected:
  std::vector<Metric> metrics_impl() const override {
    return {
        {.name = "validation_accuracy",
         .unit = "%",
         .help = "accuracy with inherited weights, on the images that the supernet's weights have not seen"}};
  }

  void adapt_impl(const SearchSpace& space) override {
    space.check_supernet();
    check_fit(space, dataset(), "the benchmark \"supernet\"");
    path_.emplace(space);
    if (!file_.empty()) return use(load_supernet(file_, space, *dataset(), compiled(space)));
    optimizer_->adapt({.space = space, .seed = seed_});
    trainer_->check(*optimizer_, {.dataset = dataset()});
  }

  double value_impl(const Architecture& architecture, const Lookup&) const override {
    constexpr double kPercent = 100.0;
    const std::lock_guard lock(mutex_);
    const auto [known, is_new] = known_.try_emplace(architecture);
    if (is_new) {
      path_->take(architecture);
      known->second = kPercent * accuracy_.measure(*network_, *images_).correct;
    }
    return known->second;
  }

 private:
  Network& compiled(const SearchSpace& space) {
    network_ = compile(path_->supernet(), space.input_shape(), Purpose::search, execution_.start());
    return *network_;
  }
  void use(const DividedImages& images) {
    LoaderOptions loader = LoaderOptions::from(execution_.start());
    loader.batch_size = batch_size_;
    images_.emplace(images, loader);
  }

  Execution execution_;
  std::filesystem::path file_;
  std::unique_ptr<Optimizer> optimizer_;
  std::unique_ptr<Trainer> trainer_;
  std::uint64_t seed_;
  std::size_t batch_size_;
  InheritedAccuracy accuracy_;
  std::shared_ptr<Network> network_;
  mutable std::mutex mutex_;  ///< of what follows, and of the network
  mutable std::optional<SinglePath> path_;
  mutable std::optional<SearchImages> images_;
  mutable std::map<Architecture, double> known_;
};

ESPALIER_BENCHMARK(supernet, Supernet, "1.0.0")
