#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/space/architecture.h"

/// The architectures of the macro space: four to six modules, a choice for each. The candidates are kKinds;
/// those of the fifth and sixth module begin with `none`.
namespace transnas101 {

inline constexpr std::size_t kFewestModules = 4;
inline constexpr std::size_t kMostModules = 6;
/// What a module does, in the order of the digits 1 to 4.
inline constexpr std::array<const char*, 4> kKinds = {"plain", "double_channels", "halve_size",
                                                      "halve_and_double"};

/// Throws espalier::UsageError where the authors trained no such network: one to four modules halve the size,
/// and one to three double the channels.
void check_modules(const espalier::Architecture& architecture);
/// All that check_modules() accepts, in the order of their strings.
const std::vector<espalier::Architecture>& networks();

/// "64-1234-basic"
std::string print_modules(const espalier::Architecture& architecture);
/// Throws espalier::UsageError for any other text, and what check_modules() throws.
espalier::Architecture parse_modules(std::string_view text);

}  // namespace transnas101
