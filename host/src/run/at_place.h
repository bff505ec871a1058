#pragma once

#include "espalier/config/config_value.h"
#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_base.h"

namespace espalier::host {

/// Lets a plugin check what it is to work with. Its complaint is about the config, and only the caller knows
/// `where` the plugin stands there.
template <class Action>
void at_place(const Plugin& plugin, const Location& where, Action action) {
  try {
    action();
  } catch (const UsageError& error) {
    ErrorDetails details = error.details();
    if (details.where.empty() || details.where == plugin.origin()) details.where = to_string(where);
    throw UsageError(details);
  }
}

}  // namespace espalier::host
