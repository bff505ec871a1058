#pragma once

#include <charconv>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "espalier/data/data_path.h"
#include "plugins/datasets/gzip_file.h"

namespace espalier::testing {

/// A table that comes with Espalier, by column, as it stands there.
struct Csv {
  explicit Csv(const std::string& file) {
    const auto lines = split(inflated(find_data(file)), '\n');
    const auto header = split(lines.front(), ',');
    for (std::size_t row = 1; row < lines.size(); ++row) {
      const auto cells = split(lines[row], ',');
      for (std::size_t i = 0; i < header.size(); ++i) {
        const std::string& cell = texts[header[i]].emplace_back(cells.at(i));
        double value = 0.0;
        const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
        if (error == std::errc() && end == cell.data() + cell.size()) columns[header[i]].push_back(value);
      }
    }
    strings = texts["arch"];
  }

  std::vector<std::string> strings;  ///< the architectures
  std::map<std::string, std::vector<std::string>> texts;
  std::map<std::string, std::vector<double>> columns;  ///< those of numbers
};

}  // namespace espalier::testing
