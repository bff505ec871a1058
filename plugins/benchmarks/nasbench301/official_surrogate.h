#pragma once

#include <filesystem>
#include <variant>
#include <vector>

#include "genotype.h"
#include "lightgbm_trees.h"
#include "surrogate_folder.h"
#include "xgboost_trees.h"

namespace nasbench301 {

/// An official surrogate of NAS-Bench-301 (Zela et al., 2022): an ensemble of which each member predicts the
/// same from the same 56 values (official_encoding.h).
class OfficialSurrogate {
 public:
  struct Prediction {
    double mean = 0;
    double deviation = 0;  ///< the standard deviation of the members' predictions, over their number
  };

  /// [any-thread] Reads a folder that scripts/convert-nasbench301 made. Throws Error where it is damaged, and
  /// UsageError where there is none or it predicts something else.
  OfficialSurrogate(const std::filesystem::path& folder, SurrogateTarget target);

  /// [any-thread] In percent or seconds.
  Prediction predict(const Genotype& genotype) const;
  double mean(const Genotype& genotype) const { return predict(genotype).mean; }
  double deviation(const Genotype& genotype) const { return predict(genotype).deviation; }

  /// [any-thread] The mean, and with it a draw of N(0, deviation²), which depends on the genotype and the
  /// seed alone: the same question has the same answer.
  double noisy(const Genotype& genotype, std::uint64_t seed) const;

  std::size_t members() const { return members_.size(); }

 private:
  std::vector<std::variant<LightGBMTrees, XGBoostTrees>> members_;
};

/// [any-thread] The files that OfficialSurrogate reads. Throws what its constructor throws for
/// surrogate.json.
std::vector<std::filesystem::path> surrogate_files(const std::filesystem::path& folder,
                                                   SurrogateTarget target);

}  // namespace nasbench301
