#include "page/assets.h"

#include <cstddef>

// The assembler puts the files into the library: no copy of them as C++ source has to be made and compiled.
// NOLINTBEGIN(bugprone-macro-parentheses): a string in parentheses is no part of a longer one.
#define ESPALIER_EMBED(name, file)                                                              \
  asm(".section .rodata,\"a\"\n" #name ":\n.incbin \"" file "\"\n" #name "_end:\n.previous\n"); \
  extern "C" __attribute__((visibility("hidden"))) const char name[];                           \
  extern "C" __attribute__((visibility("hidden"))) const char name##_end[];
// NOLINTEND(bugprone-macro-parentheses)

ESPALIER_EMBED(espalier_page_script, PAGE_SCRIPT)
ESPALIER_EMBED(espalier_page_node_script, NODE_SCRIPT)
ESPALIER_EMBED(espalier_page_style, PAGE_STYLE)

namespace espalier::page {
namespace {

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

std::string_view page_script() { return between(espalier_page_script, espalier_page_script_end); }
std::string_view node_script() { return between(espalier_page_node_script, espalier_page_node_script_end); }
std::string_view page_style() { return between(espalier_page_style, espalier_page_style_end); }

}  // namespace espalier::page
