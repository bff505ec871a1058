#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

/// A regression model of XGBoost (Chen & Guestrin, 2016), as libxgboost reads it. Where Espalier was built
/// without libxgboost, there is no such model.
class XGBoostModel {
 public:
  /// [any-thread] Reads what XGBoost wrote as a model, in its binary format or in UBJSON or JSON, for so many
  /// `features`. Throws Error, which names `file` and the `version` of XGBoost that wrote it, where
  /// libxgboost refuses it.
  XGBoostModel(std::string_view bytes, const std::string& file, const std::string& version,
               std::size_t features);

  /// [any-thread] Requires as many features as were given above. Throws Error where libxgboost fails.
  double predict(std::span<const double> features) const;

 private:
  struct Free {
    void operator()(void* booster) const;
  };
  std::unique_ptr<void, Free> booster_;  // what libxgboost calls a BoosterHandle
  std::string file_;
};
