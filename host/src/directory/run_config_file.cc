#include "directory/run_config_file.h"

#include <fmt/format.h>

#include "espalier/errors/errors.h"
#include "espalier/host/config/yaml.h"
#include "files/sha256.h"

namespace espalier::host {
namespace {

constexpr std::string_view marker =
    "# The config of this run, every default filled in (written by espalier).\n";

std::string seal_line(std::string_view yaml) {
  return fmt::format("# The SHA-256 of what follows: {}\n", sha256_of(yaml));
}

}  // namespace

std::string to_config_text(const ConfigValue& resolved) {
  const std::string yaml = to_yaml(resolved);
  return fmt::format("{}{}{}", marker, seal_line(yaml), yaml);
}

bool is_config_of_run(std::string_view text) { return text.starts_with(marker); }

ConfigValue parse_config_of_run(std::string_view text, const std::filesystem::path& file) {
  static const std::size_t head = marker.size() + seal_line("").size();
  const std::string_view yaml = text.substr(std::min(head, text.size()));
  if (text != fmt::format("{}{}{}", marker, seal_line(yaml), yaml))
    throw UsageError({.what = "the config of this run is damaged, or was changed by hand",
                      .where = file.string(),
                      .expected = "the file that the run wrote",
                      .remedy =
                          "put it back; to make a run larger, write what is to change on the command line, "
                          "e.g. `espalier resume DIR seeds=0..9`"});
  return parse_yaml(std::string(text), file.string());
}

}  // namespace espalier::host
