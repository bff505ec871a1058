#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "page/document.h"

namespace espalier::page {

/// Figures as files.
struct FigureFiles {
  std::map<std::string, std::string> contents;  ///< of "ID.svg" and "ID.pdf"
  std::vector<std::string> remarks;             ///< what is missing and why, a sentence each
};

/// [any-thread] Draws all figures of a document: with Node the SVG files, by the script that draws them in
/// the page, and with rsvg-convert PDF files of those. A program that is missing, fails or takes longer than
/// `limit` for all of them leaves files out.
FigureFiles draw_figures(const Document& document, std::chrono::seconds limit = std::chrono::seconds(60));

}  // namespace espalier::page
