#include "espalier/network/training/scratch_training.h"

namespace espalier {

ScratchOptions ScratchOptions::from(const Config& config, const ScratchOptions& defaults) {
  return {.sgd = SgdOptions::from(config, defaults.sgd),
          .auxiliary_weight = config.number(
              "auxiliary_weight", defaults.auxiliary_weight,
              "the weight of the auxiliary head's loss, where the search space has such a head", at_least(0)),
          .drop_path = config.number("drop_path", defaults.drop_path,
                                     "the probability of dropping a path, to which it rises linearly from 0",
                                     between(0.0, 0.99)),
          .augmentation = Augmentation::from(config, defaults.augmentation)};
}

}  // namespace espalier
