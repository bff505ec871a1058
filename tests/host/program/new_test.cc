#include <gmock/gmock.h>

#include "espalier/plugin/plugin_kinds.h"
#include "host/program/expect_one_error.h"
#include "host/program/program_fixture.h"

namespace espalier::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

// That the projects build and pass their tests is for the tests of the SDK.
class New : public ProgramTest {
 protected:
  static std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
    return names;
  }
};

TEST_F(New, WritesThreeFilesNamedAfterThePlugin) {
  const ProgramResult result = espalier({"new", "optimizer", "gabled_roof"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("gabled_roof/gabled_roof.cc\n"), HasSubstr("cmake --build build")));
  EXPECT_THAT(names_in(folder_ / "gabled_roof"),
              UnorderedElementsAre("CMakeLists.txt", "gabled_roof.cc", "gabled_roof_test.cc"));
  EXPECT_THAT(text_of(folder_ / "gabled_roof/gabled_roof.cc"),
              HasSubstr("ESPALIER_OPTIMIZER(gabled_roof, GabledRoof, \"1.0.0\")"));
}

TEST_F(New, LeavesNoNameOfATemplate) {
  std::vector<std::string> kinds(plugin_kinds().begin(), plugin_kinds().end());
  kinds.insert(kinds.end(), {"one_shot_optimizer", "layer"});
  for (const std::string& kind : kinds) {
    EXPECT_EQ(espalier({"new", kind, "roof", "-o", kind}).exit_code, 0) << kind;
    for (const std::string& name : names_in(folder_ / kind)) {
      EXPECT_THAT(name, Not(HasSubstr("my_")));
      EXPECT_THAT(text_of(folder_ / kind / name), AllOf(Not(HasSubstr("my_")), Not(HasSubstr("My")))) << name;
    }
  }
}

TEST_F(New, WritesIntoAFolderThatIsEmptyOrMissing) {
  fs::create_directory(folder_ / "empty");
  EXPECT_EQ(espalier({"new", "space", "roof", "-o", "empty"}).exit_code, 0);
  EXPECT_EQ(espalier({"new", "search_space", "roof", "--out", "some/where"}).exit_code, 0);
  EXPECT_EQ(text_of(folder_ / "empty/roof.cc"), text_of(folder_ / "some/where/roof.cc"));
}

TEST_F(New, RefusesAKindThatItDoesNotKnow) {
  expect_one_error(espalier({"new", "one-shot-optimizer", "roof"}), 2,
                   {"\"one-shot-optimizer\"", "argument KIND", "nearest:  one_shot_optimizer"});
}

TEST_F(New, RefusesANameThatConfigsCouldNotSay) {
  expect_one_error(
      espalier({"new", "optimizer", "2nd Gabled-Roof"}), 2,
      {"\"2nd Gabled-Roof\"", "argument NAME", "expected: lower-case", "nearest:  nd_gabled_roof"});
  for (const char* name : {"", "Roof", "_roof", "roof_", "a__b", "../roof", "dächer"})
    expect_one_error(espalier({"new", "optimizer", name}), 2, {"cannot name a plugin"});
  EXPECT_THAT(names_in(folder_), UnorderedElementsAre("stdout.txt", "stderr.txt"));
}

TEST_F(New, RefusesANameThatIsTaken) {
  expect_one_error(espalier({"new", "optimizer", "random_search"}), 2,
                   {"optimizer_random_search.so", "there is a plugin of this kind and name already"});
  expect_one_error(espalier({"new", "layer", "nasbench201"}), 2, {"search_space_nasbench201.so"});
  EXPECT_FALSE(fs::exists(folder_ / "random_search"));
}

TEST_F(New, LeavesAFolderThatIsNotEmptyAsItIs) {
  fs::create_directory(folder_ / "roof");
  write("roof/roof.cc", "mine");
  expect_one_error(espalier({"new", "optimizer", "roof"}), 2,
                   {"roof", "not empty", "remedy:   name another"});
  EXPECT_EQ(text_of(folder_ / "roof/roof.cc"), "mine");
  EXPECT_THAT(names_in(folder_ / "roof"), UnorderedElementsAre("roof.cc"));
}

TEST_F(New, RefusesAPlaceWhereNoFolderCanBe) {
  write("file", "mine");
  expect_one_error(espalier({"new", "optimizer", "roof", "-o", "file"}), 2,
                   {"file", "a file stands", "remedy: "});
  expect_one_error(espalier({"new", "optimizer", "roof", "-o", "file/roof"}), 2, {"file/roof", "remedy: "});
  expect_one_error(espalier({"new", "optimizer", "roof", "-o", "/proc/roof"}), 1,
                   {"/proc/roof", "cannot make the folder", "remedy: "});
  EXPECT_EQ(text_of(folder_ / "file"), "mine");
}

}  // namespace
}  // namespace espalier::testing
