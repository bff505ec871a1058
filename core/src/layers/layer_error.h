#pragma once

#include <string>
#include <utility>

#include "espalier/errors/errors.h"

namespace espalier {

/// Calls `infer`; an Error of it that does not say where gets `where`.
template <class Infer>
auto naming_place(const std::string& where, const Infer& infer) {
  try {
    return infer();
  } catch (const Error& error) {
    if (!error.details().where.empty()) throw;
    ErrorDetails details = error.details();
    details.where = where;
    throw Error(std::move(details));
  }
}

}  // namespace espalier
