#pragma once

#include <Eigen/Core>
#include <nlohmann/json.hpp>

// Numbers of a model in the state of a predictor: a list, in the order of Eigen's columns.
namespace predictors {

nlohmann::json to_state(const Eigen::Ref<const Eigen::VectorXd>& numbers);

/// The reverse. Throws Error unless there are `count` numbers, all of them finite.
Eigen::VectorXd from_state(const nlohmann::json& list, Eigen::Index count);

/// A number that is finite; throws Error for any other.
double finite(const nlohmann::json& number);

}  // namespace predictors
