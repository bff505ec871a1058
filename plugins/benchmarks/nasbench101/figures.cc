#include "figures.h"

using espalier::Direction;
using espalier::Metric;

namespace nasbench101 {

Metric metric_of(Figure figure, bool partial) {
  switch (figure) {
    case Figure::validation_accuracy:
      return {.name = "validation_accuracy",
              .unit = "%",
              .help = "accuracy on validation images, of one training",
              .partial = partial};
    case Figure::test_accuracy:
      return {.name = "test_accuracy",
              .unit = "%",
              .help = "accuracy on test images, mean over the published trainings",
              .partial = partial};
    case Figure::train_seconds:
      return {.name = "train_seconds",
              .unit = "s",
              .direction = Direction::minimize,
              .help = "how long the training took, on the authors' hardware",
              .partial = partial};
    case Figure::parameters:
      break;
  }
  return {.name = "parameters",
          .unit = "count",
          .direction = Direction::minimize,
          .help = "learnable values of the network"};
}

}  // namespace nasbench101
