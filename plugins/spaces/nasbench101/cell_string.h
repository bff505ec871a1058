#pragma once

#include <array>
#include <string>
#include <string_view>

#include "cell.h"

/// The string of a cell: "|conv3x3-bn-relu~0|maxpool3x3~0~1|output~1~2|". For each vertex after the input, 0,
/// it lists the operation and the vertices that it reads.
namespace nasbench101 {

/// The authors' names, in the order of their labels.
inline constexpr std::array<const char*, kOperations> kNames = {"conv3x3-bn-relu", "conv1x1-bn-relu",
                                                                "maxpool3x3"};

/// Requires a canonical cell.
std::string print_cell(const Cell& cell);

/// Reads what print_cell() writes, and what the authors' ModelSpec takes, a matrix and a list of operations:
/// "[[0, 1, 0], [0, 0, 1], [0, 0, 0]], ['input', 'maxpool3x3', 'output']". White space may stand between any
/// two parts. The cell need be neither pruned nor canonical. Throws espalier::UsageError that says what was
/// expected at which character.
Cell parse_cell(std::string_view text);

}  // namespace nasbench101
