#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "espalier/plan/plan.h"

namespace espalier::program {

/// A compiled plan for people: its steps in order, what the passes did, and the peak of live tensors.
std::string plan_text(const Plan& plan, std::int64_t batch);
nlohmann::ordered_json plan_to_json(const Plan& plan, std::int64_t batch);

}  // namespace espalier::program
