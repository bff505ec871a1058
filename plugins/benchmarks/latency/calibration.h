#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine.h"
#include "espalier/search/journal.h"
#include "espalier/space/search_space.h"
#include "model.h"
#include "rounds.h"
#include "validation.h"

/// What a model is fitted to.
struct CalibrationOptions {
  std::size_t samples = 200;  ///< networks that the model is fitted to
  std::size_t held_out = 50;  ///< networks that judge it
  std::uint64_t seed = 0;     ///< of the architectures that are drawn
  Effort effort;
};

/// A model that predicts the latencies of a space, and how well it does.
struct Calibration {
  LatencyModel model;
  Validation validation;
  std::string space;          ///< its name
  std::string engine;         ///< Engine::describe()
  std::string versions = {};  ///< Engine::versions(); empty where nothing has them

  std::string to_text() const;
  /// Throws Error when `text` is not what to_text() returned. `where` is the place of the text, for messages.
  static Calibration from_text(std::string_view text, const std::string& where);
};

/// Draws architectures of `space`, times every unit that they have alone and the networks as a whole, and
/// fits a model. Continues from a checkpoint of `journal`, and throws Interrupted after one when that asks to
/// stop. Throws UsageError for a space of too few architectures.
Calibration calibrate(const espalier::SearchSpace& space, Engine& engine, const CalibrationOptions& options,
                      espalier::Journal& journal);
