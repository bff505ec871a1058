#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "espalier/space/architecture.h"

namespace darts {

/// The genotype as one line in the form that the authors' code prints. The pairs of a node are ordered by the
/// node that they read:
///
///     Genotype(normal=[('sep_conv_3x3', 0), ('sep_conv_3x3', 1), …], normal_concat=range(2, 6),
///              reduce=[…], reduce_concat=range(2, 6))
///
/// `operations` are the names of the candidates that every edge has.
std::string print_genotype(const espalier::Architecture& architecture,
                           const std::vector<std::string>& operations);

/// Reads what print_genotype() writes and the forms that are found in publications: the pairs of a node may
/// stand in any order and in a list of their own, the four fields in any order, spaces and line ends
/// anywhere, lists in brackets or parentheses, `[2, 3, 4, 5]` in place of the range, names in double quotes,
/// and an assignment, `DARTS_V2 = `, in front. Throws UsageError that says what is wrong at which character.
espalier::Architecture parse_genotype(std::string_view text, const std::vector<std::string>& operations);

}  // namespace darts
