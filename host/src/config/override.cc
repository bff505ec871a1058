#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/host/config/yaml.h"

namespace espalier::host {
namespace {

using Kind = ConfigValue::Kind;

constexpr std::size_t max_keys = 32;

struct Override {
  std::string where;  // "command line (key.path=value)"
  Location place;     // of the value, in the tree
  std::vector<std::string> path;
  ConfigValue value;
};

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

Override parse(std::string_view assignment, const Location& written) {
  Override result;
  result.where = written.file.empty() ? "command line (" + std::string(assignment.substr(0, 200)) + ")"
                                      : to_string(written);
  result.place = written.file.empty() ? Location{.file = result.where} : written;
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos) {
    refuse(result.where, "no '='", "key=value or key.path=value", "write it as optimizer.population_size=50");
  }
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

ConfigValue& child(ConfigValue& parent, const Override& change, std::size_t depth) {
  if (parent.kind == Kind::list) return item_at(parent, change, depth);
  if (parent.kind != Kind::map) become_map(parent, change);
  return entry_at(parent, change.path[depth], change);
}

}  // namespace

void apply_override(ConfigValue& config, std::string_view assignment, const Location& written) {
  Override change = parse(assignment, written);
  if (config.kind == Kind::scalar) {
    throw UsageError({.what = "one value where a config belongs",
                      .where = to_string(config.where),
                      .expected = "a map such as {search_space: nasbench201}"});
  }
  ConfigValue* target = &config;
  for (std::size_t depth = 0; depth < change.path.size(); ++depth) target = &child(*target, change, depth);
  *target = std::move(change.value);
}

}  // namespace espalier::host
