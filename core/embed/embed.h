#pragma once

#include <cstddef>
#include <string_view>

/// Puts a file into the library by way of the assembler: no copy of it as C++ source has to be made and
/// compiled. `name` becomes a function of the file's text.
// NOLINTBEGIN(bugprone-macro-parentheses): a string in parentheses is no part of a longer one.
#define ESPALIER_EMBED(name, file)                                                                           \
  asm(".section .rodata,\"a\"\nespalier_embedded_" #name ":\n.incbin \"" file "\"\nespalier_embedded_" #name \
      "_end:\n.previous\n");                                                                                 \
  extern "C" __attribute__((visibility("hidden"))) const char espalier_embedded_##name[];                    \
  extern "C" __attribute__((visibility("hidden"))) const char espalier_embedded_##name##_end[];              \
  std::string_view name() {                                                                                  \
    return {espalier_embedded_##name,                                                                        \
            static_cast<std::size_t>(espalier_embedded_##name##_end - espalier_embedded_##name)};            \
  }
// NOLINTEND(bugprone-macro-parentheses)
