#pragma once

#include <string_view>

namespace espalier::page {

/// What the program carries of this folder: the script, which holds the parts of Vega that it needs; what
/// Node runs to draw figures with it; the style of the page.
std::string_view page_script();
std::string_view node_script();
std::string_view page_style();

}  // namespace espalier::page
