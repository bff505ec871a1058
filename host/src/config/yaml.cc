#include "espalier/host/config/yaml.h"

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <utility>

#include "config/yaml_builder.h"
#include "config/yaml_text.h"
#include "espalier/errors/errors.h"

namespace espalier::host {
namespace {

// What the parser says, the same in plain words, and what to do.
struct Advice {
  std::string_view said;
  std::string_view plain;
  std::string_view remedy;
};
constexpr std::string_view unclosed = "a quote that is never closed";
constexpr std::string_view dedent = "a line that fits no open list or map";
constexpr std::array advices = {
    Advice{"illegal map value", "a ':' where none can stand",
           "write one 'key: value' a line; quote text with ': '"},
    Advice{"illegal map key", "a key where none can stand", "give all keys of a map one indentation"},
    Advice{"illegal block entry", "a '- ' where none can stand", "begin the list on a line of its own"},
    Advice{"illegal EOF in scalar", unclosed, "close the quotes"},
    Advice{"illegal document indicator", unclosed, "close the quotes"},
    Advice{"end of map not found", dedent, "give all keys of a map one indentation, each followed by ':'"},
    Advice{"end of map flow not found", "a '{' that is not closed",
           "close it with '}', entries between commas"},
    Advice{"end of sequence not found", dedent, "give all '- ' of a list one indentation"},
    Advice{"end of sequence flow not found", "a '[' that is not closed",
           "close it with ']', entries between commas"},
    Advice{"illegal flow end", "a closing bracket that nothing opened",
           "remove the bracket, or open it before"},
    Advice{"unknown escape", "an unknown escape after '\\'",
           "write \\\\ for a backslash, or use single quotes"},
    Advice{"the referenced anchor", "an alias to nothing",
           "define it before with '&', or quote text with a '*'"},
    Advice{"unknown token", "a special character at the start of text", "put the text in quotes"},
};

bool has_tab_indentation(std::string_view text, int line) {
  for (; line > 0; --line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return false;
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find_first_not_of(" \t")).find('\t') != std::string_view::npos;
}

[[noreturn]] void refuse_syntax(const YAML::Exception& error, std::string_view text,
                                const std::string& name) {
  ErrorDetails details = {.what = error.msg,
                          .where = name,
                          .expected = "YAML",
                          .remedy = "check indentation, brackets and quotes near this place"};
  const auto advice = std::find_if(advices.begin(), advices.end(), [&](const Advice& candidate) {
    return std::string_view(error.msg).starts_with(candidate.said);
  });
  if (advice != advices.end()) {
    details.what = advice->plain;
    details.remedy = advice->remedy;
  }
  if (!error.mark.is_null()) {
    details.where = to_string(Location{name, error.mark.line + 1, error.mark.column + 1});
    if (has_tab_indentation(text, error.mark.line)) details.remedy = "indent with spaces, not tabs";
  }
  details.what = "malformed YAML: " + details.what;
  throw UsageError(std::move(details));
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
