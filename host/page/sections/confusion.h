#pragma once

#include <string>

#include "espalier/host/report/summary.h"
#include "page/document.h"

namespace espalier::page {

/// What a network took the images of each class for: a heat map, and the most frequent confusions as a
/// table. Adds nothing where the training does not tell.
void add_confusion(const host::TrainedArchitecture& trained, const std::string& name, Section& section);

}  // namespace espalier::page
