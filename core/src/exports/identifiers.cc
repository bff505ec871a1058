#include "espalier/exports/identifiers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace espalier::exports {
namespace {

constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Those of Python, and names that torch.nn.Module and torch.jit.ScriptModule have themselves.
constexpr std::array<std::string_view, 102> kReserved = {"False",
                                                         "None",
                                                         "True",
                                                         "and",
                                                         "as",
                                                         "assert",
                                                         "async",
                                                         "await",
                                                         "break",
                                                         "class",
                                                         "continue",
                                                         "def",
                                                         "del",
                                                         "elif",
                                                         "else",
                                                         "except",
                                                         "finally",
                                                         "for",
                                                         "from",
                                                         "global",
                                                         "if",
                                                         "import",
                                                         "in",
                                                         "is",
                                                         "lambda",
                                                         "nonlocal",
                                                         "not",
                                                         "or",
                                                         "pass",
                                                         "raise",
                                                         "return",
                                                         "try",
                                                         "while",
                                                         "with",
                                                         "yield",
                                                         "self",
                                                         "torch",
                                                         "nn",
                                                         "x",
                                                         "super",
                                                         "print",
                                                         "add_module",
                                                         "apply",
                                                         "bfloat16",
                                                         "buffers",
                                                         "call_super_init",
                                                         "children",
                                                         "code",
                                                         "compile",
                                                         "cpu",
                                                         "cuda",
                                                         "define",
                                                         "double",
                                                         "dump_patches",
                                                         "eval",
                                                         "extra_repr",
                                                         "float",
                                                         "forward",
                                                         "get_buffer",
                                                         "get_extra_state",
                                                         "get_parameter",
                                                         "get_submodule",
                                                         "graph",
                                                         "half",
                                                         "inlined_graph",
                                                         "ipu",
                                                         "load_state_dict",
                                                         "modules",
                                                         "mtia",
                                                         "named_buffers",
                                                         "named_children",
                                                         "named_modules",
                                                         "named_parameters",
                                                         "original_name",
                                                         "parameters",
                                                         "register_buffer",
                                                         "register_forward_hook",
                                                         "register_forward_pre_hook",
                                                         "register_full_backward_hook",
                                                         "register_module",
                                                         "register_parameter",
                                                         "requires_grad_",
                                                         "save",
                                                         "set_extra_state",
                                                         "set_submodule",
                                                         "share_memory",
                                                         "state_dict",
                                                         "to",
                                                         "to_empty",
                                                         "train",
                                                         "training",
                                                         "type",
                                                         "xpu",
                                                         "zero_grad",
                                                         "code_with_constants",
                                                         "chain",
                                                         "append",
                                                         "extend",
                                                         "insert",
                                                         "pop",
                                                         "keys",
                                                         "items"};

}  // namespace

std::string identifier(std::string_view name) {
  std::string result;
  for (const char c : name) result += is_letter(c) || is_digit(c) || c == '_' ? c : '_';
  if (result.empty() || is_digit(result.front()) || result.front() == '_') result = "n" + result;
  if (std::ranges::find(kReserved, result) != kReserved.end()) result += "_";
  return result;
}

std::string class_identifier(std::string_view name) {
  std::string result;
  bool first = true;
  for (const char c : name) {
    if (!is_letter(c) && !is_digit(c)) {
      first = true;
      continue;
    }
    constexpr char to_upper = 'A' - 'a';
    result += first && c >= 'a' && c <= 'z' ? static_cast<char>(c + to_upper) : c;
    first = false;
  }
  if (result.empty() || is_digit(result.front())) result = "Block" + result;
  return result;
}

std::string Identifiers::dotted(std::string_view name) {
  if (const auto known = known_.find(name); known != known_.end()) return known->second;
  const std::size_t dot = name.rfind('.');
  const std::string before = dot == std::string_view::npos ? "" : dotted(name.substr(0, dot)) + ".";
  const std::string own = before + identifier(name.substr(dot == std::string_view::npos ? 0 : dot + 1));
  std::string unique = own;
  for (int i = 2; !taken_.insert(unique).second; ++i) unique = fmt::format("{}_{}", own, i);
  return known_.emplace(name, unique).first->second;
}

}  // namespace espalier::exports
