#pragma once

namespace espalier {

/// An ability is what some plugins (or hosts: a Journal) can beyond their interface. It is an abstract class,
/// all of it in its header, that a plugin inherits beside its interface; its name is its type's, and whoever
/// wants it asks:
///
///     if (const auto* busy = ability<const UsesAllCores>(*trainer)) …
///
/// So an interface gains something without a change of its own: plugins built before have not got the
/// ability, and a host built before never asks for it (docs/abi.md). Null where `object` has not got it.
template <class Ability, class Object>
Ability* ability(Object& object) {
  return dynamic_cast<Ability*>(&object);
}

}  // namespace espalier
