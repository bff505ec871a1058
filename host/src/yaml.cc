#include "espalier/host/yaml.h"

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <utility>

#include "espalier/errors.h"
#include "yaml_builder.h"
#include "yaml_text.h"

namespace espalier::host {
namespace {

// What the parser says, and what the reader can do about it.
using Advice = std::pair<std::string_view, std::string_view>;
constexpr std::array advices = {
    Advice("illegal tab", "indent with spaces, not tabs"),
    Advice("illegal map value", "write one 'key: value' a line, and put text that contains ': ' in quotes"),
    Advice("illegal map key", "write one 'key: value' a line, all keys of a map at one indentation"),
    Advice("illegal block entry", "begin the list on a line of its own, each '- ' at one indentation"),
    Advice("illegal EOF in scalar", "close the quotes"),
    Advice("illegal document indicator", "close the quotes"),
    Advice("end of map not found", "give all keys of a map one indentation, each followed by ':'"),
    Advice("end of map flow not found", "close the '{' with '}', entries separated by commas"),
    Advice("end of sequence not found", "give all '- ' of a list one indentation"),
    Advice("end of sequence flow not found", "close the '[' with ']', entries separated by commas"),
    Advice("illegal flow end", "remove the bracket, or open it before"),
    Advice("unknown escape", "write \\\\ for a backslash, or use single quotes"),
    Advice("the referenced anchor", "define it before with '&', or put text that begins with '*' in quotes"),
    Advice("unknown token", "put text that begins with a special character in quotes"),
    Advice("bad file", "close the brackets that were left open, or flatten the config"),
};

std::string advice_for(std::string_view message) {
  const auto found = std::find_if(advices.rbegin(), advices.rend(),
                                  [&](const Advice& advice) { return message.starts_with(advice.first); });
  return std::string(found == advices.rend() ? "check indentation, brackets and quotes near this place"
                                             : found->second);
}

[[noreturn]] void refuse_syntax(const YAML::Exception& error, const std::string& name) {
  Location where = {.file = name};
  if (!error.mark.is_null()) {
    where.line = error.mark.line + 1;
    where.column = error.mark.column + 1;
  }
  throw UsageError({.what = "malformed YAML: " + error.msg,
                    .where = to_string(where),
                    .expected = "YAML",
                    .remedy = advice_for(error.msg)});
}

}  // namespace

ConfigValue load_yaml(const std::filesystem::path& file) {
  return parse_yaml(read_config_text(file), file.string());
}

ConfigValue parse_yaml(std::string_view text, const std::string& name) {
  require_text(text, name);
  YamlBuilder builder(name);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    refuse_syntax(error, name);
  }
  return builder.take();
}

}  // namespace espalier::host
