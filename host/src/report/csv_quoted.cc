#include "espalier/host/report/csv_quoted.h"

#include <boost/algorithm/string/replace.hpp>

namespace espalier::host {

std::string csv_quoted(const std::string& text) {
  return "\"" + boost::replace_all_copy(text, "\"", "\"\"") + "\"";
}

}  // namespace espalier::host
