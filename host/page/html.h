#pragma once

#include <optional>
#include <string>

#include "page/document.h"

namespace espalier::page {

/// How a page is written.
struct HtmlOptions {
  std::optional<int> refresh =
      std::nullopt;  ///< seconds after which the page of an unfinished document loads again
};

/// [any-thread] A page that needs no other file: texts, tables and alarms are HTML, and its script draws the
/// figures. Nothing in a text is read as markup or script, and its content security policy lets the page run
/// nothing but its own script and load nothing at all.
std::string to_html(const Document& document, const HtmlOptions& options = {});

}  // namespace espalier::page
