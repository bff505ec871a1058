#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "espalier/space/architecture.h"

/// The string of a NAS-Bench-201 cell: "|op~0|+|op~0|op~1|+|op~0|op~1|op~2|". Node by node, each edge
/// that enters it with its operation and the node that it comes from.
namespace nasbench201 {

inline constexpr int kEdges = 6;

/// The name of an edge's operation.
using NameOf = std::function<std::string(std::size_t edge)>;
std::string print_cell(const NameOf& name_of);

/// The index of the operation `name`, which stands at `position`, on an edge; it throws for another name.
using IndexOf = std::function<espalier::Architecture::Index(std::size_t edge, std::string_view name,
                                                            std::size_t position)>;
/// Throws espalier::UsageError that says what was expected at which character.
espalier::Architecture parse_cell(std::string_view text, const IndexOf& index_of);

}  // namespace nasbench201
