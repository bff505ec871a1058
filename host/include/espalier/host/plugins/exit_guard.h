#pragma once

#include "espalier/plugin/export.h"

namespace espalier::host {

/// While one lives, a plugin that calls std::exit() is a failure: the program ends with exit code 1 and a
/// word on which plugin it was, and not with success and half of its work. For the main() of a program that
/// runs plugins. _exit() ends a program without asking anybody.
class ESPALIER_EXPORT ExitGuard {
 public:
  ExitGuard();
  ~ExitGuard();
  ExitGuard(const ExitGuard&) = delete;
  ExitGuard& operator=(const ExitGuard&) = delete;
};

}  // namespace espalier::host
