#include "files/user_name.h"

#include <fmt/format.h>
#include <pwd.h>

#include <array>

namespace espalier::host {

std::string user_name(uid_t user) {
  std::array<char, 4096> buffer;
  passwd entry = {};
  passwd* found = nullptr;
  if (getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
    return found->pw_name;
  return fmt::format("the user {}", user);
}

}  // namespace espalier::host
