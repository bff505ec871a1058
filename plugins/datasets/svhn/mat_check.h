#pragma once

#include <filesystem>
#include <string>

/// What keeps a file from being a whole and sound MATLAB 5 file; empty when nothing does. libmatio does
/// not tell: it reads what it can and compares no checksum.
std::string mat_problem(const std::filesystem::path& file);
