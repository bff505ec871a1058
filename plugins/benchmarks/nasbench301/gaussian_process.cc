#include "gaussian_process.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "arithmetic.h"
#include "espalier/errors/errors.h"
#include "patterns.h"
#include "table_reader.h"

namespace nasbench301 {
namespace {

/// CRC-32 of the published tables' texts.
constexpr std::uint32_t kFeaturesCrc = 0x50ac0838;
constexpr std::uint32_t kLabelsCrc = 0x4ab5cf26;

/// In single precision nothing overflows that is made of such numbers.
constexpr double kLargest = 1e6;

/// Refuses a column in which a number is too large.
void check_size(const TableReader& reader, const std::string& name, const std::vector<double>& column) {
  for (const double number : column)
    if (std::abs(number) > kLargest)
      reader.refuse(fmt::format("the column {} has the number {}", name, number),
                    fmt::format("at most {} in size", kLargest));
}

/// A cell as the table of labels writes it, "00 10 00 15 05 31 13 21": input and operation of each edge.
/// Nothing where it is not one.
std::optional<Genotype::Cell> parse_cell(std::string_view text) {
  constexpr std::size_t kWidth = 3;
  Genotype::Cell cell;
  if (text.size() + 1 != kWidth * cell.size()) return std::nullopt;
  for (std::size_t edge = 0; edge < cell.size(); ++edge) {
    const std::size_t at = kWidth * edge;
    cell[edge] = {.input = text[at] - '0', .operation = text[at + 1] - '0'};
    const int least = edge % 2 == 0 ? 0 : cell[edge - 1].input + 1;
    const int most = static_cast<int>(edge) / 2 + 1;
    if (cell[edge].input < least || cell[edge].input > most || cell[edge].operation < 0 ||
        cell[edge].operation >= static_cast<int>(kOperations) ||
        (edge + 1 < cell.size() && text[at + 2] != ' '))
      return std::nullopt;
  }
  return cell;
}

}  // namespace

GaussianProcess GaussianProcess::read(const std::filesystem::path& features,
                                      const std::filesystem::path& labels, bool verify) {
  GaussianProcess found;
  found.read_features(features, verify ? kFeaturesCrc : 0);
  found.read_labels(labels, verify ? kLabelsCrc : 0);
  return found;
}

void GaussianProcess::read_features(const std::filesystem::path& file, std::uint32_t crc) {
  std::vector<std::string> names = pattern_names();
  const std::size_t patterns = names.size();
  names.insert(names.end(), {"mean", "amplitude", "noise", "error"});
  TableReader reader(file, crc);
  const std::size_t pattern = reader.position("pattern");
  if (reader.rows() != names.size())
    reader.refuse("the table has " + std::to_string(reader.rows()) + " rows", std::to_string(names.size()));
  std::size_t row = 0;
  const TableColumns columns = reader.read({pattern}, names.size(), [&](const Cells& cells) {
    if (cells[pattern] != names[row])
      reader.refuse("\"" + std::string(cells[pattern]) + "\" is not the pattern of this row", names[row]);
    return row++;
  });
  if (columns.values.size() != kDimensions)
    reader.refuse("the table has " + std::to_string(columns.values.size()) + " columns of numbers",
                  std::to_string(kDimensions));
  for (std::size_t j = 0; j < kDimensions; ++j) check_size(reader, columns.names[j], columns.values[j]);
  rows_.resize(patterns);
  for (std::size_t i = 0; i < patterns; ++i)
    for (std::size_t j = 0; j < kDimensions; ++j) rows_[i][j] = columns.values[j][i];
  const double* const numbers = &columns.values.front()[patterns];
  mean_ = numbers[0];
  amplitude_ = numbers[1];
  noise_ = numbers[2];
  error_ = numbers[3];
  if (amplitude_ <= 0.0 || noise_ <= 0.0) reader.refuse("the amplitude and the noise are not both above 0");
}

void GaussianProcess::read_labels(const std::filesystem::path& file, std::uint32_t crc) {
  TableReader reader(file, crc);
  const std::size_t normal = reader.position("normal");
  const std::size_t reduction = reader.position("reduction");
  (void)reader.position("weight");
  labels_ = reader.rows();
  if (labels_ == 0) reader.refuse("the table has no labels");
  const std::size_t size = padded(labels_);
  points_.resize(kDimensions * size);
  weights_.resize(size);
  std::size_t row = 0;
  const TableColumns columns = reader.read({normal, reduction}, labels_, [&](const Cells& cells) {
    const auto cell = [&](std::size_t column) {
      if (const auto found = parse_cell(cells[column])) return *found;
      reader.refuse("\"" + std::string(cells[column]) + "\" is not a cell of the DARTS space",
                    "eight pairs of input and operation, such as 00 10 00 15 05 31 13 21");
    };
    const Point point = point_of({.normal = cell(normal), .reduction = cell(reduction)});
    for (std::size_t j = 0; j < kDimensions; ++j) points_[j * size + row] = static_cast<float>(point[j]);
    return row++;
  });
  const auto found = std::ranges::find(columns.names, "weight") - columns.names.begin();
  const std::vector<double>& weights = columns.values[static_cast<std::size_t>(found)];
  check_size(reader, "weight", weights);
  std::ranges::transform(weights, weights_.begin(),
                         [&](double weight) { return static_cast<float>(weight * amplitude_); });
}

GaussianProcess::Point GaussianProcess::point_of(const Genotype& genotype) const {
  Point point{};
  std::size_t first = 0;
  for (const Genotype::Cell* const cell : {&genotype.normal, &genotype.reduction}) {
    for_each_pattern(*cell, [&](std::size_t pattern) {
      const Point& row = rows_[first + pattern];
      for (std::size_t j = 0; j < kDimensions; ++j) point[j] += row[j];
    });
    first += kPatterns;
  }
  return point;
}

double GaussianProcess::mean(const Genotype& genotype) const {
  const Point point = point_of(genotype);
  std::array<float, kDimensions> x{};
  std::ranges::transform(point, x.begin(), [](double number) { return static_cast<float>(number); });
  return mean_ + weigh_similarities(x, points_.data(), weights_.data(), weights_.size());
}

Eigen::VectorXd GaussianProcess::similarities(const Point& point) const {
  Eigen::VectorXd similar(static_cast<Eigen::Index>(labels_));
  for (std::size_t i = 0; i < labels_; ++i) {
    double square = 0.0;
    for (std::size_t j = 0; j < kDimensions; ++j) {
      const double away = point[j] - double{points_[j * weights_.size() + i]};
      square += away * away;
    }
    similar[static_cast<Eigen::Index>(i)] = amplitude_ / (1.0 + square);
  }
  return similar;
}

const Eigen::LLT<Eigen::MatrixXd>& GaussianProcess::factor() const {
  std::call_once(factor_->made, [&] {
    const auto size = static_cast<Eigen::Index>(labels_);
    Eigen::MatrixXd kernel(size, size);
    for (std::size_t i = 0; i < labels_; ++i) {
      Point point{};
      for (std::size_t j = 0; j < kDimensions; ++j) point[j] = double{points_[j * weights_.size() + i]};
      kernel.col(static_cast<Eigen::Index>(i)) = similarities(point);
    }
    kernel.diagonal().array() += noise_;
    factor_->cholesky.compute(kernel);
    if (factor_->cholesky.info() != Eigen::Success)
      throw espalier::Error({.what = "the noise of the Gaussian process is too small for its labels",
                             .remedy =
                                 "leave features_file and labels_file out: the benchmark then reads those "
                                 "that come with Espalier"});
  });
  return factor_->cholesky;
}

double GaussianProcess::deviation(const Genotype& genotype) const {
  Eigen::VectorXd similar = similarities(point_of(genotype));
  factor().matrixL().solveInPlace(similar);
  return std::sqrt(std::max(amplitude_ - similar.squaredNorm(), 0.0) + error_ * error_);
}

}  // namespace nasbench301
