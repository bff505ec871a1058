#pragma once

#include <cstddef>
#include <utility>
#include <vector>

/// What repeated measurements of one time say, in milliseconds.
struct Reading {
  double median = 0.0;
  double low = 0.0;   ///< of the 95 % interval of the median
  double high = 0.0;  ///< of the same

  double width() const { return high - low; }
};

/// The least number of repetitions from which such an interval exists.
constexpr std::size_t kLeastRepetitions = 6;

/// The positions, from 0, of the sorted times of `count` repetitions between which the true median lies in at
/// least 95 of 100 cases, whatever the distribution of the times is: the number of times below the median is
/// binomial. Requires count ≥ kLeastRepetitions.
std::pair<std::size_t, std::size_t> interval_of_median(std::size_t count);

/// Requires kLeastRepetitions times or more.
Reading reading_of(std::vector<double> times);

/// Requires at least one number.
double median_of(std::vector<double> numbers);
