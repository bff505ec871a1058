#pragma once

#include <string>

#include "page/document.h"
#include "page/figure_json.h"

namespace espalier::page {

/// [any-thread] A whole document, as `espalier report --json` prints it. A point is [x, y] or
/// [x, y, low, high]; what is not a finite number is null.
OrderedJson to_json(const Document& document);

/// [any-thread] The figures that a script draws: {"figures": [{"id", "title", "content"}]}. Drawings are not
/// among them, all texts are printable, and numbers have eight digits.
OrderedJson figures_to_json(const Document& document);

/// [any-thread] Bytes that are not UTF-8 are replaced. `indent` as of nlohmann::json: -1 for one line.
std::string json_text(const OrderedJson& json, int indent);

/// [any-thread] Calls `visit(part)` for each part of the kind `Part` (Figure, Table, Listing), in the order
/// of the page.
template <class Part, class Visit>
void for_each_part(const Document& document, const Visit& visit) {
  for (const Section& section : document.sections)
    for (const auto& item : section.items)
      if (const auto* part = std::get_if<Part>(&item)) visit(*part);
}

}  // namespace espalier::page
