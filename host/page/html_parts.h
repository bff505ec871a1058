#pragma once

#include <string>

#include "page/document.h"

namespace espalier::page {

/// [any-thread] The elements of one section, with its heading.
std::string section_to_html(const Section& section);

/// [any-thread] In base64, as a page holds hashes and pictures.
std::string base64(std::string_view bytes);

}  // namespace espalier::page
