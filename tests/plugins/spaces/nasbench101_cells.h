#pragma once

#include <string>
#include <vector>

#include "espalier/data/data_path.h"
#include "espalier/space/search_space.h"
#include "plugins/datasets/gzip_file.h"
#include "plugins/spaces/official_hash_101.h"

namespace espalier::testing {

/// A cell as the authors' ModelSpec takes it.
struct ModelSpec {
  std::vector<std::vector<bool>> matrix;
  std::vector<int> labels;  ///< without those of input and output

  std::string text() const {
    std::string rows;
    for (const std::vector<bool>& row : matrix) {
      std::string cells;
      for (const bool edge : row) cells += std::string(cells.empty() ? "" : ", ") + (edge ? "1" : "0");
      rows += (rows.empty() ? "[" : ", [") + cells + "]";
    }
    std::string names = "'input'";
    for (const int label : labels)
      names += std::vector<std::string>{", 'conv3x3-bn-relu'", ", 'conv1x1-bn-relu'",
                                        ", 'maxpool3x3'"}[static_cast<std::size_t>(label)];
    return "[" + rows + "], [" + names + ", 'output']";
  }
  std::string hash() const { return official_hash(matrix, labels); }
};

/// Of a canonical architecture of nasbench101: an index for each edge and each operation.
inline ModelSpec model_spec(const Architecture& architecture) {
  std::vector<std::size_t> kept = {0};
  for (std::size_t vertex = 1; vertex < 6; ++vertex)
    if (architecture[20 + vertex] != 0) kept.push_back(vertex);
  kept.push_back(6);
  ModelSpec spec;
  for (const std::size_t from : kept) {
    std::vector<bool>& row = spec.matrix.emplace_back();
    for (const std::size_t to : kept) row.push_back(from < to && architecture[to * (to - 1) / 2 + from] == 1);
    if (from > 0 && from < 6) spec.labels.push_back(architecture[20 + from] - 1);
  }
  return spec;
}

/// The combination of choices that has these edges and operations; it need not be canonical.
inline Architecture combination(const ModelSpec& spec) {
  Architecture architecture = Architecture::zeros(26);
  const std::size_t last = spec.matrix.size() - 1;
  for (std::size_t to = 1; to <= last; ++to) {
    const std::size_t place = to == last ? 6 : to;
    for (std::size_t from = 0; from < to; ++from)
      if (spec.matrix[from][to]) architecture.set(place * (place - 1) / 2 + from, 1);
    if (to < last) architecture.set(20 + to, static_cast<std::size_t>(spec.labels[to - 1]) + 1);
  }
  return architecture;
}

/// A row of nasbench101_sample.csv.gz.
struct PublishedCell {
  std::string hash;
  ModelSpec spec;
  std::vector<double> validation;  ///< after 4, 12, 36 and 108 epochs
  double train_seconds;
  double parameters;
};

inline std::vector<PublishedCell> published_cells() {
  std::vector<PublishedCell> cells;
  const auto lines = split(inflated(find_data("nasbench101_sample.csv.gz")), '\n');
  for (std::size_t line = 1; line < lines.size(); ++line) {
    const std::vector<std::string> fields = split(lines[line], ',');
    PublishedCell& cell = cells.emplace_back();
    cell.hash = fields.at(0);
    for (const char label : fields.at(2)) cell.spec.labels.push_back(label - '0');
    const std::size_t size = cell.spec.labels.size() + 2;
    for (std::size_t from = 0; from < size; ++from) {
      std::vector<bool>& row = cell.spec.matrix.emplace_back();
      for (std::size_t to = 0; to < size; ++to) row.push_back(fields.at(1).at(from * size + to) == '1');
    }
    for (std::size_t i = 3; i < 7; ++i) cell.validation.push_back(std::stod(fields.at(i)));
    cell.train_seconds = std::stod(fields.at(7));
    cell.parameters = std::stod(fields.at(8));
  }
  return cells;
}

}  // namespace espalier::testing
