#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "espalier/plugin/export.h"
#include "rules/plugin_under_test.h"

namespace espalier::contract {

/// What every kind of plugin promises about its options. `use` does with a plugin what a run does, in small.
ESPALIER_EXPORT std::vector<Rule> option_rules(const std::shared_ptr<const PluginUnderTest>& plugin,
                                               const std::function<void(std::unique_ptr<Plugin>)>& use);

}  // namespace espalier::contract
