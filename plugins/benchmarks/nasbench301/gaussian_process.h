#pragma once

#include <Eigen/Cholesky>
#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "genotype.h"

namespace nasbench301 {

/// The accuracy of a genotype by a Gaussian process on labels of the official XGBoost surrogate (Siems et
/// al., 2020). Genotypes are points x of a space of six dimensions, each the sum of a row for every pattern
/// in its cells, and the mean is m + Σ w_i a/(1 + |x - x_i|²) over the labelled ones. scripts/fit-nasbench301
/// fits it. All functions are [any-thread].
class GaussianProcess {
 public:
  /// Of the tables `features` and `labels`, whose texts must have the published checksums if `verify`. Throws
  /// Error, naming the file and line, for a table that is missing, damaged, altered or another one.
  static GaussianProcess read(const std::filesystem::path& features, const std::filesystem::path& labels,
                              bool verify);

  /// In percent.
  double mean(const Genotype& genotype) const;
  /// √(variance of the process + squared error in cross-validation), in percentage points. It takes two
  /// hundred times as long as the mean, and the first call another tenth of a second.
  double deviation(const Genotype& genotype) const;
  /// The root mean squared error of the mean in cross-validation.
  double error() const { return error_; }
  std::size_t labels() const { return labels_; }

 private:
  static constexpr std::size_t kDimensions = 6;
  using Point = std::array<double, kDimensions>;

  /// The Cholesky factor of the labels' kernel, made by the first deviation that is asked for.
  struct Factor {
    std::once_flag made;
    Eigen::LLT<Eigen::MatrixXd> cholesky;
  };

  void read_features(const std::filesystem::path& file, std::uint32_t crc);
  void read_labels(const std::filesystem::path& file, std::uint32_t crc);
  Point point_of(const Genotype& genotype) const;
  /// The kernel of a point and each labelled one.
  Eigen::VectorXd similarities(const Point& point) const;
  const Eigen::LLT<Eigen::MatrixXd>& factor() const;

  std::vector<Point> rows_;  ///< by the number of the pattern
  double mean_ = 0.0;
  double amplitude_ = 0.0;
  double noise_ = 0.0;
  double error_ = 0.0;
  std::size_t labels_ = 0;
  std::vector<float> points_;   ///< [dimension, label], padded
  std::vector<float> weights_;  ///< of the labels, times the amplitude, padded
  std::unique_ptr<Factor> factor_ = std::make_unique<Factor>();
};

}  // namespace nasbench301
