#pragma once

#include <optional>

#include "espalier/config/component.h"

namespace espalier::host {

/// One stage of the search of an optimizer, as the entry of the optimizer lists it. Each part holds options
/// that replace those that the config gives to the plugin elsewhere.
///
///     optimizer:
///       name: my_progressive_search
///       stages:
///         - {search_space: {cells: 5}, trainer: {epochs: 25}}
///         - {search_space: {cells: 11}, optimizer: {keep: 5}}
struct StageConfig {
  std::optional<Component> search_space;  ///< nothing where the stage says nothing of it
  Component optimizer;
  std::optional<Component> trainer;  ///< nothing where the stage says nothing of it
};

}  // namespace espalier::host
