#pragma once

#include <yaml-cpp/eventhandler.h>

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "espalier/config/config_value.h"

namespace espalier::host {

/// Builds a config tree from the parser's events: unlike YAML::Node it keeps every part's place, and
/// sees repeated keys and what an alias would grow to before that happens.
class YamlBuilder : public YAML::EventHandler {
 public:
  explicit YamlBuilder(std::string name);

  /// The tree, once the parser is done.
  ConfigValue take();

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override;
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override;

 private:
  struct Size {
    std::size_t nodes = 0;
    std::size_t bytes = 0;
  };
  struct Anchored {
    ConfigValue value;
    Size size;
  };
  struct Open {  // a list or map whose end has not come yet
    ConfigValue value;
    YAML::anchor_t anchor;
    Size before;
    std::optional<ConfigValue> key;
    std::unordered_map<std::string, Location> keys;
    std::optional<ConfigValue> merged;  // what stands under "<<"
  };

  Location place(const YAML::Mark& mark) const;
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) const;
  void count(Size size, const Location& where);
  void open(ConfigValue::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor);
  void close();
  void remember(YAML::anchor_t anchor, const ConfigValue& value, Size size);
  void add(ConfigValue value);
  void add_key(Open& map, ConfigValue key) const;
  static void merge(Open& map, const ConfigValue& merged);

  std::string name_;
  bool started_ = false;
  ConfigValue root_;
  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, Anchored> anchors_;
  Size size_;  // of all that was built, copies included
};

}  // namespace espalier::host
