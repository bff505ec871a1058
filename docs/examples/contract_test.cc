#include <espalier/contract/dataset.h>
#include <espalier/contract/optimizer.h>
#include <espalier/contract/predictor.h>
#include <espalier/contract/search_space.h>

ESPALIER_OPTIMIZER_CONTRACT(hill_climbing, {.options = "{random: 5}"});
ESPALIER_SEARCH_SPACE_CONTRACT(tiny_space);
ESPALIER_SEARCH_SPACE_CONTRACT(depth_space);
ESPALIER_DATASET_CONTRACT(shapes, {.options = "{size: 20}"});
ESPALIER_PREDICTOR_CONTRACT(neighbor_mean);
