#pragma once

#include <cstddef>
#include <span>
#include <vector>

/// The loops in which queries spend their time. They are compiled for several instruction sets, and each
/// number is added up in the same order on all of them, so that a figure is the same on every machine.
namespace nasbench301 {

/// Sizes are padded with zeros to a multiple of this.
inline constexpr std::size_t kLanes = 16;
constexpr std::size_t padded(std::size_t size) { return (size + kLanes - 1) / kLanes * kLanes; }

/// A matrix [outputs, inputs] in the order in which add_product() reads it.
class Matrix {
 public:
  Matrix() = default;
  Matrix(std::size_t outputs, std::size_t inputs);
  void set(std::size_t output, std::size_t input, float value);

  std::size_t inputs() const { return inputs_; }
  std::size_t padded_outputs() const { return padded_outputs_; }
  /// Blocks of block() outputs: for each input the column of the block.
  const float* numbers() const { return numbers_.data(); }
  std::size_t block() const { return block_; }

 private:
  std::size_t inputs_ = 0;
  std::size_t padded_outputs_ = 0;
  std::size_t block_ = kLanes;
  std::vector<float> numbers_;
};

/// sum += matrix · x. Requires the matrix's inputs in `x` and its padded outputs in `sum`.
void add_product(const Matrix& matrix, const float* x, float* sum);

/// sum += row, for a padded size.
void add_row(const float* row, std::size_t size, float* sum);

/// Replaces each number by its SELU (Klambauer et al., 2017), for a padded size.
void apply_selu(float* numbers, std::size_t size);

/// Σ weights[i]/(1 + Σ_j (x[j] - points[j·size + i])²), for a padded size.
double weigh_similarities(std::span<const float> x, const float* points, const float* weights,
                          std::size_t size);

}  // namespace nasbench301
