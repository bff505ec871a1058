#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "page/document.h"

namespace espalier::page {

/// How a report is written.
struct WriteOptions {
  bool figures = true;  ///< also as files of their own; the page has them in any case
  std::optional<int> refresh =
      std::nullopt;  ///< seconds after which the page of an unfinished report loads again
};

/// What was written.
struct WrittenReport {
  std::filesystem::path page;
  std::vector<std::string> files;    ///< all of them, by their names within the folder
  std::vector<std::string> remarks;  ///< what is missing and why, a sentence each
};

/// [one-thread] Writes report.html, report.md, report.json, a file of each kind for each table (tables/ID.md,
/// .tex, .csv) and figure (figures/ID.svg, .pdf) into a folder, which is made. Files of an older report in it
/// are overwritten; its tables and figures that this report lacks are removed, unless they were changed
/// since. Throws Error where the folder cannot be written to, or holds
/// something else than a report; std::invalid_argument where two parts of the
/// document have one id, or an id holds anything but letters, digits and hyphens.
WrittenReport write_report(const Document& document, const std::filesystem::path& folder,
                           const WriteOptions& options = {});

}  // namespace espalier::page
