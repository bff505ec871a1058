#pragma once

#include <stdexcept>
#include <string>

#include "espalier/plugin/export.h"

namespace espalier {

/// What a person needs to put a mistake right. Only `what` is mandatory; empty parts are not printed.
struct ErrorDetails {
  std::string what;           ///< what was wrong, with the offending value
  std::string where = {};     ///< file:line:column, a path, a plugin and its file …
  std::string expected = {};  ///< what would have been right
  std::string nearest = {};   ///< the nearest valid name, where a name was wrong
  std::string remedy = {};    ///< what to do now
};

/// Every error that Espalier throws. `what()` is the whole message, one part a line.
/// The program ends with exit code 1.
class ESPALIER_EXPORT Error : public std::runtime_error {
 public:
  explicit Error(ErrorDetails details);
  ~Error() override;

  const ErrorDetails& details() const noexcept { return details_; }

 private:
  ErrorDetails details_;
};

/// A mistake in what the user wrote: a command line, a config, an architecture, a name.
/// The program ends with exit code 2.
class ESPALIER_EXPORT UsageError : public Error {
 public:
  using Error::Error;
  ~UsageError() override;
};

}  // namespace espalier
