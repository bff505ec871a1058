#pragma once

#include <any>
#include <map>
#include <memory>
#include <string>
#include <typeinfo>
#include <unordered_map>
#include <utility>
#include <vector>

#include "espalier/plugin/export.h"

namespace espalier {

/// Whether an attribute belongs to one copy of a graph, or to all copies of it together.
enum class Sharing { private_data, shared_data };

/// The named attributes of an edge or a node; values have any copyable type.
///
/// A private attribute is copied with its owner; a shared attribute is one value for all copies (Ruchte et
/// al., 2020). Setting a name as one of the two removes it as the other. Const functions are [any-thread],
/// the others [one-thread]; calls on two objects that share attributes must not overlap either.
class ESPALIER_EXPORT Attributes {
 public:
  Attributes();

  template <class T>
  void set(const std::string& key, T value, Sharing sharing = Sharing::private_data) {
    store(key, std::any(std::move(value)), sharing);
  }
  /// Throws Error when there is no attribute of this name or when its value has another type.
  template <class T>
  T& get(const std::string& key) {
    std::any& value = find(key);
    if (T* typed = std::any_cast<T>(&value)) return *typed;
    refuse_type(key, value.type(), typeid(T));
  }
  template <class T>
  const T& get(const std::string& key) const {
    return const_cast<Attributes*>(this)->get<T>(key);  // NOLINT: one body for both
  }
  bool has(const std::string& key) const;
  bool is_shared(const std::string& key) const;
  void erase(const std::string& key);

  /// Identifies an edge or node across copies: two have the same identity if and only if they are
  /// counterparts in copies of one graph.
  const void* shared_identity() const { return shared_.get(); }

 private:
  friend class CloneMemo;
  using Map = std::map<std::string, std::any>;

  void store(const std::string& key, std::any value, Sharing sharing);
  std::any& find(const std::string& key);
  [[noreturn]] static void refuse_type(const std::string& key, const std::type_info& held,
                                       const std::type_info& asked);

  Map private_;
  std::shared_ptr<Map> shared_;
};

/// Makes a clone out of a copy: it separates the shared attributes from those of the original. Edges and
/// nodes that shared attributes with one another in the original still do so within the clone.
class ESPALIER_EXPORT CloneMemo {
 public:
  void detach(Attributes& attributes);

 private:
  std::unordered_map<const void*, std::shared_ptr<Attributes::Map>> replaced_;
  std::vector<std::shared_ptr<Attributes::Map>> kept_;
};

}  // namespace espalier
