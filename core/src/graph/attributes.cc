#include "espalier/graph/attributes.h"

#include <fmt/format.h>

#include <boost/core/demangle.hpp>

#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"

namespace espalier {

Attributes::Attributes() : shared_(std::make_shared<Map>()) {}

bool Attributes::has(const std::string& key) const { return private_.contains(key) || is_shared(key); }

bool Attributes::is_shared(const std::string& key) const {
  return !private_.contains(key) && shared_->contains(key);
}

void Attributes::erase(const std::string& key) {
  private_.erase(key);
  shared_->erase(key);
}

void Attributes::store(const std::string& key, std::any value, Sharing sharing) {
  const bool share = sharing == Sharing::shared_data;
  (share ? private_ : *shared_).erase(key);
  (share ? *shared_ : private_).insert_or_assign(key, std::move(value));
}

std::any& Attributes::find(const std::string& key) {
  for (Map* map : {&private_, shared_.get()}) {
    if (const auto found = map->find(key); found != map->end()) return found->second;
  }
  std::vector<std::string> keys;
  for (const Map* map : {&private_, shared_.get()}) {
    for (const auto& [name, value] : *map) keys.push_back(name);
  }
  throw Error({.what = fmt::format("there is no attribute \"{}\"", key),
               .expected = keys.empty() ? "an attribute that was set (none was)" : join_names(keys),
               .nearest = nearest(key, keys)});
}

void Attributes::refuse_type(const std::string& key, const std::type_info& held,
                             const std::type_info& asked) {
  throw Error(
      {.what = fmt::format("attribute \"{}\" was asked for as {}", key, boost::core::demangle(asked.name())),
       .expected = boost::core::demangle(held.name())});
}

void CloneMemo::detach(Attributes& attributes) {
  std::shared_ptr<Attributes::Map>& own = replaced_[attributes.shared_.get()];
  if (!own) {
    own = std::make_shared<Attributes::Map>(*attributes.shared_);
    // Its address is the key: while the memo keeps it alive, no other map can have the same address.
    kept_.push_back(attributes.shared_);
  }
  attributes.shared_ = own;
}

}  // namespace espalier
