#pragma once

#include <stdexcept>
#include <string>

#include "espalier/plugin/export.h"

namespace espalier {

/// What a person needs to know to correct a mistake. Only `what` is mandatory; empty parts are not printed.
struct ErrorDetails {
  std::string what;           ///< what is wrong, with the offending value
  std::string where = {};     ///< its place: file:line:column, a path, or a plugin and its file
  std::string expected = {};  ///< what would have been right
  std::string nearest = {};   ///< the valid name that is nearest to a wrong one
  std::string remedy = {};    ///< what to do about it
};

/// The base of all errors that Espalier throws. what() is the whole message, with a line for each part. The
/// program ends with exit code 1.
class ESPALIER_EXPORT Error : public std::runtime_error {
 public:
  explicit Error(ErrorDetails details);
  ~Error() override;

  const ErrorDetails& details() const noexcept { return details_; }

 private:
  ErrorDetails details_;
};

/// A mistake in what the user wrote: a command line, a config, an architecture or a name. The program ends
/// with exit code 2.
class ESPALIER_EXPORT UsageError : public Error {
 public:
  using Error::Error;
  ~UsageError() override;
};

}  // namespace espalier
