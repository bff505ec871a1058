#pragma once

#include <string>

#include "page/document.h"

// A table in the formats that people take tables to: a repository, a paper, a spreadsheet.
namespace espalier::page {

/// [any-thread] A table of GitHub's Markdown, without title and caption.
std::string to_markdown(const Table& table);
/// [any-thread] A table of LaTeX with its caption; needs \usepackage{booktabs}.
std::string to_latex(const Table& table);
/// [any-thread] CSV (RFC 4180). A cell whose text is its number gives it with all digits; every other cell
/// gives its text.
std::string to_csv(const Table& table);

}  // namespace espalier::page
