#pragma once

#include <vector>

/// The x ≥ 0 that minimizes Σ_rows (Σ_j a_j·x_j − b)²/b² + pull·Σ_j (x_j − prior_j)², where the columns of
/// pull are scaled to the data: relative errors count, because the times of networks differ by factors, and a
/// column that the data says nothing about keeps its prior. `rows` and `times` have one entry for each
/// observation, with times > 0.
std::vector<double> nonnegative_fit(const std::vector<std::vector<double>>& rows,
                                    const std::vector<double>& times, const std::vector<double>& prior);
