#pragma once

#include <string>

#include "espalier/host/report/summary.h"

namespace espalier::program {

/// The least and the greatest accuracy of a class and their mean, and a line that says so where the classes
/// have unequal numbers of test images. Empty where the trainer did not tell.
std::string class_accuracy(const host::TrainedArchitecture& trained);

}  // namespace espalier::program
