#pragma once

#include "espalier/plugin/export.h"

namespace espalier::host {

/// While one lives, a plugin that calls std::exit(), std::quick_exit() or std::terminate(), or that lets an
/// exception escape on a thread of its own, fails the program: it ends with exit code 1 and a message that
/// names the plugin where it is known, instead of reporting success with half of the work done. It belongs in
/// the main() of a program that runs plugins. Nothing can intercept _exit().
class ESPALIER_EXPORT ExitGuard {
 public:
  ExitGuard();
  ~ExitGuard();
  ExitGuard(const ExitGuard&) = delete;
  ExitGuard& operator=(const ExitGuard&) = delete;
};

}  // namespace espalier::host
