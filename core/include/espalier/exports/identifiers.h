#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "espalier/plugin/export.h"

namespace espalier::exports {

/// [any-thread] A name as an identifier of Python and C: letters, digits and '_', and no keyword.
ESPALIER_EXPORT std::string identifier(std::string_view name);
/// [any-thread] The same as the name of a class: "nor_conv_3x3" becomes "NorConv3x3".
ESPALIER_EXPORT std::string class_identifier(std::string_view name);

/// Identifiers for the dotted names of a graph, of which no two become the same.
class ESPALIER_EXPORT Identifiers {
 public:
  /// [one-thread] The same for the same name.
  std::string dotted(std::string_view name);

 private:
  std::map<std::string, std::string, std::less<>> known_;  ///< by the original name of each prefix
  std::set<std::string> taken_;
};

}  // namespace espalier::exports
