#include "espalier/errors/nearest.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace espalier {
namespace {

const std::vector<std::string>& optimizers() {
  static const std::vector<std::string> names = {"random_search", "regularized_evolution", "local_search",
                                                 "gdas", "darts"};
  return names;
}

TEST(Nearest, FindsMisspellings) {
  EXPECT_EQ(nearest("random_serach", optimizers()), "random_search");
  EXPECT_EQ(nearest("regularised_evolution", optimizers()), "regularized_evolution");
  EXPECT_EQ(nearest("gads", optimizers()), "gdas");
  EXPECT_EQ(nearest("dart", optimizers()), "darts");
}

TEST(Nearest, IgnoresCaseAndTheKindOfDash) {
  EXPECT_EQ(nearest("Random-Search", optimizers()), "random_search");
  EXPECT_EQ(nearest("GDAS", optimizers()), "gdas");
}

TEST(Nearest, CompletesAnAbbreviation) {
  EXPECT_EQ(nearest("regular", optimizers()), "regularized_evolution");
}

TEST(Nearest, TakesTheBeginningsOfWords) {
  const std::vector<std::string> metrics = {"parameters", "validation_accuracy", "test_accuracy",
                                            "edgegpu_latency", "raspi4_latency"};
  EXPECT_EQ(nearest("val_accuracy", metrics), "validation_accuracy");
  EXPECT_EQ(nearest("val-acc", metrics), "validation_accuracy");
  EXPECT_EQ(nearest("test_acc", metrics), "test_accuracy");
  EXPECT_EQ(nearest("accuracy", metrics), "validation_accuracy");
  EXPECT_EQ(nearest("latency", metrics), "edgegpu_latency");
  EXPECT_EQ(nearest("raspi_latency", metrics), "raspi4_latency");
  EXPECT_EQ(nearest("evolution", optimizers()), "regularized_evolution");
  EXPECT_EQ(nearest("latency_edge", metrics), "");
}

TEST(Nearest, PrefersAMisspellingToAnAbbreviation) {
  EXPECT_EQ(nearest("seed", std::vector<std::string>{"seed_everything", "seeds"}), "seeds");
}

TEST(Nearest, GuessesNothingForWhatIsFar) {
  EXPECT_EQ(nearest("bayesian", optimizers()), "");
  EXPECT_EQ(nearest("x", optimizers()), "");
  EXPECT_EQ(nearest("", optimizers()), "");
  EXPECT_EQ(nearest("random_search", {}), "");
  EXPECT_EQ(nearest(std::string(1 << 20, 'r'), optimizers()), "");
}

TEST(Nearest, TakesTheFirstOfEquals) {
  EXPECT_EQ(nearest("size_c", std::vector<std::string>{"size_a", "size_b"}), "size_a");
}

TEST(JoinNames, ReadsAsASentence) {
  EXPECT_EQ(join_names({}), "");
  EXPECT_EQ(join_names(std::vector<std::string>{"a"}), "a");
  EXPECT_EQ(join_names(std::vector<std::string>{"a", "b"}), "a and b");
  EXPECT_EQ(join_names(std::vector<std::string>{"a", "b", "c"}), "a, b and c");
}

}  // namespace
}  // namespace espalier
