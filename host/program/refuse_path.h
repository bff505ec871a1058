#pragma once

#include <string>

namespace espalier::program {

/// Throws UsageError when `text` is the directory of a run, or a file, where a plugin or an architecture is
/// expected. For a run it says which space and architecture to write instead. `argument` ("SPACE") is for
/// messages.
void refuse_path(const std::string& text, const std::string& argument);

}  // namespace espalier::program
