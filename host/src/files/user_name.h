#pragma once

#include <sys/types.h>

#include <string>

namespace espalier::host {

/// The name of a user, for messages: "bob", or "the user 1234" where the system knows none.
std::string user_name(uid_t user);

}  // namespace espalier::host
