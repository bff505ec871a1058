#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/cuda.h>

#include <algorithm>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/host/host.h"
#include "espalier/layers/primitives.h"
#include "espalier/network/compile/weights_file.h"
#include "espalier/network/training/scratch_training.h"
#include "espalier/search/objective_function.h"
#include "network/training/file_of_bytes.h"
#include "network/training/memory_journal.h"
#include "sanitized.h"

namespace espalier::testing {
namespace {

constexpr const char* kSmallImages = "{image_size: 32, classes: 4, train_size: 16, test_size: 12}";
constexpr const char* kTraining = "batch_size: 4, threads: 1, crop_padding: 0, cutout: 0, flip: false";

const std::vector<std::string> kOneShot = {"darts", "gdas", "pc_darts", "spos", "enas"};

/// An optimizer and a space.
using Pair = std::tuple<const char*, const char*>;

/// All pairs; with sanitizers, where each takes half a minute, every space once and the optimizers that come
/// first. A space without a supernet has none with the optimizers that train one, the first five.
std::vector<Pair> pairs() {
  const std::vector<const char*> optimizers = {
      "darts",        "gdas", "pc_darts", "spos",   "enas", "random_search", "regularized_evolution",
      "local_search", "asha", "nsga2",    "bananas"};
  const std::vector<const char*> spaces = {
      "nasbench201",       "nasbench101",      "darts", "hierarchical", "tiny", "nasbench_macro",
      "transnas101_micro", "transnas101_macro"};
  std::vector<Pair> found;
  for (std::size_t i = 0; i < optimizers.size(); ++i) {
    for (std::size_t j = 0; j < spaces.size(); ++j) {
      const bool needs_supernet = i < kOneShot.size();
      const bool possible = !needs_supernet || spaces[j] != std::string("transnas101_macro");
      if (possible && (!kSanitized || j == i)) found.emplace_back(optimizers[i], spaces[j]);
    }
  }
  return found;
}

/// Two edges to choose on, and an auxiliary head.
class TinySpace final : public SearchSpace {
 public:
  TinySpace() : SearchSpace(definition()) { set_name("tiny"); }

 private:
  static SpaceDefinition definition() {
    Graph macro("macro");
    macro.add_node_range(1, 5).add_edges({{1, 2}, {2, 3}, {3, 4}, {4, 5}});
    macro.edge(1, 2).set_op(primitives::conv_bn_relu(2, 3, 4));
    for (const int node : {2, 3})
      macro.edge(node, node + 1).set_op(Candidates{primitives::identity(), primitives::relu_conv_bn(2, 3)});
    macro.edge(4, 5).set_op(primitives::classifier(4));
    macro.on_prepare_evaluation(
        [](Graph& graph) { graph.node(3).set_auxiliary_head(primitives::auxiliary_head(4)); });
    return {.graph = std::move(macro), .input_shape = {3, 32, 32}};
  }
};

std::unique_ptr<SearchSpace> make_space(host::Host& host, const std::string& name, int channels) {
  if (name == "tiny") return std::make_unique<TinySpace>();
  if (name == "nasbench101")  // whose output is shared out over up to five vertices
    return host.search_space(name, "{classes: 4, channels: 6, cells_per_stack: 1}");
  if (name == "nasbench_macro" || name.starts_with("transnas101"))
    return host.search_space(name,
                             "{classes: 4, image_size: 32, channels: " + std::to_string(2 * channels) + "}");
  const std::string options = name == "nasbench201" ? "cells_per_stage: 1"
                              : name == "darts"     ? "cells: 3, evaluation_channels: 1, evaluation_cells: 3"
                                                    : "evaluation_channels: 1, evaluation_cells_per_stage: 1";
  return host.search_space(name, "{classes: 4, channels: " + std::to_string(channels) + ", " + options + "}");
}

/// The promise of the paper: any optimizer on any space, and what it finds is a network that trains.
class EveryPair : public ::testing::TestWithParam<Pair> {
 protected:
  EveryPair() {
    if (one_shot()) return;
    const std::string epochs = optimizer() == "asha" ? "{epochs: 2, " : "{epochs: 1, ";
    benchmark_ = host_.benchmark("training", *space_, epochs + kTraining + "}", data_.get());
    objective_ = std::make_unique<ObjectiveFunction>(*benchmark_);
  }

  static std::string optimizer() { return std::get<0>(GetParam()); }
  static bool one_shot() { return std::ranges::find(kOneShot, optimizer()) != kOneShot.end(); }
  /// So that a search takes little time.
  static std::string options() {
    if (optimizer() == "regularized_evolution") return "{population_size: 2, sample_size: 1}";
    if (optimizer() == "asha") return "{eta: 2}";
    if (optimizer() == "nsga2") return "{population_size: 2}";
    if (optimizer() == "bananas") return "{predictor: ridge, initial: 2, round_size: 1, candidates: 4}";
    if (optimizer() == "pc_darts") return "{k: 2, warm_up_epochs: 0}";
    if (optimizer() == "spos") return "{generations: 2, population: 2, recalibration_batches: 1}";
    if (optimizer() == "enas") return "{controller_steps: 1, samples: 2, final_samples: 2}";
    return "";
  }

  SearchResult search(Journal& journal) {
    const auto trainer = one_shot() ? host_.trainer("one_shot", std::string("{epochs: 1, ") + kTraining + "}")
                                    : host_.trainer("discrete", "{trials: 3}");
    const auto driven = host_.optimizer(optimizer(), options());
    driven->adapt(objective_ ? objective_->problem(7) : SearchProblem{.space = *space_, .seed = 7});
    return trainer->search(*driven, {.objective = objective_.get(), .dataset = data_.get()}, journal);
  }

  TrainingResult evaluate(const Architecture& architecture, Journal& journal) {
    return host_.trainer("from_scratch", std::string("{epochs: 2, ") + kTraining + "}")
        ->evaluate(*space_, architecture, *data_, 7, journal);
  }

  host::Host host_;
  std::unique_ptr<SearchSpace> space_ =
      make_space(host_, std::get<1>(GetParam()), optimizer() == "pc_darts" ? 2 : 1);
  std::unique_ptr<Dataset> data_ = host_.dataset("synthetic", kSmallImages);
  std::unique_ptr<Benchmark> benchmark_;
  std::unique_ptr<ObjectiveFunction> objective_;
};

TEST_P(EveryPair, SearchesResumesTrainsAndReloads) {
  MemoryJournal whole;
  const SearchResult found = search(whole);
  space_->check(found.architecture);

  MemoryJournal interrupted;
  interrupted.stop_after = 1;
  EXPECT_THROW(search(interrupted), Interrupted);
  interrupted.stop_after = 1'000'000;
  const SearchResult resumed = search(interrupted);
  EXPECT_EQ(resumed.architecture, found.architecture);
  EXPECT_EQ(interrupted.events, whole.events);
  if (one_shot())
    EXPECT_EQ(interrupted.bytes, whole.bytes) << "weights, architecture, everything";
  else
    EXPECT_EQ(resumed.values, found.values);

  MemoryJournal training;
  training.stop_after = 3;
  EXPECT_THROW(evaluate(found.architecture, training), Interrupted);
  training.stop_after = 1'000'000;
  const TrainingResult trained = evaluate(found.architecture, training);
  MemoryJournal undisturbed;
  const TrainingResult again = evaluate(found.architecture, undisturbed);
  EXPECT_EQ(training.weights, undisturbed.weights);
  EXPECT_EQ(trained.test_loss, again.test_loss);

  CompileOptions same_device;
  same_device.device = torch::cuda::is_available() ? at::kCUDA : at::kCPU;
  ScratchTraining reloaded(*space_, found.architecture, load_images(*data_, Split::train),
                           {.sgd = {.batch_size = 4}}, same_device, 99);
  const FileOfBytes file(training.weights);
  load_weights(file.path(), reloaded.network());
  const BatchResult test = reloaded.test(load_images(*data_, Split::test));
  EXPECT_EQ(100.0 * test.correct, trained.test);
  EXPECT_EQ(test.loss, trained.test_loss);
  EXPECT_EQ(reloaded.network().named_parameters().contains("auxiliary_head.linear.weight"),
            space_->name() == "darts" || space_->name() == "tiny");
}

INSTANTIATE_TEST_SUITE_P(All, EveryPair, ::testing::ValuesIn(pairs()), [](const auto& pair) {
  return std::string(std::get<0>(pair.param)) + "_on_" + std::get<1>(pair.param);
});

}  // namespace
}  // namespace espalier::testing
