# How everything of this project is compiled.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# The same relative rpath in both trees: a tree can be moved.
set(CMAKE_BUILD_WITH_INSTALL_RPATH ON)

find_program(CCACHE ccache)
if(CCACHE)
  # What one clone has compiled, another one need not.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=true
                                  CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

# Several sources of a library or program are compiled as one: most of the time that one takes goes into headers that
# it shares with its neighbors, so that a build from scratch takes half as long. A change compiles its neighbors again.
set(CMAKE_UNITY_BUILD ON CACHE BOOL "Compile several sources as one")

add_library(espalier_compile INTERFACE)
target_compile_options(espalier_compile INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # False alarms of GCC 12 in std::string and boost::container when they are inlined (GCC bug 105651).
  target_compile_options(espalier_compile INTERFACE -Wno-restrict -Wno-stringop-overread -Wno-stringop-overflow)
endif()
target_link_options(espalier_compile INTERFACE -Wl,--as-needed)
if(ESPALIER_SANITIZE)
  target_compile_options(espalier_compile INTERFACE -fsanitize=${ESPALIER_SANITIZE} -fno-omit-frame-pointer
                                                    -fno-sanitize-recover=all -O1 -g1)
  target_link_options(espalier_compile INTERFACE -fsanitize=${ESPALIER_SANITIZE})
else()
  target_link_options(espalier_compile INTERFACE -Wl,--no-undefined)
endif()

# What takes longer to read than most sources of networks take to compile: precompiled.
set(ESPALIER_LIBTORCH_HEADERS <ATen/ATen.h> <torch/csrc/autograd/custom_function.h> <torch/nn/module.h>)
if(CCACHE AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # Else ccache does not see what a precompiled header was made of.
  target_compile_options(espalier_compile INTERFACE -fpch-preprocess)
endif()
