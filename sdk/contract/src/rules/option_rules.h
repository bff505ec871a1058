#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "espalier/plugin/export.h"
#include "rules/tested.h"

namespace espalier::contract {

/// What every kind of plugin promises of its options. `use` does with a plugin whatever a run does, in small.
ESPALIER_EXPORT std::vector<Rule> option_rules(const std::shared_ptr<const Tested>& tested,
                                               const std::function<void(std::unique_ptr<Plugin>)>& use);

}  // namespace espalier::contract
