#pragma once

#include <boost/filesystem/path.hpp>
#include <boost/process/environment.hpp>
#include <filesystem>
#include <string>

/// What every program that is started has in common.
namespace espalier::child {

/// The file of a program that is given by its path or found in the search path; empty where there is none.
boost::filesystem::path program_file(const std::string& program);

/// That of this program, without options that would change what Node does; PDF files are without the time at
/// which they were made.
boost::process::environment quiet_environment();

/// The file in a program's folder that takes what it says on standard error. One of an earlier program is
/// removed.
std::filesystem::path new_complaints(const std::filesystem::path& folder);

std::string first_line(const std::filesystem::path& file);
/// The last one that is not empty. Python names the error there, after the calls that led to it.
std::string last_line(const std::filesystem::path& file);

}  // namespace espalier::child
