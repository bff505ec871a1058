#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::host {

/// What a search stands for from one evaluation (or epoch) on.
struct CurvePoint {
  std::uint64_t evaluation = 0;
  double seconds = 0.0;  ///< simulated training seconds of all evaluations up to here
  double validation = 0.0;
  std::optional<double> test;
};

/// The anytime curve of one search: a point for every improvement, or for every epoch of a one-shot
/// search. Events that tell of neither are passed over.
class Curve {
 public:
  void add(const nlohmann::json& event);
  const std::vector<CurvePoint>& points() const { return points_; }

  std::string to_csv() const;
  /// Throws Error; `name` is the file's, for the message.
  static Curve from_csv(std::string_view text, const std::string& name);

 private:
  std::vector<CurvePoint> points_;
  double seconds_ = 0.0;
};

}  // namespace espalier::host
