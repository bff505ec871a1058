#pragma once

// With the standard library's paths; everything that uses Boost.DLL includes it through this header.
#define BOOST_DLL_USE_STD_FS
#include <boost/dll/library_info.hpp>
#include <boost/dll/runtime_symbol_info.hpp>
