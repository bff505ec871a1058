#pragma once

#include <string>
#include <string_view>

/// What measures in a run, where that is another program: it may become another version while the run lasts.
struct MeasuringEngine {
  std::string engine;    ///< Engine::describe()
  std::string versions;  ///< Engine::versions()

  std::string to_text() const;
  /// Throws Error when `text` is not what to_text() returned.
  static MeasuringEngine from_text(std::string_view text);
};

/// Throws UsageError when the versions of now are not those with which a run began to measure.
void check_versions(const std::string& begun, const std::string& now);
