#pragma once

#include <set>
#include <string>

#include "page/document.h"

namespace espalier::page {

/// [any-thread] All texts and tables of a document. A figure is shown where `files` has "figures/ID.svg", and
/// linked where it has its PDF.
std::string to_markdown(const Document& document, const std::set<std::string>& files);

}  // namespace espalier::page
