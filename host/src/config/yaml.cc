#include "espalier/host/config/yaml.h"

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>
#include <utility>

#include "config/yaml_advice.h"
#include "config/yaml_builder.h"
#include "config/yaml_text.h"
#include "espalier/errors/errors.h"

namespace espalier::host {
namespace {

[[noreturn]] void refuse_syntax(const YAML::Exception& error, std::string_view text,
                                const std::string& name) {
  const bool placed = !error.mark.is_null();
  const YamlAdvice advice =
      advise_on_yaml(error.msg, text, placed ? error.mark.line : -1, placed ? error.mark.column : -1);
  Location where{name, error.mark.line + 1, error.mark.column + 1};
  if (advice.line >= 0) where = {name, advice.line + 1, advice.column + 1};
  throw UsageError({.what = "malformed YAML: " + advice.what,
                    .where = placed ? to_string(where) : name,
                    .remedy = advice.remedy});
}

// The parser takes the end of the text for the end of a quote. A document's end it does not.
std::string with_end(std::string_view text) {
  constexpr std::string_view end = "...";
  const std::string_view trimmed = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
  std::string ended(text);
  if (trimmed.empty() || trimmed == end || trimmed.ends_with("\n...")) return ended;
  if (!ended.ends_with('\n')) ended += '\n';
  return ended.append(end).append("\n");
}

}  // namespace

ConfigValue load_yaml(const std::filesystem::path& file) {
  return parse_yaml(read_config_text(file), file.string());
}

ConfigValue parse_yaml(std::string_view text, const std::string& name) {
  require_text(text, name);
  YamlBuilder builder(name);
  try {
    std::istringstream stream(with_end(text));
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    refuse_syntax(error, text, name);
  }
  return builder.take();
}

}  // namespace espalier::host
