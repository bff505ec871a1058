#include "directory/measurements_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "directory/run_files.h"
#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"
#include "files/atomic_file.h"
#include "files/sha256.h"

namespace espalier::host {
namespace {

/// The end of a line: its SHA-256, as one more member of the object.
std::string seal_of_line(std::string_view object) {
  return fmt::format(R"(,"sha256":"{}"}})", sha256_of(object));
}

std::string to_line(const Measurement& measurement, const SearchSpace& space) {
  const nlohmann::json line = {{"architecture", space.to_string(measurement.architecture)},
                               {"metric", measurement.metric},
                               {"fidelity", measurement.fidelity},
                               {"value", measurement.value}};
  const std::string text = line.dump();
  return fmt::format("{}{}\n", text.substr(0, text.size() - 1), seal_of_line(text));
}

Measurement from_line(const std::string& line, const SearchSpace& space) {
  static const std::size_t end = seal_of_line("").size();
  const std::string text = line.substr(0, line.size() - std::min(end, line.size())) + "}";
  if (!line.ends_with(seal_of_line(text))) throw Error({.what = "its checksum differs"});
  const nlohmann::json object = nlohmann::json::parse(text);
  return {.architecture = space.parse(object.at("architecture").get<std::string>()),
          .metric = object.at("metric").get<std::string>(),
          .fidelity = object.at("fidelity").get<Fidelity>(),
          .value = object.at("value").get<double>()};
}

[[noreturn]] void refuse(const std::filesystem::path& file, int line, const std::string& why) {
  throw Error({.what = fmt::format("this measurement is not usable: {}", why),
               .where = fmt::format("{}:{}", file.string(), line),
               .expected = "a line that a run wrote",
               .remedy = "remove this line and run again: what it measured is measured again"});
}

}  // namespace

void keep_measurements(Measurements& measurements, const SearchSpace& space, const RunDirectory& directory) {
  const std::filesystem::path file = directory.path() / RunFiles::measurements;
  const std::string text = read_file(file).value_or("");
  std::size_t begin = 0;
  for (int line = 1; begin < text.size(); ++line) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) break;  // cut short
    try {
      measurements.add(from_line(text.substr(begin, end - begin), space));
    } catch (const nlohmann::json::exception& error) {
      refuse(file, line, error.what());
    } catch (const Error& error) {
      refuse(file, line, error.details().what);
    }
    begin = end + 1;
  }
  if (begin < text.size()) write_file(file, std::string_view(text).substr(0, begin));
  // A process that a trainer forked may measure, too, but only one process writes the files of a run.
  measurements.keep_with([&space, file, process = ::getpid()](const Measurement& measurement) {
    if (::getpid() == process) append_to_file(file, to_line(measurement, space));
  });
}

}  // namespace espalier::host
