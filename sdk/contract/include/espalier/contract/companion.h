#pragma once

#include <string>

namespace espalier::contract {

/// Another plugin that a suite needs beside the one that it tests. Without a name, the suite uses its own.
struct Companion {
  std::string name = {};
  std::string options = {};  ///< in YAML
};

}  // namespace espalier::contract
