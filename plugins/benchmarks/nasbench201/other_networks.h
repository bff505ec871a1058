#pragma once

#include <string>
#include <vector>

#include "espalier/space/search_space.h"

/// How the networks of `space` differ from those whose figures the table has: "images of 1×28×28 instead
/// of 3×32×32". Empty where they are the same.
///
/// The table has networks for three datasets. Where a space only names cells to look up, it has the shape of
/// CIFAR-10, whatever dataset is looked up; so this shape and that of `dataset` both count as the table's.
/// `parameters` is what the table says of `cell`, with CIFAR-10's classifier.
std::vector<std::string> differences(const espalier::SearchSpace& space, const std::string& dataset,
                                     const espalier::Architecture& cell, double parameters);
