#pragma once

#include <string>
#include <vector>

namespace espalier::picture {

/// The kinds of files that a picture can be: svg, png, pdf, and dot, its description.
const std::vector<std::string>& formats();

/// What a file of `format` holds: the picture that a description in the DOT language asks for, laid out by
/// Graphviz. Throws Error where Graphviz cannot. Not for several threads at once: Graphviz has global state.
std::string render(const std::string& description, const std::string& format);

}  // namespace espalier::picture
