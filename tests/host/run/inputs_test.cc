#include <gmock/gmock.h>

#include <csignal>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "espalier/errors/errors.h"
#include "espalier/search/interrupted.h"
#include "host/run/run_fixture.h"
#include "paths.h"

// A run is not continued over other plugins, tables or images than those it began with.
namespace espalier::host::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class InputsTest : public RunTest {
 protected:
  InputsTest() {
    fs::create_directory(root_ / "plugins");
    for (const char* fixture : {"good", "inputs"})
      for (const auto& entry : fs::directory_iterator(fs::path(paths::fixture_plugins) / fixture))
        fs::copy_file(entry.path(), root_ / "plugins" / entry.path().filename());
  }
  ~InputsTest() override { ::unsetenv("ESPALIER_FIXTURE_IMAGES"); }

  Summary run_with(const std::string& config, std::vector<std::string> accept = {}) {
    PluginRegistry registry(PluginRegistry::search_path({root_ / "plugins"}));
    return host::run(config_of(config),
                     {.directory = root_ / "run", .quiet = true, .accept = std::move(accept)}, registry);
  }
  /// In a process of its own, so that the plugin file is read again.
  std::string message_with(const std::string& config, const std::vector<std::string>& accept = {}) {
    const fs::path file = root_ / "message.txt";
    write_text(file, "");
    Child([&] {
      try {
        write_text(file, render(run_with(config, accept)));
      } catch (const UsageError& error) {
        write_text(file, error.what());
      }
      return 0;
    }).wait();
    return read_text(file);
  }

  static std::string config(const std::string& seeds = "0") {
    return "search_space: good\noptimizer: good\nbenchmark: good\ntrainer: {name: discrete, trials: "
           "4}\nseeds: " +
           seeds + "\n";
  }
};

TEST_F(InputsTest, ARebuiltPluginIsRefusedByNameUnlessItIsAccepted) {
  EXPECT_THAT(message_with(config("0")), Not(HasSubstr("rebuilt")));
  const auto files = files_of(root_ / "run");
  std::ofstream(root_ / "plugins/optimizer.so", std::ios::binary | std::ios::app) << "rebuilt";
  EXPECT_THAT(message_with(config("0..1")),
              AllOf(HasSubstr("the plugin optimizer/good"), HasSubstr("SHA-256"),
                    HasSubstr("--accept optimizer/good"), Not(HasSubstr("search_space/good"))));
  EXPECT_THAT(differing(files_of(root_ / "run"), files), IsEmpty()) << "a refused directory is not touched";
  const std::string accepted = message_with(config("0..1"), {"optimizer/good"});
  EXPECT_THAT(accepted, HasSubstr("optimizer/good was rebuilt while this run was under way"));
  const auto summary = nlohmann::json::parse(read_text(root_ / "run/summary.json"));
  EXPECT_EQ(summary.at("rebuilt_plugins").at("optimizer/good").size(), 2U);
  EXPECT_EQ(message_with(config("0..1")), accepted) << "it is accepted once and for all";
}

TEST_F(InputsTest, OtherPixelsLabelsOrNamesAreRefusedWhenAJobReadsThem) {
  const std::string looking =
      "search_space: good\noptimizer: good\nbenchmark: looks\ndataset: sampled\n"
      "trainer: {name: discrete, trials: 4}\nseeds: 0..1\n";
  run_with(looking);
  const auto files = files_of(root_ / "run");
  for (const char* what : {"pixels", "labels", "names"}) {
    ::setenv("ESPALIER_FIXTURE_IMAGES", what, 1);
    run_with(looking);  // has nothing to do, and reads none
    fs::remove(root_ / "run/good/seed_1/result.json");
    fs::remove(root_ / "run/good/seed_1/growth.cbor");
    EXPECT_THAT(message_of<UsageError>([&] { run_with(looking); }),
                AllOf(HasSubstr("dataset/sampled train"), HasSubstr("other images or labels")))
        << what;
    EXPECT_FALSE(fs::exists(root_ / "run/good/seed_1/result.json"));
    ::unsetenv("ESPALIER_FIXTURE_IMAGES");
    run_with(looking);
    EXPECT_THAT(differing(files_of(root_ / "run"), files), IsEmpty());
  }
}

TEST_F(InputsTest, ImagesThatWereReadBeforeTheRunBeginsAreCompared) {
  const auto looking = [](const std::string& seeds) {
    return "search_space: good\noptimizer: good\nbenchmark: {name: looks, early: true}\ndataset: sampled\n"
           "trainer: {name: discrete, trials: 4}\nseeds: " +
           seeds + "\n";
  };
  run_with(looking("0"));
  const auto files = files_of(root_ / "run");
  EXPECT_THAT(files.at("inputs.json"), HasSubstr("dataset/sampled train"));
  ::setenv("ESPALIER_FIXTURE_IMAGES", "labels", 1);
  EXPECT_THAT(message_of<UsageError>([&] { run_with(looking("0..1")); }),
              HasSubstr("other images or labels"));
  EXPECT_THAT(differing(files_of(root_ / "run"), files), IsEmpty()) << "a refused directory is not touched";
}

// Else Ctrl-C would wait for the last of a million images.
TEST_F(InputsTest, AStopDoesNotWaitForAllImages) {
  std::signal(SIGUSR1, [](int) { request_stop(); });
  const auto looking = [](const std::string& early) {
    return "search_space: good\noptimizer: good\nbenchmark: {name: looks, early: " + early +
           "}\ndataset: sampled\ntrainer: {name: discrete, trials: 4}\nseeds: 0..1\n";
  };
  ::setenv("ESPALIER_FIXTURE_IMAGES", "endless", 1);
  EXPECT_THAT(message_of<Interrupted>([&] { run_with(looking("true")); }),
              HasSubstr("stopped while the images of \"sampled\" were read"));
  EXPECT_FALSE(fs::exists(root_ / "run"));
  EXPECT_THAT(message_of<Interrupted>([&] { run_with(looking("false")); }), HasSubstr("espalier resume"));
  ::unsetenv("ESPALIER_FIXTURE_IMAGES");
  run_with(looking("false"));
  EXPECT_TRUE(fs::exists(root_ / "run/summary.json"));
}

TEST_F(InputsTest, AnotherTableIsRefused) {
  const fs::path table = root_ / "table.csv.gz";
  const fs::path published = fs::path(paths::source) / "data/nasbench201.csv.gz";
  fs::copy_file(published, table);
  const auto on_table = [&](const std::string& seeds) {
    return "search_space: nasbench201\noptimizer: random_search\nbenchmark: {name: nasbench201, verify: "
           "false, file: " +
           table.string() + "}\ntrainer: {name: discrete, trials: 4}\nseeds: " + seeds + "\n";
  };
  run_with(on_table("0"));
  std::string bytes = read_text(table);
  constexpr std::size_t time_of_gzip = 4;  // no part of what it inflates to
  bytes[time_of_gzip] = static_cast<char>(bytes[time_of_gzip] ^ 1);
  write_text(table, bytes);
  EXPECT_THAT(message_of<UsageError>([&] { run_with(on_table("0..1")); }),
              AllOf(HasSubstr("benchmark/nasbench201 table.csv.gz"), Not(HasSubstr("--accept"))));
  fs::copy_file(published, table, fs::copy_options::overwrite_existing);
  run_with(on_table("0..1"));
}

// Their folders may have other names tomorrow, so what a file holds tells it from the other.
TEST_F(InputsTest, TwoFilesOfOneNameAreToldApart) {
  const fs::path published = fs::path(paths::source) / "data/nasbench201.csv.gz";
  constexpr std::size_t time_of_gzip = 4;  // no part of what it inflates to
  const auto write_table = [&](const char* folder, char time) {
    fs::create_directory(root_ / folder);
    std::string bytes = read_text(published);
    bytes[time_of_gzip] = time;
    write_text(root_ / folder / "table.csv.gz", bytes);
  };
  const auto with = [&](const std::string& search, const std::string& report, const std::string& seeds) {
    const auto table = [&](const std::string& folder) {
      return "{name: nasbench201, verify: false, file: " + (root_ / folder / "table.csv.gz").string() + "}\n";
    };
    return "search_space: nasbench201\noptimizer: random_search\nbenchmark: " + table(search) +
           "report: " + table(report) + "trainer: {name: discrete, trials: 4}\nseeds: " + seeds + "\n";
  };
  write_table("a", 1);
  write_table("b", 2);
  run_with(with("a", "b", "0"));
  EXPECT_THAT(read_text(root_ / "run/inputs.json"),
              AllOf(HasSubstr("benchmark/nasbench201 table.csv.gz\""),
                    HasSubstr("benchmark/nasbench201 table.csv.gz (2)\"")));
  fs::rename(root_ / "b", root_ / "c");
  write_table("b", 3);
  EXPECT_THAT(message_of<UsageError>([&] { run_with(with("a", "b", "0..1")); }),
              HasSubstr("benchmark/nasbench201 table.csv.gz"));
}

TEST_F(InputsTest, ThatAreGoneAreTakenAnewOnlyOnRequest) {
  run_with(config("0"));
  fs::remove(root_ / "run/inputs.json");
  EXPECT_THAT(message_of<Error>([&] { run_with(config("0")); }),
              AllOf(HasSubstr("inputs.json is gone"), HasSubstr("--accept inputs.json")));
  run_with(config("0"), {"inputs.json"});
  run_with(config("0"));
}

TEST_F(InputsTest, AMisspeltNameIsNotAcceptedInSilence) {
  run_with(config("0"));
  EXPECT_THAT(message_of<UsageError>([&] { run_with(config("0"), {"optimizer/goof"}); }),
              AllOf(HasSubstr("no plugin of this run"), HasSubstr("nearest:  optimizer/good")));
}

TEST_F(InputsTest, ADatasetMayComeLater) {
  run_with(config("0"));
  run_with(config("0..1") + "dataset: sampled\n");
  EXPECT_THAT(message_of<UsageError>([&] { run_with(config("0..1")); }), HasSubstr("dataset"));
}

}  // namespace
}  // namespace espalier::host::testing
