#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "espalier/data/data_path.h"
#include "espalier/errors/errors.h"
#include "espalier/host/host.h"
#include "espalier/search/has_remarks.h"
#include "espalier/search/objective_function.h"
#include "plugins/spaces/nasbench101_cells.h"
#include "sanitized.h"

namespace espalier {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::inflated;
using ::testing::IsEmpty;
using testing::PublishedCell;
using testing::split;

constexpr std::uint64_t kCells = 423'624;
constexpr std::size_t kValidated = 30'001;

/// The message of what `action` throws; "no error" when it throws nothing.
std::string error_of_101(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

class NASBench101BenchmarkTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    host_ = new host::Host;
    space_ = host_->search_space("nasbench101").release();
    benchmark_ = open("").release();
    validated_ = open("{subset: validated}").release();
    cells_ = new std::vector<PublishedCell>(testing::published_cells());
  }
  static void TearDownTestSuite() {
    delete cells_;
    delete validated_;
    delete benchmark_;
    delete space_;
    delete host_;
  }

  static std::unique_ptr<Benchmark> open(const std::string& options) {
    return host_->benchmark("nasbench101", *space_, options);
  }
  static Architecture architecture(const PublishedCell& cell) { return space_->parse(cell.spec.text()); }

  static inline host::Host* host_ = nullptr;
  static inline SearchSpace* space_ = nullptr;
  static inline Benchmark* benchmark_ = nullptr;
  static inline Benchmark* validated_ = nullptr;
  static inline std::vector<PublishedCell>* cells_ = nullptr;
};

TEST_F(NASBench101BenchmarkTest, GivesEveryFigureOfTheTable) {
  const auto lines = split(inflated(find_data("nasbench101.csv.gz")), '\n');
  ASSERT_EQ(lines.size(), kCells + 1);
  for (std::uint64_t index = 0; index < kCells; index += testing::kSanitized ? 1009 : 11) {
    const Architecture cell = space_->at(index);
    const auto figures = split(lines[index + 1], ',');
    ASSERT_EQ(benchmark_->query(cell), std::stod(figures.at(0))) << index;
    ASSERT_EQ(benchmark_->query(cell, {.metric = "parameters"}), std::stod(figures.at(1))) << index;
  }
}

TEST_F(NASBench101BenchmarkTest, ParametersAreThoseOfTheNetworks) {
  for (std::uint64_t index = 0; index < kCells; index += testing::kSanitized ? 40'009 : 1'009) {
    const Architecture cell = space_->at(index);
    ASSERT_EQ(benchmark_->query(cell, {.metric = "parameters"}),
              static_cast<double>(space_->parameters(cell)))
        << space_->to_string(cell);
  }
}

TEST_F(NASBench101BenchmarkTest, GivesThePublishedFiguresOfTheSample) {
  ASSERT_EQ(cells_->size(), 700U);
  for (const PublishedCell& published : *cells_) {
    const Architecture cell = architecture(published);
    EXPECT_EQ(benchmark_->query(cell, {.metric = "parameters"}), published.parameters);
    for (std::size_t i = 0; i < 4; ++i) {
      const int epochs = std::vector{4, 12, 36, 108}[i];
      EXPECT_EQ(validated_->query(cell, {.metric = "validation_accuracy", .epoch = epochs}),
                published.validation[i])
          << published.hash;
      EXPECT_NEAR(validated_->query(cell, {.metric = "train_seconds", .epoch = epochs}),
                  published.train_seconds * epochs / 108, 1e-5 * published.train_seconds)
          << published.hash;
    }
    EXPECT_EQ(validated_->query(cell, {.metric = "test_accuracy"}), benchmark_->query(cell));
  }
}

TEST_F(NASBench101BenchmarkTest, KnowsThePublishedOptimum) {
  EXPECT_EQ(benchmark_->best("test_accuracy"), 94.3176);
  const Architecture best = space_->parse(
      "|conv1x1-bn-relu~0|conv3x3-bn-relu~0|maxpool3x3~2|conv3x3-bn-relu~3|conv3x3-bn-relu~0~1~4|output~0~"
      "5|");
  EXPECT_EQ(benchmark_->query(best), 94.3176);
}

TEST_F(NASBench101BenchmarkTest, TheValidatedCellsAreAllThatASubsetKnows) {
  const ObjectiveFunction objective(*validated_);
  const auto rows = split(inflated(find_data("nasbench101_validated.csv.gz")), '\n');
  ASSERT_EQ(rows.size(), kValidated + 1);
  std::vector<std::uint64_t> indices;
  for (std::size_t row = 1; row < rows.size(); ++row) indices.push_back(std::stoull(rows[row]));
  for (std::uint64_t index = 0; index < kCells; index += testing::kSanitized ? 101 : 1)
    ASSERT_EQ(objective.allowed(space_->at(index)), std::ranges::binary_search(indices, index)) << index;
  const Architecture unknown = space_->parse("|maxpool3x3~0|output~1|");
  for (const char* metric : {"validation_accuracy", "test_accuracy", "train_seconds"})
    EXPECT_THAT(error_of_101([&] { validated_->query(unknown, {.metric = metric}); }),
                AllOf(HasSubstr(std::string(metric) + " is not known"), HasSubstr("|maxpool3x3~0|output~1|"),
                      HasSubstr("leave subset out")));
  EXPECT_EQ(validated_->query(unknown, {.metric = "parameters"}), 882'570);
  EXPECT_EQ(benchmark_->query(unknown), 88.6185);
}

TEST_F(NASBench101BenchmarkTest, SaysWhatASearchSees) {
  EXPECT_EQ(benchmark_->objective(), "test_accuracy");
  EXPECT_EQ(benchmark_->report_metric(), "test_accuracy");
  EXPECT_EQ(benchmark_->cost_metric(), "");
  EXPECT_EQ(benchmark_->full_fidelity(), 108);
  EXPECT_EQ(validated_->objective(), "validation_accuracy");
  EXPECT_EQ(validated_->report_metric(), "test_accuracy");
  EXPECT_EQ(validated_->cost_metric(), "train_seconds");
  EXPECT_THAT(validated_->epochs("validation_accuracy"), ElementsAre(4, 12, 36, 108));
  EXPECT_THAT(validated_->epochs("test_accuracy"), ElementsAre(108));
  EXPECT_THAT(validated_->epochs("parameters"), IsEmpty());
  EXPECT_THAT(benchmark_->spaces(), ElementsAre("nasbench101"));
  EXPECT_THAT(remarks(*benchmark_),
              ElementsAre(HasSubstr("a search sees the test accuracy that is reported")));
  EXPECT_THAT(remarks(*validated_), IsEmpty());
}

TEST_F(NASBench101BenchmarkTest, SaysWhenItsFiguresAreOfOtherNetworks) {
  const auto space = host_->search_space("nasbench101", "{channels: 16}");
  EXPECT_THAT(remarks(*host_->benchmark("nasbench101", *space, "{subset: validated}")),
              ElementsAre(AllOf(HasSubstr("are of other networks than those of this search space"),
                                HasSubstr("instead of 49979274 parameters"))));
}

TEST_F(NASBench101BenchmarkTest, RefusesAnotherSpaceAndUnknownNames) {
  const auto other = host_->search_space("nasbench201");
  EXPECT_THAT(error_of_101([&] { host_->benchmark("nasbench101", *other); }),
              HasSubstr("does not know the search space \"nasbench201\""));
  EXPECT_THAT(error_of_101([&] { open("{subset: valid}"); }), HasSubstr("validated"));
  EXPECT_THAT(error_of_101([&] { validated_->query(space_->at(0), {.epoch = 100}); }), HasSubstr("108"));
}

/// Tables that are not what they should be, each made from the real ones.
class BrokenTable101Test : public NASBench101BenchmarkTest {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path file() const { return folder_ / "table.csv.gz"; }
  /// The error for the whole table, or that of the validated cells; it must name the file.
  std::string error_for(const std::string& bytes, bool all, const std::string& more = "") const {
    testing::write_bytes(file(), bytes);
    const std::string options =
        (all ? "{file: " : "{subset: validated, validated_file: ") + file().string() + more + "}";
    const std::string message = error_of_101([&] { open(options); });
    EXPECT_THAT(message, HasSubstr(file().string()));
    return message;
  }
  std::string unverified(const std::string& text, bool all) const {
    return error_for(testing::deflated(text), all, ", verify: false");
  }

  std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) /
      (std::string("espalier_101_") + ::testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(BrokenTable101Test, RefusesDamagedFiles) {
  for (const bool all : {true, false}) {
    const std::string bytes =
        testing::read_bytes(find_data(all ? "nasbench101.csv.gz" : "nasbench101_validated.csv.gz"));
    for (const std::size_t size : {std::size_t{0}, std::size_t{100}, bytes.size() / 2, bytes.size() - 1})
      EXPECT_THAT(error_for(bytes.substr(0, size), all), HasSubstr("damaged"));
    std::string flipped = bytes;
    flipped[bytes.size() / 2] = static_cast<char>(flipped[bytes.size() / 2] ^ 0x10);
    EXPECT_THAT(error_for(flipped, all, ", verify: false"), HasSubstr("correct the table"));
  }
  EXPECT_THAT(error_of_101([&] { open("{file: " + folder_.string() + "/none.csv.gz}"); }),
              HasSubstr("none.csv.gz"));
}

TEST_F(BrokenTable101Test, RefusesExchangedAndAlteredFiles) {
  const std::string all = testing::read_bytes(find_data("nasbench101.csv.gz"));
  const std::string validated = testing::read_bytes(find_data("nasbench101_validated.csv.gz"));
  const std::string other_space = testing::read_bytes(find_data("nasbench201.csv.gz"));
  for (const std::string& bytes : {validated, other_space})
    EXPECT_THAT(error_for(bytes, true), HasSubstr("checksum differs"));
  EXPECT_THAT(error_for(all, false), HasSubstr("checksum differs"));
  EXPECT_THAT(error_for(validated, true, ", verify: false"), HasSubstr("lacks 393623 architectures"));
  EXPECT_THAT(error_for(all, false, ", verify: false"), HasSubstr("no column \"index\""));
  EXPECT_THAT(error_for(other_space, true, ", verify: false"), HasSubstr("is not a number"));
}

TEST_F(BrokenTable101Test, RefusesRowsThatAreMissingOrTooMany) {
  const std::string text = inflated(find_data("nasbench101.csv.gz"));
  EXPECT_THAT(unverified(text.substr(0, text.rfind('\n', text.size() - 2) + 1), true), HasSubstr("lacks 1 "));
  EXPECT_THAT(unverified(text + "90,1000\n", true),
              AllOf(HasSubstr("more rows than the search space has cells"), HasSubstr("423624 rows")));
}

TEST_F(BrokenTable101Test, RefusesIndicesThatAreNone) {
  const std::string header = "index,valid_4,valid_12,valid_36,valid_108,train_seconds\n";
  EXPECT_THAT(unverified(header + "5,1,2,3,4,5\n5,1,2,3,4,5\n", false),
              AllOf(HasSubstr("\"5\" is not the index of a later cell"), HasSubstr("6 to 423623")));
  for (const char* index : {"423624", "-1", "x", ""})
    EXPECT_THAT(unverified(header + index + ",1,2,3,4,5\n", false), HasSubstr("0 to 423623")) << index;
  EXPECT_THAT(unverified(header + "5,1,2,nan,4,5\n", false), HasSubstr("valid_36"));
  EXPECT_THAT(unverified("index,valid_4\n5,1\n", false), HasSubstr("no column \"valid_12\""));
}

TEST_F(BrokenTable101Test, TakesAnOwnTableOfFewerCellsOnRequest) {
  testing::write_bytes(
      file(), testing::deflated("index,valid_4,valid_12,valid_36,valid_108,train_seconds\n5,1,2,3,4,5"));
  const auto own = open("{subset: validated, validated_file: " + file().string() + ", verify: false}");
  EXPECT_EQ(own->query(space_->at(5)), 4.0);
  EXPECT_EQ(own->best("test_accuracy"), benchmark_->query(space_->at(5)));
  EXPECT_FALSE(ObjectiveFunction(*own).allowed(space_->at(6)));
}

}  // namespace
}  // namespace espalier
