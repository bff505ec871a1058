#pragma once

#include <vector>

#include "cell.h"
#include "espalier/random/random.h"

/// Changes to canonical cells.
namespace nasbench101 {

/// The mutation of Ying et al. (2019): of the matrix of seven vertices, each edge is flipped with the
/// probability 1/7, and each vertex takes another operation with the probability 1/5. Drawn again until that
/// gives another cell. The authors mutate the matrix of the parent before it was pruned. Here a cell is all
/// that is known of a parent, so its vertices stand in a random order, among them those that it lacks, with
/// random operations.
Cell mutate(const Cell& parent, espalier::Rng& rng);

/// The cells that differ by one change: a vertex has another operation, an edge is more or fewer, or a vertex
/// is more or fewer that one edge enters and one leaves. Nothing else may fall off, so that every change has
/// a way back.
std::vector<Cell> neighbours(const Cell& cell);

}  // namespace nasbench101
