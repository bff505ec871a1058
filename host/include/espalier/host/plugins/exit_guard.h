#pragma once

#include "espalier/plugin/export.h"

namespace espalier::host {

/// While one lives, a plugin that calls std::exit() fails the program: it ends with exit code 1 and a message
/// that names the plugin, instead of reporting success with half of the work done. It belongs in the main()
/// of a program that runs plugins. Nothing can intercept _exit().
class ESPALIER_EXPORT ExitGuard {
 public:
  ExitGuard();
  ~ExitGuard();
  ExitGuard(const ExitGuard&) = delete;
  ExitGuard& operator=(const ExitGuard&) = delete;
};

}  // namespace espalier::host
