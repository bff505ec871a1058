// The plugins of this repository keep the rules that are asked of everyone's.
#include "contract/dataset_files.h"
#include "espalier/contract/benchmark.h"
#include "espalier/contract/dataset.h"
#include "espalier/contract/optimizer.h"
#include "espalier/contract/predictor.h"
#include "espalier/contract/search_space.h"
#include "espalier/contract/trainer.h"
#include "paths.h"

using espalier::testing::data_folder;

namespace {

/// A small ensemble in the form of the official ones.
std::string official_surrogate(const std::string& kind) {
  return std::string(espalier::paths::fixtures) + "/nasbench301/xgboost-1.0.2_lightgbm-2.3.1/" + kind +
         "_converted";
}

}  // namespace

ESPALIER_OPTIMIZER_CONTRACT(random_search,
                            {.spaces = {{"nasbench201"}, {"nasbench101"}, {"darts"}, {"hierarchical"}}});
ESPALIER_OPTIMIZER_CONTRACT(regularized_evolution,
                            {.options = "{population_size: 8, sample_size: 3}",
                             .spaces = {{"nasbench201"}, {"nasbench101"}, {"darts"}, {"hierarchical"}}});
ESPALIER_OPTIMIZER_CONTRACT(local_search, {.spaces = {{"nasbench201"}, {"nasbench101"}, {"darts"}}});
ESPALIER_OPTIMIZER_CONTRACT(local_search, {.options = "{move: first}", .label = "local_search_first"});
ESPALIER_OPTIMIZER_CONTRACT(asha, {.options = "{eta: 2}", .spaces = {{"nasbench201"}, {"darts"}}});
ESPALIER_OPTIMIZER_CONTRACT(nsga2,
                            {.options = "{population_size: 8}", .spaces = {{"nasbench201"}, {"darts"}}});
ESPALIER_OPTIMIZER_CONTRACT(bananas,
                            {.options = "{predictor: ridge, initial: 5, round_size: 4, candidates: 20}",
                             .spaces = {{"nasbench201"}, {"darts"}}});

ESPALIER_SEARCH_SPACE_CONTRACT(nasbench201, {.options = "{cells_per_stage: 1}"});
// The published mutation flips each edge of seven vertices with some probability.
ESPALIER_SEARCH_SPACE_CONTRACT(nasbench101,
                               {.options = "{channels: 8, cells_per_stack: 1}", .mutants_jump = true});
ESPALIER_SEARCH_SPACE_CONTRACT(darts);
// A motif that the cell does not use has no effect.
ESPALIER_SEARCH_SPACE_CONTRACT(hierarchical, {.samples = 8, .networks = 2, .equal_networks = true});

// An identity changes nothing where it keeps the shape.
ESPALIER_SEARCH_SPACE_CONTRACT(nasbench_macro, {.options = "{channels: 4}", .equal_networks = true});
ESPALIER_SEARCH_SPACE_CONTRACT(transnas101_micro,
                               {.options = "{channels: 4, image_size: 32}", .equal_networks = true});
ESPALIER_SEARCH_SPACE_CONTRACT(transnas101_macro, {.options = "{channels: 4, image_size: 32}"});

ESPALIER_BENCHMARK_CONTRACT(nasbench201);
ESPALIER_BENCHMARK_CONTRACT(nasbench201, {.options = "{dataset: imagenet16_120, epochs: 12}",
                                          .label = "nasbench201_imagenet16"});

ESPALIER_BENCHMARK_CONTRACT(nasbench101);
// Of a hundred cells, some seven have a validation accuracy.
ESPALIER_BENCHMARK_CONTRACT(nasbench101, {.options = "{subset: validated}",
                                          .label = "nasbench101_validated",
                                          .architectures = 100});

ESPALIER_BENCHMARK_CONTRACT(nasbench301);
ESPALIER_BENCHMARK_CONTRACT(nasbench301, {.options = "{noise: true}", .label = "nasbench301_noise"});
ESPALIER_BENCHMARK_CONTRACT(nasbench301,
                            {.options = "{noise: true, accuracy_model: " + official_surrogate("xgb") +
                                        ", runtime_model: " + official_surrogate("lgb_time") + "}",
                             .label = "nasbench301_official"});

ESPALIER_BENCHMARK_CONTRACT(nasbench_macro);
ESPALIER_BENCHMARK_CONTRACT(transnas101);
ESPALIER_BENCHMARK_CONTRACT(transnas101, {.options = "{task: room_layout}",
                                          .label = "transnas101_macro",
                                          .space = {"transnas101_macro"}});

ESPALIER_TRAINER_CONTRACT(discrete, {.options = "{trials: 20}"});
ESPALIER_TRAINER_CONTRACT(discrete,
                          {.options = "{trials: 20, asked_ahead: 4}", .label = "discrete_asked_ahead"});

ESPALIER_DATASET_CONTRACT(synthetic, {.options = "{train_size: 40, test_size: 10, image_size: 8}"});
ESPALIER_DATASET_CONTRACT(cifar10, {.options = data_folder("cifar10"), .without_files = "{folder: nowhere}"});
ESPALIER_DATASET_CONTRACT(cifar100,
                          {.options = data_folder("cifar100"), .without_files = "{folder: nowhere}"});
ESPALIER_DATASET_CONTRACT(imagenet16_120,
                          {.options = data_folder("imagenet16_120"), .without_files = "{folder: nowhere}"});
ESPALIER_DATASET_CONTRACT(fashion_mnist,
                          {.options = data_folder("fashion_mnist"), .without_files = "{folder: nowhere}"});
ESPALIER_DATASET_CONTRACT(svhn, {.options = data_folder("svhn"), .without_files = "{folder: nowhere}"});
ESPALIER_DATASET_CONTRACT(image_folder,
                          {.options = data_folder("image_folder"), .without_files = "{folder: nowhere}"});

ESPALIER_PREDICTOR_CONTRACT(ridge, {.spaces = {{"nasbench201"}, {"darts"}, {"hierarchical"}}});
ESPALIER_PREDICTOR_CONTRACT(mlp_ensemble, {.options = "{members: 2, layers: 3, epochs: 60}",
                                           .spaces = {{"nasbench201"}, {"darts"}}});
