#include "matrix_json.h"

#include <cmath>
#include <string>
#include <vector>

#include "espalier/errors/errors.h"

using espalier::Error;

namespace predictors {

nlohmann::json to_state(const Eigen::Ref<const Eigen::VectorXd>& numbers) {
  return std::vector<double>(numbers.begin(), numbers.end());
}

Eigen::VectorXd from_state(const nlohmann::json& list, Eigen::Index count) {
  const auto numbers = list.get<std::vector<double>>();
  Eigen::VectorXd vector =
      Eigen::Map<const Eigen::VectorXd>(numbers.data(), static_cast<Eigen::Index>(numbers.size()));
  if (vector.size() != count) {
    throw Error({.what = "it has " + std::to_string(vector.size()) + " numbers in a list",
                 .expected = std::to_string(count)});
  }
  if (!vector.allFinite()) throw Error({.what = "it has numbers that are not finite"});
  return vector;
}

double finite(const nlohmann::json& number) {
  const auto value = number.get<double>();
  if (!std::isfinite(value)) throw Error({.what = "it has numbers that are not finite"});
  return value;
}

}  // namespace predictors
