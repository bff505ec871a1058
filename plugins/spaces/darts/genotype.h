#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "espalier/space/architecture.h"

namespace darts {

/// A genotype in the field's form, the pairs of a node by the node they read:
///
///     Genotype(normal=[('sep_conv_3x3', 0), ('sep_conv_3x3', 1), …], normal_concat=range(2, 6),
///              reduce=[…], reduce_concat=range(2, 6))
///
/// on one line. `operations` are the candidates of every edge.
std::string print_genotype(const espalier::Architecture& architecture,
                           const std::vector<std::string>& operations);

/// Reads what print_genotype() writes, and what is published: the pairs of a node in any order, spaces
/// anywhere, lists in brackets or parentheses, `[2, 3, 4, 5]` for the range, double quotes. Throws UsageError
/// that says where.
espalier::Architecture parse_genotype(std::string_view text, const std::vector<std::string>& operations);

}  // namespace darts
