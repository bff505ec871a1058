#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "compile/frame.h"
#include "compile/step.h"
#include "compile/weights.h"
#include "espalier/network/compile/network.h"
#include "espalier/plan/plan.h"

namespace espalier {

using Steps = std::vector<std::unique_ptr<Step>>;

/// Whether Espalier's own kernels can compute a network that is compiled so.
bool has_kernels(const CompileOptions& options);

/// What runs each step of a plan. `plan` and `weights` must outlive the result.
Steps make_steps(const Plan& plan, const std::vector<LayerWeights>& weights, const CompileOptions& options);

/// Runs the steps from `begin` to before `end`, except those whose outputs nothing needs.
void run_steps(const Plan& plan, const Steps& steps, std::size_t begin, std::size_t end, Frame& frame);

}  // namespace espalier
