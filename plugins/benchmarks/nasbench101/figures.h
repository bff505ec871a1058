#pragma once

#include "espalier/search/metric.h"

namespace nasbench101 {

/// What the tables know of a cell.
enum class Figure { validation_accuracy, test_accuracy, train_seconds, parameters };

/// `partial`: whether only some cells have it.
espalier::Metric metric_of(Figure figure, bool partial);

}  // namespace nasbench101
