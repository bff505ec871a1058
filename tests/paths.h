#pragma once

namespace espalier::paths {

// Where the tests find files. Their values stand in a source that CMake writes: no other object file depends
// on where a clone lies.
extern const char* const build;            ///< the build tree
extern const char* const source;           ///< the source tree
extern const char* const fixtures;         ///< tests/fixtures
extern const char* const fixture_plugins;  ///< the plugins of tests/fixtures, built

}  // namespace espalier::paths
