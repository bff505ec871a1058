#include "nonnegative_fit.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

std::vector<double> nonnegative_fit(const std::vector<std::vector<double>>& rows,
                                    const std::vector<double>& times, const std::vector<double>& prior) {
  // Coordinate descent on the normal equations H·x = g: each step solves for one coordinate exactly and cuts
  // it at 0. The objective is convex, so that this ends at its minimum.
  constexpr double kPull = 1e-6;
  constexpr int kSweeps = 100'000;
  constexpr double kPrecision = 1e-12;
  const std::size_t columns = prior.size();
  std::vector<std::vector<double>> hessian(columns, std::vector<double>(columns, 0.0));
  std::vector<double> gradient(columns, 0.0);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t i = 0; i < columns; ++i) {
      const double scaled = rows[row][i] / times[row];
      gradient[i] += scaled;
      for (std::size_t j = 0; j < columns; ++j) hessian[i][j] += scaled * rows[row][j] / times[row];
    }
  }
  for (std::size_t i = 0; i < columns; ++i) {
    const double pull = kPull * hessian[i][i];
    hessian[i][i] += pull;
    gradient[i] += pull * prior[i];
  }
  std::vector<double> x = prior;
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    double change = 0.0;
    for (std::size_t i = 0; i < columns; ++i) {
      if (hessian[i][i] == 0.0) continue;
      double rest = gradient[i];
      for (std::size_t j = 0; j < columns; ++j)
        if (j != i) rest -= hessian[i][j] * x[j];
      const double next = std::max(0.0, rest / hessian[i][i]);
      change = std::max(change, std::abs(next - x[i]) * std::sqrt(hessian[i][i]));
      x[i] = next;
    }
    if (change < kPrecision) break;
  }
  return x;
}
