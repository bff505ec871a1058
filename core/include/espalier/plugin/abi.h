#pragma once

#include <boost/config/helper_macros.hpp>
#include <boost/version.hpp>
#include <nlohmann/json_fwd.hpp>
#include <version>  // the standard library names itself

/// What must agree between a plugin and its host, as text: the SDK's major version, and the libraries whose
/// types cross the boundary. A plugin with another tag is refused before any of its code runs. docs/abi.md
/// says why each part is here, and when the major version moves.

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

/// An Architecture is a boost::container::small_vector, and Boost keeps no binary interface between versions.
#define ESPALIER_BOOST_ABI "boost" BOOST_LIB_VERSION

/// The state of an optimizer is JSON for Modern C++, whose types are others in each version, and with
/// diagnostics.
#if JSON_DIAGNOSTICS
#define ESPALIER_JSON_DIAGNOSTICS "diag"
#else
#define ESPALIER_JSON_DIAGNOSTICS ""
#endif
#define ESPALIER_JSON_ABI                                                           \
  "json" BOOST_STRINGIZE(NLOHMANN_JSON_VERSION_MAJOR) "." BOOST_STRINGIZE(          \
      NLOHMANN_JSON_VERSION_MINOR) "." BOOST_STRINGIZE(NLOHMANN_JSON_VERSION_PATCH) \
      ESPALIER_JSON_DIAGNOSTICS

/// What links libespalier_network (which defines the version) depends on its LibTorch as well.
#define ESPALIER_BASE_ABI_TAG \
  "sdk" ESPALIER_SDK_MAJOR "-" ESPALIER_STDLIB_ABI "-" ESPALIER_BOOST_ABI "-" ESPALIER_JSON_ABI
#ifdef ESPALIER_TORCH_VERSION
#define ESPALIER_TEXT(tokens) #tokens
#define ESPALIER_TEXT_OF(macro) ESPALIER_TEXT(macro)
#define ESPALIER_ABI_TAG ESPALIER_BASE_ABI_TAG "-torch" ESPALIER_TEXT_OF(ESPALIER_TORCH_VERSION)
#else
#define ESPALIER_ABI_TAG ESPALIER_BASE_ABI_TAG
#endif
