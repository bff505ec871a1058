#pragma once

#include <gtest/gtest.h>

#include "espalier/errors/errors.h"

namespace espalier::testing {

/// What `read` is refused with; fails the test when it is not.
template <class Read>
ErrorDetails usage_error_of(Read read) {
  try {
    read();
  } catch (const UsageError& error) {
    return error.details();
  }
  ADD_FAILURE() << "no UsageError";
  return {.what = ""};
}

}  // namespace espalier::testing
