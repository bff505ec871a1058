#pragma once

#include <version>  // the standard library names itself

/// What must agree between a plugin and its host, as text: the SDK's major version, the C++ standard
/// library and its ABI. A plugin with another tag is refused before any of its code runs.

#define ESPALIER_SDK_MAJOR "0"

#if defined(_GLIBCXX_USE_CXX11_ABI) && _GLIBCXX_USE_CXX11_ABI
#define ESPALIER_STDLIB_ABI "libstdcxx11"
#elif defined(__GLIBCXX__)
#define ESPALIER_STDLIB_ABI "libstdcxx98"
#elif defined(_LIBCPP_VERSION)
#define ESPALIER_STDLIB_ABI "libcxx1"
#else
#error "unknown C++ standard library"
#endif

/// What links libespalier_network (which defines the version) depends on its LibTorch as well.
#define ESPALIER_BASE_ABI_TAG "sdk" ESPALIER_SDK_MAJOR "-" ESPALIER_STDLIB_ABI
#ifdef ESPALIER_TORCH_VERSION
#define ESPALIER_ABI_TAG ESPALIER_BASE_ABI_TAG "-torch" ESPALIER_TORCH_VERSION
#else
#define ESPALIER_ABI_TAG ESPALIER_BASE_ABI_TAG
#endif
