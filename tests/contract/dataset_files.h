#pragma once

#include <string>

namespace espalier::testing {

/// Options that name a folder with a few images for `dataset`: "{folder: …}". It is there while tests run.
std::string data_folder(const std::string& dataset);

}  // namespace espalier::testing
