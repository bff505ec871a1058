#pragma once

#include <boost/config/helper_macros.hpp>
#include <boost/version.hpp>
#include <nlohmann/json_fwd.hpp>
#include <version>  // defines which standard library this is

/// The ABI tag: what a plugin and its host must have in common, as text. It names the SDK's major version and
/// the libraries whose types cross the boundary. A plugin with another tag is refused before any of its code
/// runs. docs/abi.md explains each part, and when the major version changes.

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

/// An Architecture holds a boost::container::small_vector, and Boost's versions are not binary compatible.
#define ESPALIER_BOOST_ABI "boost" BOOST_LIB_VERSION

/// The state of an optimizer is a value of JSON for Modern C++, whose types differ between versions and with
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

/// Plugins that link libespalier_network depend on its LibTorch too; that library defines
/// ESPALIER_TORCH_VERSION.
#define ESPALIER_BASE_ABI_TAG \
  "sdk" ESPALIER_SDK_MAJOR "-" ESPALIER_STDLIB_ABI "-" ESPALIER_BOOST_ABI "-" ESPALIER_JSON_ABI
#ifdef ESPALIER_TORCH_VERSION
#define ESPALIER_TEXT(tokens) #tokens
#define ESPALIER_TEXT_OF(macro) ESPALIER_TEXT(macro)
#define ESPALIER_ABI_TAG ESPALIER_BASE_ABI_TAG "-torch" ESPALIER_TEXT_OF(ESPALIER_TORCH_VERSION)
#else
#define ESPALIER_ABI_TAG ESPALIER_BASE_ABI_TAG
#endif
