#include "espalier/host/report/shell_quoted.h"

#include <boost/algorithm/string/replace.hpp>

namespace espalier::host {

std::string shell_quoted(const std::string& word) {
  constexpr const char* plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+@:,=";
  if (!word.empty() && word.find_first_not_of(plain) == word.npos) return word;
  return "'" + boost::algorithm::replace_all_copy(word, "'", "'\\''") + "'";
}

}  // namespace espalier::host
