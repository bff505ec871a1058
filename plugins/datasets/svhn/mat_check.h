#pragma once

#include <filesystem>
#include <string>

/// Why a file is not a whole and sound MATLAB 5 file; empty when it is one. libmatio cannot tell: it reads
/// what it can and compares no checksum.
std::string mat_problem(const std::filesystem::path& file);
