// The plugins of this repository keep the rules that are asked of everyone's: those that run networks.
#include "espalier/contract/benchmark.h"
#include "espalier/contract/network.h"
#include "espalier/contract/one_shot_optimizer.h"
#include "espalier/contract/trainer.h"
#include "paths.h"

namespace {

const espalier::contract::Companion kSpace = {
    .name = "nasbench201", .options = "{channels: 2, cells_per_stage: 1, image_size: 8, classes: 4}"};
const espalier::contract::Companion kImages = {
    .name = "synthetic", .options = "{image_size: 8, classes: 4, train_size: 64, test_size: 16}"};
const espalier::contract::Companion kLargeImages = {
    .name = "synthetic", .options = "{image_size: 32, classes: 4, train_size: 64, test_size: 16}"};

}  // namespace

ESPALIER_NETWORK_CONTRACT(nasbench201, {.options = "{channels: 4, cells_per_stage: 1, image_size: 8}"});
ESPALIER_NETWORK_CONTRACT(nasbench101, {.options = "{channels: 6, cells_per_stack: 1, image_size: 8}"});
ESPALIER_NETWORK_CONTRACT(
    darts, {.options = "{channels: 2, cells: 3, image_size: 29, classes: 4, evaluation_channels: 4, "
                       "evaluation_cells: 3}"});
ESPALIER_NETWORK_CONTRACT(hierarchical,
                          {.options = "{channels: 2, image_size: 8, classes: 4, evaluation_channels: 4, "
                                      "evaluation_cells_per_stage: 1}"});
ESPALIER_NETWORK_CONTRACT(nasbench_macro, {.options = "{channels: 2, image_size: 8, classes: 4}"});
ESPALIER_NETWORK_CONTRACT(transnas101_micro, {.options = "{channels: 2, image_size: 32, classes: 4}"});
ESPALIER_NETWORK_CONTRACT(transnas101_macro, {.options = "{channels: 2, image_size: 16, classes: 4}"});

ESPALIER_ONE_SHOT_OPTIMIZER_CONTRACT(darts);
ESPALIER_ONE_SHOT_OPTIMIZER_CONTRACT(darts, {.options = "{order: 2}", .label = "darts_second_order"});
ESPALIER_ONE_SHOT_OPTIMIZER_CONTRACT(gdas);
ESPALIER_ONE_SHOT_OPTIMIZER_CONTRACT(pc_darts, {.options = "{warm_up_epochs: 1}"});
ESPALIER_ONE_SHOT_OPTIMIZER_CONTRACT(spos,
                                     {.options = "{generations: 2, population: 3, recalibration_batches: 1}",
                                      .learns_architecture = false});
ESPALIER_ONE_SHOT_OPTIMIZER_CONTRACT(enas, {.options = "{controller_steps: 2, samples: 2, final_samples: 3}",
                                            .learns_architecture = false});
#ifndef ESPALIER_SANITIZED  // there, the examples of the docs are not built
ESPALIER_ONE_SHOT_OPTIMIZER_CONTRACT(progressive_darts,
                                     {.plugin_path = {std::string(espalier::paths::build) + "/examples"}});
#endif

ESPALIER_BENCHMARK_CONTRACT(training,
                            {.options = "{epochs: 1, batch_size: 8, threads: 1, learning_rate: 0.1}",
                             .space = kSpace,
                             .dataset = kImages,
                             .architectures = 3});

ESPALIER_BENCHMARK_CONTRACT(latency,
                            {.options = "{repetitions: 6, warm_up: 0}", .space = kSpace, .architectures = 3});

ESPALIER_TRAINER_CONTRACT(
    one_shot,
    {.options = "{epochs: 2, batch_size: 8, checkpoint_steps: 1, threads: 1}",
     .search = {{.optimizer = {"gdas"}, .space = kSpace, .benchmark = {"nasbench201"}, .dataset = kImages}}});
ESPALIER_TRAINER_CONTRACT(from_scratch, {.options = "{epochs: 2, batch_size: 16, cutout: 0, threads: 1}",
                                         .search = std::nullopt,
                                         .training = {{.space = kSpace, .dataset = kImages}}});
ESPALIER_TRAINER_CONTRACT(from_scratch, {.options = "{epochs: 2, batch_size: 16, cutout: 0, threads: 1}",
                                         .label = "from_scratch_nasbench_macro",
                                         .search = std::nullopt,
                                         .training = {{.space = {"nasbench_macro",
                                                                 "{channels: 2, image_size: 8, classes: 4}"},
                                                       .dataset = kImages}}});
ESPALIER_TRAINER_CONTRACT(from_scratch, {.options = "{epochs: 2, batch_size: 16, cutout: 0, threads: 1}",
                                         .label = "from_scratch_transnas101_micro",
                                         .search = std::nullopt,
                                         .training = {{.space = {"transnas101_micro",
                                                                 "{channels: 2, image_size: 32, classes: 4}"},
                                                       .dataset = kLargeImages}}});
ESPALIER_TRAINER_CONTRACT(from_scratch, {.options = "{epochs: 2, batch_size: 16, cutout: 0, threads: 1}",
                                         .label = "from_scratch_transnas101_macro",
                                         .search = std::nullopt,
                                         .training = {{.space = {"transnas101_macro",
                                                                 "{channels: 2, image_size: 32, classes: 4}"},
                                                       .dataset = kLargeImages}}});
