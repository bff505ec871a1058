#pragma once

namespace espalier {

/// An ability is something that only some plugins (or, for a Journal, some hosts) support beyond their
/// interface. It is an abstract class that its header defines completely. A plugin inherits it beside its
/// interface, and whoever needs it asks for it by type:
///
///     if (const auto* busy = ability<const UsesAllCores>(*trainer)) …
///
/// An interface can grow in this way without changing: a plugin that was built earlier lacks the ability, and
/// a host that was built earlier never asks for it (docs/abi.md).
///
/// [any-thread] Returns null when `object` lacks the ability.
template <class Ability, class Object>
Ability* ability(Object& object) {
  return dynamic_cast<Ability*>(&object);
}

}  // namespace espalier
