#include "config/yaml_builder.h"

#include <fmt/format.h>
#include <yaml-cpp/mark.h>

#include <utility>

#include "config/yaml_text.h"
#include "espalier/errors/errors.h"
#include "espalier/errors/quoted.h"

namespace espalier::host {
namespace {

using Kind = ConfigValue::Kind;

// Far above any config, far below what hurts.
constexpr std::size_t max_depth = 64;
constexpr std::size_t max_nodes = 100'000;
constexpr std::size_t max_bytes = std::size_t{16} << 20;

constexpr const char* quoted_tag = "!";
constexpr const char* no_tag = "?";
constexpr const char* merge_key = "<<";

[[noreturn]] void refuse_merge(const ConfigValue& value) {
  throw UsageError({.what = "'<<' takes the keys of another map, and this is none",
                    .where = to_string(value.where),
                    .expected = "an alias of a map, <<: *NAME, or a list of them, <<: [*ONE, *TWO]",
                    .remedy = "give the map an anchor where it stands: key: &NAME"});
}

/// `seeds:0` is one word, so it is a key without a value.
void refuse_missing_space(const std::string& key, const Location& where) {
  const std::size_t colon = key.find(':');
  constexpr const char* word = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
  if (colon == 0 || colon == key.npos || colon + 1 == key.size() || key[colon + 1] == '/' ||
      key.find_first_not_of(word) != colon)
    return;
  constexpr std::size_t longest = 60;
  throw UsageError({.what = "no space after the ':'",
                    .where = to_string(where),
                    .expected = "a space between a key and its value",
                    .remedy = fmt::format("write {}: {}", printable(key.substr(0, colon), longest),
                                          printable(key.substr(colon + 1), longest))});
}

}  // namespace

YamlBuilder::YamlBuilder(std::string name) : name_(std::move(name)) {}

ConfigValue YamlBuilder::take() { return std::move(root_); }

void YamlBuilder::OnDocumentStart(const YAML::Mark& mark) {
  if (std::exchange(started_, true)) {
    throw UsageError({.what = "a second YAML document",
                      .where = to_string(place(mark)),
                      .expected = "one document in a file",
                      .remedy = "split the file at its '---' lines"});
  }
}

void YamlBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  ConfigValue value;
  value.where = place(mark);
  count({.nodes = 1}, value.where);
  remember(anchor, value, {.nodes = 1});
  add(std::move(value));
}

void YamlBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& text) {
  refuse_tag(mark, tag);
  ConfigValue value = ConfigValue::of(with_escapes_in_utf8(text), tag == quoted_tag);
  value.where = place(mark);
  const Size size = {.nodes = 1, .bytes = text.size()};
  count(size, value.where);
  remember(anchor, value, size);
  add(std::move(value));
}

void YamlBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) {
    throw UsageError({.what = "an alias inside the value that it stands for",
                      .where = to_string(place(mark)),
                      .expected = "an alias to a value that ended before",
                      .remedy = "write the value out instead of the alias"});
  }
  count(found->second.size, place(mark));
  add(found->second.value);
}

void YamlBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                                  YAML::EmitterStyle::value /*style*/) {
  open(Kind::list, mark, tag, anchor);
}

void YamlBuilder::OnSequenceEnd() { close(); }

void YamlBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value /*style*/) {
  open(Kind::map, mark, tag, anchor);
}

void YamlBuilder::OnMapEnd() { close(); }

Location YamlBuilder::place(const YAML::Mark& mark) const {
  if (mark.is_null()) return {.file = name_};
  return {.file = name_, .line = mark.line + 1, .column = mark.column + 1};
}

void YamlBuilder::refuse_tag(const YAML::Mark& mark, const std::string& tag) const {
  if (tag.empty() || tag == no_tag || tag == quoted_tag) return;
  throw UsageError({.what = "a YAML tag ('" + tag + "')",
                    .where = to_string(place(mark)),
                    .expected = "plain values, lists and maps",
                    .remedy = "remove the tag, or put text that begins with '!' in quotes"});
}

void YamlBuilder::count(Size size, const Location& where) {
  size_.nodes += size.nodes;
  size_.bytes += size.bytes;
  if (size_.nodes <= max_nodes && size_.bytes <= max_bytes) return;
  throw UsageError({.what = "too many values to be a config, aliases written out",
                    .where = to_string(where),
                    .expected = "at most " + std::to_string(max_nodes) + " values and " +
                                std::to_string(max_bytes >> 20) + " MiB of text",
                    .remedy = "use fewer aliases or a smaller file"});
}

void YamlBuilder::open(Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
  refuse_tag(mark, tag);
  Open part{.value = {}, .anchor = anchor, .before = size_, .key = {}, .keys = {}, .merged = {}};
  part.value.kind = kind;
  part.value.where = place(mark);
  if (open_.size() == max_depth) {
    throw UsageError({.what = "lists and maps nested too deep",
                      .where = to_string(part.value.where),
                      .expected = "at most " + std::to_string(max_depth) + " levels",
                      .remedy = "close the brackets that were left open, or flatten the config"});
  }
  count({.nodes = 1}, part.value.where);
  open_.push_back(std::move(part));
}

void YamlBuilder::close() {
  Open part = std::move(open_.back());
  open_.pop_back();
  if (part.merged) merge(part, *part.merged);
  remember(part.anchor, part.value,
           {.nodes = size_.nodes - part.before.nodes, .bytes = size_.bytes - part.before.bytes});
  add(std::move(part.value));
}

void YamlBuilder::remember(YAML::anchor_t anchor, const ConfigValue& value, Size size) {
  if (anchor == YAML::NullAnchor) return;
  count(size, value.where);  // the copy that is kept; anchors within anchors would pile up
  anchors_[anchor] = {value, size};
}

void YamlBuilder::add(ConfigValue value) {
  if (open_.empty()) {
    root_ = std::move(value);
    return;
  }
  Open& parent = open_.back();
  if (parent.value.kind == Kind::list) {
    parent.value.items.push_back(std::move(value));
  } else if (!parent.key) {
    add_key(parent, std::move(value));
  } else if (parent.key->scalar == merge_key && !parent.key->quoted) {
    parent.merged = std::move(value);
    parent.key.reset();
  } else {
    if (value.kind == Kind::null && !parent.key->quoted)
      refuse_missing_space(parent.key->scalar, parent.key->where);
    value.key_where = parent.key->where;
    parent.value.entries.emplace_back(std::move(parent.key->scalar), std::move(value));
    parent.key.reset();
  }
}

void YamlBuilder::add_key(Open& map, ConfigValue key) const {
  if (key.kind != Kind::scalar) {
    throw UsageError({.what = "a key that is not text",
                      .where = to_string(key.where),
                      .expected = "a name before each ':'",
                      .remedy = "write 'key: value', or put text with brackets in quotes"});
  }
  const auto [first, is_new] = map.keys.emplace(key.scalar, key.where);
  if (!is_new) {
    throw UsageError({.what = "the key '" + key.scalar.substr(0, 60) + "' is written twice",
                      .where = to_string(key.where),
                      .expected = "each key once; the first stands at " + to_string(first->second),
                      .remedy = key.scalar == merge_key && !key.quoted ? "write both as <<: [*ONE, *TWO]"
                                                                       : "remove one of the two"});
  }
  map.key = std::move(key);
}

/// What the map says itself comes first, whether it stands before the merge key or after it; then the maps of
/// a list in their order.
void YamlBuilder::merge(Open& map, const ConfigValue& merged) {
  if (merged.kind == Kind::list) {
    for (const ConfigValue& item : merged.items) {
      if (item.kind == Kind::list) refuse_merge(item);
      merge(map, item);
    }
    return;
  }
  if (merged.kind != Kind::map) refuse_merge(merged);
  for (const auto& [key, value] : merged.entries)
    if (map.keys.emplace(key, value.key_where).second) map.value.entries.emplace_back(key, value);
}

}  // namespace espalier::host
