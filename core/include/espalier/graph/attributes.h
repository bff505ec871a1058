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

/// Attributes of any copyable type by name, of an edge or a node.
///
/// Private attributes are copied with their owner; shared ones are one value for all copies. Setting
/// a name in one of the two removes it from the other.
class ESPALIER_EXPORT Attributes {
 public:
  Attributes();

  template <class T>
  void set(const std::string& key, T value, Sharing sharing = Sharing::private_data) {
    store(key, std::any(std::move(value)), sharing);
  }
  /// Throws Error when there is no such attribute or it has another type.
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

  /// The same for an edge (node) and its counterpart in every copy of its graph, different otherwise.
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

/// Gives the edges and nodes of a clone shared data of their own, the same for all that shared in the
/// original: within a clone copies still share, with the original nothing is.
class ESPALIER_EXPORT CloneMemo {
 public:
  void detach(Attributes& attributes);

 private:
  std::unordered_map<const void*, std::shared_ptr<Attributes::Map>> replaced_;
  std::vector<std::shared_ptr<Attributes::Map>> kept_;
};

}  // namespace espalier
