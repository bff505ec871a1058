#pragma once

#include <cstdlib>
#include <string>
#include <vector>

#include "host/run/run_fixture.h"
#include "paths.h"

namespace espalier::host::testing {

/// Runs with a cache whose trainings are those of tests/fixtures/plugins/trains.
class CacheTest : public RunTest {
 protected:
  CacheTest() : cache_(root_ / "cache"), trained_(root_ / "trained.txt") {
    ::setenv("ESPALIER_FIXTURE_TRAINED", trained_.c_str(), 1);
  }
  ~CacheTest() override {
    ::unsetenv("ESPALIER_FIXTURE_TRAINED");
    ::unsetenv("ESPALIER_FIXTURE_IMAGES");
    ::unsetenv("ESPALIER_FIXTURE_FAILS_AT");
  }

  /// A search and a training of what it found, with the options `evaluate`.
  static std::string config(const std::string& evaluate = "", const std::string& more = "") {
    return "search_space: good\noptimizer: good\nbenchmark: good\ndataset: sampled\n"
           "trainer: {name: discrete, trials: 4}\nseeds: 0\nevaluate: {name: trains" +
           (evaluate.empty() ? "" : ", " + evaluate) + "}\n" + more;
  }
  std::string with_cache(const std::string& config) const {
    return config + "cache: " + cache_.string() + "\n";
  }
  std::string with_cache() const { return with_cache(config()); }

  Summary run_into(const std::string& directory, const std::string& config) const {
    std::vector<fs::path> folders;
    for (const char* fixture : {"good", "inputs", "trains"})
      folders.push_back(fs::path(paths::fixture_plugins) / fixture);
    PluginRegistry registry(PluginRegistry::search_path(folders));
    return host::run(config_of(config), {.directory = root_ / directory, .quiet = true}, registry);
  }

  /// How many trainings have run so far, in all processes of the test.
  std::size_t trained() const {
    std::size_t lines = 0;
    for (const char letter : read_text(trained_)) lines += letter == '\n' ? 1 : 0;
    return lines;
  }
  /// The entries, and whatever else there is.
  std::vector<fs::path> entries() const {
    std::vector<fs::path> all;
    for (const auto& entry : fs::directory_iterator(cache_)) all.push_back(entry.path());
    return all;
  }
  /// The files of a run, less the config, which names the cache.
  std::map<std::string, std::string> results_of(const std::string& directory) const {
    auto files = files_of(root_ / directory);
    files.erase("config.yaml");
    return files;
  }

  fs::path cache_;
  fs::path trained_;
};

}  // namespace espalier::host::testing
