#pragma once

#include <variant>

#include "gaussian_process.h"
#include "genotype.h"
#include "official_surrogate.h"

namespace nasbench301 {

/// What says the validation accuracy of a genotype after the whole training, in percent. Each model has
/// mean(genotype) and deviation(genotype), how far the mean may be from the label.
using AccuracyModel = std::variant<GaussianProcess, OfficialSurrogate>;

inline double mean(const AccuracyModel& model, const Genotype& genotype) {
  return std::visit([&](const auto& found) { return found.mean(genotype); }, model);
}

inline double deviation(const AccuracyModel& model, const Genotype& genotype) {
  return std::visit([&](const auto& found) { return found.deviation(genotype); }, model);
}

}  // namespace nasbench301
