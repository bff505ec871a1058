#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>

#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_base.h"
#include "espalier/space/architecture.h"
#include "espalier/space/search_space.h"

namespace espalier {

/// What a predictor expects of an architecture, in the unit of the values that it was fitted to.
struct Prediction {
  double mean = 0.0;
  double deviation = 0.0;  ///< how far the value may be from the mean: a standard deviation, 0 or more
};

/// A performance predictor: it learns from a few architectures and their values what to expect of all others.
/// It knows no particular space: only the graph and the discrete view that every space has.
class ESPALIER_EXPORT Predictor : public Plugin {
 public:
  ~Predictor() override;

  /// [one-thread] Prepares the predictor for `space`, which outlives it. Call it once, before anything else.
  /// Throws Error at a second call.
  void adapt(const SearchSpace& space);

  /// [one-thread] Learns that `architectures[i]` has `values[i]`, and forgets every earlier fit. Higher
  /// values are better; their scale does not matter. What it learns is a function of the arguments and of the
  /// options alone. Throws UsageError when the lists are empty or of unequal length, or when an architecture
  /// is not of the space. Throws Error before adapt() and when a value is not finite. After an error of the
  /// plugin the predictor is not fitted.
  void fit(std::span<const Architecture> architectures, std::span<const double> values, std::uint64_t seed);

  /// [any-thread] What to expect of `architecture`. Throws UsageError when it is not of the space, and Error
  /// while nothing is fitted.
  Prediction predict(const Architecture& architecture) const;

  /// [one-thread] What was learned, from which a predictor with the same options, adapted to the same space,
  /// makes the same predictions.
  nlohmann::json save() const;
  /// [one-thread] Takes over what save() returned, in place of any fit. Throws Error when the state is
  /// damaged or belongs to another predictor or space; the predictor is then not fitted.
  void load(const nlohmann::json& state);

  /// [any-thread]
  bool adapted() const { return space_ != nullptr; }
  /// [any-thread] Whether predict() can be called.
  bool fitted() const { return fitted_; }
  /// [any-thread] Call it only after adapt().
  const SearchSpace& space() const { return *space_; }

 protected:
  Predictor() = default;

  /// Runs at the end of adapt(), when space() is known.
  virtual void adapt_impl() {}
  virtual void fit_impl(std::span<const Architecture> architectures, std::span<const double> values,
                        std::uint64_t seed) = 0;
  virtual Prediction predict_impl(const Architecture& architecture) const = 0;
  /// Writes to `state`, an empty object, what fit_impl() learned. It runs only when something is fitted.
  virtual void save_impl(nlohmann::json& state) const = 0;
  /// Reads back what save_impl() wrote. Any exception of json or Espalier that leaves it means a damaged
  /// state.
  virtual void load_impl(const nlohmann::json& state) = 0;

 private:
  void check_adapted() const;

  const SearchSpace* space_ = nullptr;
  bool fitted_ = false;
};

}  // namespace espalier
