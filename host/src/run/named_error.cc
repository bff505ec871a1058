#include "run/named_error.h"

#include <fmt/format.h>

#include "espalier/errors/errors.h"

namespace espalier::host {

void rethrow_named(const std::exception_ptr& error, const std::string& name) {
  const auto named = [&name](ErrorDetails details) {
    details.where = details.where.empty() ? name : fmt::format("{} ({})", details.where, name);
    return details;
  };
  try {
    std::rethrow_exception(error);
  } catch (const UsageError& usage) {
    throw UsageError(named(usage.details()));
  } catch (const Error& failure) {
    throw Error(named(failure.details()));
  } catch (const std::exception& failure) {
    throw Error({.what = fmt::format("this failed: {}", failure.what()), .where = name});
  } catch (...) {
    throw Error({.what = "this failed with an unknown exception", .where = name});
  }
}

}  // namespace espalier::host
