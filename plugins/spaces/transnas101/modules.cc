#include "modules.h"

#include <optional>

#include "espalier/errors/errors.h"
#include "networks.h"

namespace transnas101 {
namespace {

using espalier::Architecture;
using espalier::ErrorDetails;

/// The digit of a module; 0 where there is none.
int kind_of(const Architecture& architecture, std::size_t module) {
  return architecture[module] + (module < kFewestModules ? 1 : 0);
}

/// Why a combination is no network of the authors; nothing where it is one.
std::optional<ErrorDetails> problem_of(const Architecture& architecture) {
  int halved = 0;
  int doubled = 0;
  for (std::size_t module = 0; module < kMostModules; ++module) {
    const int kind = kind_of(architecture, module);
    halved += kind > 2 ? 1 : 0;
    doubled += kind != 0 && kind % 2 == 0 ? 1 : 0;
  }
  const auto problem = [&](const std::string& what, const char* expected) {
    return ErrorDetails{.what = what, .where = print_modules(architecture), .expected = expected};
  };
  const auto modules = [](int count) { return std::to_string(count) + " of the modules "; };
  if (kind_of(architecture, kMostModules - 2) == 0 && kind_of(architecture, kMostModules - 1) != 0)
    return problem("module_6 follows no module_5", "modules without a gap");
  if (halved < 1 || halved > 4) return problem(modules(halved) + "halve the size, as 3 and 4 do", "1 to 4");
  if (doubled < 1 || doubled > 3)
    return problem(modules(doubled) + "double the channels, as 2 and 4 do", "1 to 3");
  return std::nullopt;
}

/// Adds all networks that begin with the modules before `module` of `architecture`.
void add_networks(Architecture architecture, std::size_t module, std::vector<Architecture>& found) {
  if (module == kMostModules) {
    if (!problem_of(architecture)) found.push_back(architecture);
    return;
  }
  const std::size_t candidates = kKinds.size() + (module < kFewestModules ? 0 : 1);
  for (std::size_t i = 0; i < candidates; ++i) {
    architecture.set(module, i);
    add_networks(architecture, module + 1, found);
  }
}

std::string remedy(std::string_view text) {
  if (text.find('_') != text.npos)
    return "write search_space: transnas101_micro, or --space transnas101_micro, for cells";
  return "write a network as 64-1234-basic, a digit for each module";
}

}  // namespace

void check_modules(const Architecture& architecture) {
  if (const auto problem = problem_of(architecture)) throw espalier::UsageError(*problem);
}

const std::vector<Architecture>& networks() {
  static const std::vector<Architecture> all = [] {
    std::vector<Architecture> found;
    add_networks(Architecture::zeros(kMostModules), 0, found);
    return found;
  }();
  return all;
}

std::string print_modules(const Architecture& architecture) {
  std::string text(kPrefix);
  for (std::size_t module = 0; module < kMostModules; ++module)
    if (const int kind = kind_of(architecture, module); kind != 0) text += std::to_string(kind);
  return text + "-basic";
}

Architecture parse_modules(std::string_view text) {
  espalier::TokenReader in{text};
  const auto refuse_here = [&](const std::string& expected) { refuse(in, expected, remedy(text)); };
  if (!in.accept(kPrefix)) refuse_here("\"64-\"");
  Architecture architecture = Architecture::zeros(kMostModules);
  std::size_t module = 0;
  for (; !in.at_end() && in.rest().front() != '-'; ++module) {
    const char digit = in.rest().front();
    if (module == kMostModules) refuse_here("\"-basic\": a network has six modules at most");
    if (digit < '1' || digit > '4') refuse_here("a digit from 1 to 4");
    architecture.set(module, static_cast<std::size_t>(digit - (module < kFewestModules ? '1' : '0')));
    ++in.position;
  }
  if (module < kFewestModules) refuse_here("four modules or more, a digit for each");
  for (const std::string_view token : {"-", "basic"})
    if (!in.accept(token)) refuse_here(espalier::quoted(token, token.size()));
  if (!in.at_end()) refuse_here("the end");
  check_modules(architecture);
  return architecture;
}

}  // namespace transnas101
