#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "config/override_effects.h"
#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/host/config/yaml.h"

namespace espalier::host {
namespace {

using Kind = ConfigValue::Kind;

constexpr std::size_t max_keys = 32;
constexpr std::size_t longest_shown = 200;

[[noreturn]] void refuse(const std::string& where, const std::string& what, const std::string& expected,
                         const std::string& remedy) {
  throw UsageError({.what = what, .where = where, .expected = expected, .remedy = remedy});
}

// The place of every part is the whole assignment.
void place_all(ConfigValue& value, const Location& where) {
  value.where = where;
  value.key_where = where;
  for (ConfigValue& item : value.items) place_all(item, where);
  for (auto& [key, item] : value.entries) place_all(item, where);
}

[[noreturn]] void refuse_without_equals(const std::string& where, std::string_view text) {
  const bool is_key = !text.empty() && text.find_first_of(" \t:{}[]\"'") == text.npos;
  refuse(where, "no '='", "key=value or key.path=value",
         is_key ? "write it as " + std::string(text.substr(0, longest_shown)) + "=VALUE"
                : "write it as optimizer.population_size=50");
}

Override parse(std::string_view assignment, const Location& written) {
  Override result;
  result.where = (written.file.empty() ? std::string(command_line) : to_string(written)) + " (" +
                 std::string(assignment.substr(0, longest_shown)) + ")";
  result.place = written.file.empty() ? Location{.file = result.where} : written;
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos) refuse_without_equals(result.where, assignment);
  const std::string path(assignment.substr(0, equals));
  boost::algorithm::split(result.path, path, boost::algorithm::is_any_of("."));
  if (result.path.size() > max_keys) {
    refuse(result.where, "too many keys in a path", "at most " + std::to_string(max_keys) + " keys",
           "check the path");
  }
  for (const std::string& key : result.path) {
    if (key.empty()) {
      refuse(result.where, "an empty key in '" + path + "'", "key=value or key.path=value",
             "write a name before '=' and on both sides of each '.'");
    }
  }
  result.value = parse_yaml(assignment.substr(equals + 1), result.where);
  place_all(result.value, result.place);
  return result;
}

// "optimizer.1" for the first two keys.
std::string path_to(const Override& change, std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += (i == 0 ? "" : ".") + change.path[i];
  return text.empty() ? "the config" : text;
}

ConfigValue& item_at(ConfigValue& list, const Override& change, std::size_t depth) {
  const std::string& key = change.path[depth];
  const std::string owner = path_to(change, depth);
  const std::string expected =
      "an index from 0 to " + std::to_string(list.items.size()) + ", the last of which appends an item";

  std::size_t index = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
  if (end != key.data() + key.size()) {
    refuse(change.where, owner + " is a list, and '" + key + "' is not an index", expected,
           "name one item, as in " + owner + ".0=…");
  }
  if (error == std::errc() && index == list.items.size()) list.items.emplace_back().where = change.place;
  if (error != std::errc() || index >= list.items.size()) {
    refuse(change.where, owner + " has no item " + key, expected,
           "to change the whole list, write " + owner + "=[…]");
  }
  return list.items[index];
}

// The short form of a component, `optimizer: random_search`, makes room for options.
void become_map(ConfigValue& value, const Override& change) {
  ConfigValue name = std::exchange(value, ConfigValue());
  value.kind = Kind::map;
  value.where = name.kind == Kind::null ? change.place : name.where;
  value.key_where = name.key_where;
  if (name.kind == Kind::scalar) value.set("name", std::move(name));
}

ConfigValue& entry_at(ConfigValue& map, const std::string& key, const Override& change) {
  if (ConfigValue* present = map.find(key)) return *present;
  ConfigValue missing;
  missing.where = missing.key_where = change.place;
  map.set(key, std::move(missing));
  return *map.find(key);
}

// `optimizer.0.tau=3` where one optimizer stands, without a list around it.
void refuse_index(const ConfigValue& component, const Override& change, std::size_t depth) {
  const std::string& key = change.path[depth];
  const bool is_one = component.kind == Kind::scalar || component.find("name") != nullptr;
  if (!is_one || key.find_first_not_of("0123456789") != key.npos) return;
  const std::string owner = path_to(change, depth);
  refuse(change.where, owner + " is a single plugin, not a list, so it has no item " + key,
         owner + ".OPTION=value",
         "leave out the " + key + "; to compare several, write '" + owner + "=[NAME, NAME]' in quotes");
}

ConfigValue& child(ConfigValue& parent, const Override& change, std::size_t depth) {
  if (parent.kind == Kind::list) return item_at(parent, change, depth);
  if (depth > 0) refuse_index(parent, change, depth);
  if (parent.kind != Kind::map) become_map(parent, change);
  return entry_at(parent, change.path[depth], change);
}

// `key=null` and not `key=`, which is an empty variable of a shell more often than a wish.
bool removes(const Override& change, std::string_view assignment) {
  const std::string_view text = assignment.substr(assignment.find('=') + 1);
  return change.value.kind == Kind::null && (text == "null" || text == "~");
}

// What stands at the path so far, or null; nothing is made on the way.
ConfigValue* present(ConfigValue& parent, const Override& change, std::size_t depth) {
  if (parent.kind == Kind::list) return &item_at(parent, change, depth);
  return parent.kind == Kind::map ? parent.find(change.path[depth]) : nullptr;
}

void remove(ConfigValue& config, const Override& change) {
  ConfigValue* owner = &config;
  std::size_t depth = 0;
  while (owner != nullptr && depth + 1 < change.path.size()) owner = present(*owner, change, depth++);
  const std::string& key = change.path.back();
  if (owner != nullptr && owner->kind == Kind::list) {
    const std::string list = path_to(change, depth);
    refuse(change.where, "null does not remove an item of a list", "a key of a map, such as evaluate=null",
           "write the items that remain: " + list + "=[…]");
  }
  if (owner != nullptr && std::erase_if(owner->entries, [&](const auto& e) { return e.first == key; }) > 0)
    return;
  std::vector<std::string> keys;
  if (owner != nullptr)
    for (const auto& [name, value] : owner->entries) keys.push_back(name);
  throw UsageError({.what = "nothing to remove: there is no key '" + key + "'",
                    .where = change.where,
                    .expected = keys.empty() ? "a key that the config has" : "one of " + join_names(keys),
                    .nearest = nearest(key, keys)});
}

}  // namespace

void apply_override(ConfigValue& config, std::string_view assignment, const Location& written) {
  Override change = parse(assignment, written);
  if (config.kind == Kind::scalar) {
    throw UsageError({.what = "one value where a config belongs",
                      .where = to_string(config.where),
                      .expected = "a map such as {search_space: nasbench201}"});
  }
  if (change.path.front() == "templates")
    refuse(change.where, "a template is copied while the file is read, so this would change nothing",
           "a key that the run uses",
           "name the key that takes the template's values, e.g. trainer.trials=50");
  if (removes(change, assignment)) return remove(config, change);
  ConfigValue* owner = &config;
  const std::size_t last = change.path.size() - 1;
  for (std::size_t depth = 0; depth < last; ++depth) owner = &child(*owner, change, depth);
  take_away_beside(*owner, change);
  child(*owner, change, last) = std::move(change.value);
  // Whatever is wrong with a plugin is the mistake of who names it.
  if (change.path.back() == "name") owner->where = change.place;
  take_paper_results(config, change);
}

}  // namespace espalier::host
