#pragma once

#include <string>
#include <utility>

#include "espalier/errors/errors.h"

namespace espalier {

/// Calls `infer`. An Error without a place that it throws gets `where` as its place.
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
