#pragma once

#include <string>
#include <vector>

#include "espalier/search/metric.h"

/// The tasks of TransNAS-Bench-101 (Duan et al., 2021), all on images of Taskonomy (Zamir et al., 2018).
struct Task {
  std::string name;         ///< as the authors call it, and as its column in the tables
  espalier::Metric metric;  ///< on validation images, after the last epoch
  /// How many classes it tells apart; 0 where its networks end in anything but a classifier of images.
  int classes = 0;
  std::string head = {};  ///< what they end in then
};

const std::vector<Task>& tasks();
std::vector<std::string> task_names();
