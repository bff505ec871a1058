#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "espalier/space/architecture.h"

/// The string of a NAS-Bench-201 cell (Dong & Yang, 2020): "|op~0|+|op~0|op~1|+|op~0|op~1|op~2|". For each
/// node it lists the edges into the node, each as its operation and the node that it comes from.
namespace nasbench201 {

inline constexpr std::size_t kEdges = 6;

/// Returns the name of an edge's operation.
using NameOf = std::function<std::string(std::size_t edge)>;
std::string print_cell(const NameOf& name_of);

/// Returns the index of the operation `name`, which stands at `position` of the text, among the candidates of
/// an edge. Throws for an unknown name.
using IndexOf = std::function<espalier::Architecture::Index(std::size_t edge, std::string_view name,
                                                            std::size_t position)>;
/// Reads what print_cell() writes, with white space and line ends anywhere between its parts, and the forms
/// of other programs: the six operations in the order of the string, "(op, op, op, op, op, op)", and the
/// lists of the authors' code, "[[('op', 0)], [('op', 0), ('op', 1)], [('op', 0), ('op', 1), ('op', 2)]]".
/// Brackets and parentheses may stand for one another, and so may quotes. Throws espalier::UsageError that
/// says what was expected at which character.
espalier::Architecture parse_cell(std::string_view text, const IndexOf& index_of);

}  // namespace nasbench201
