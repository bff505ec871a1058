#pragma once

#include <map>
#include <string>

namespace espalier::host {

/// The libraries of this process that compute what a network gives: those of Espalier, of LibTorch, and the
/// BLAS, OpenMP and C libraries below it. Each file name has the build ID that the linker gave to the code in
/// memory, or the SHA-256 of the file where there is none. [any-thread]
std::map<std::string, std::string> loaded_libraries();

}  // namespace espalier::host
