#pragma once

#include <vector>

#include "espalier/host/report/reported_run.h"
#include "report/tensorboard_record.h"

namespace espalier::host {

/// The names of a method's optimizer and trainer, and those of their options that are one value:
/// "optimizer.population_size". Searches that differ in their seeds have the same.
std::vector<Hyperparameter> hyperparameters_of(const ReportedMethod& method);

}  // namespace espalier::host
