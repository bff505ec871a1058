#include <gmock/gmock.h>
#include <fstream>

#include "espalier/errors/errors.h"
#include "network/training/scratch_fixture.h"
#include "own_path.h"

namespace espalier::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

class InitFromTest : public ScratchOptionsFixture {
 protected:
  InitFromTest() { fs::create_directories(folder_); }
  ~InitFromTest() override { fs::remove_all(folder_); }

  fs::path write(const std::string& name, const std::string& bytes = "weights") const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }
  std::string refusal(const fs::path& path) const {
    try {
      trained_weights_file(path);
    } catch (const UsageError& error) {
      return error.what();
    }
    ADD_FAILURE() << "it was not refused";
    return {};
  }

  fs::path folder_ = own_path("init_from");
};

TEST_F(InitFromTest, TakesAllThatFitsAndTheRunningStatistics) {
  ScratchTraining earlier = training();
  NullJournal nothing;
  earlier.run(nothing);
  const fs::path file = write("network.safetensors", earlier.weights());
  ScratchTraining same = training();
  const TakenWeights all = same.begin_with(file);
  EXPECT_EQ(all.taken, earlier.network().parameters().size());
  EXPECT_EQ(all.fresh, 0U);
  EXPECT_EQ(same.test(held_out_).loss, earlier.test(held_out_).loss);
  MemoryJournal journal;
  same.run(journal);
  EXPECT_EQ(journal.events[0].at("taken_parameters"), all.taken);
  EXPECT_EQ(journal.events[0].at("fresh_parameters"), 0);
  EXPECT_FALSE(journal.events[1].contains("taken_parameters"));
}

TEST_F(InitFromTest, LeavesAClassifierOfOtherClassesFresh) {
  const auto network_of = [&](int classes, std::uint64_t seed) {
    const auto space = host_.search_space(
        "nasbench201",
        "{channels: 4, cells_per_stage: 1, image_size: 8, classes: " + std::to_string(classes) + "}");
    CompileOptions options = compile_;
    options.seed = seed;
    return compile(space->instantiate(space->at(6111)), space->input_shape(), Purpose::evaluation, options);
  };
  const auto ten = network_of(10, 1);
  const auto four = network_of(4, 2);
  const auto before = four->named_parameters();
  const at::Tensor classifier = before["classifier.linear.weight"].detach().clone();
  const TakenWeights weights = take_weights(write("ten.safetensors", save_weights(*ten)), *four);
  EXPECT_EQ(weights.fresh, 2U) << "the weight and the bias of the classifier";
  EXPECT_EQ(weights.taken + weights.fresh, four->parameters().size());
  EXPECT_TRUE(
      at::equal(four->named_parameters()["stem.conv.weight"], ten->named_parameters()["stem.conv.weight"]));
  EXPECT_TRUE(at::equal(four->named_parameters()["classifier.linear.weight"], classifier));
}

TEST_F(InitFromTest, RefusesWhatFitsNothing) {
  StoredTensors other;
  other.tensors["other"] = {.type = "F32", .shape = {1}, .bytes = std::string(4, '\0')};
  other.tensors["stem.conv.weight"] = other.tensors["other"];  // of another shape
  ScratchTraining own = training();
  EXPECT_THAT(
      [&] { own.begin_with(write("other.safetensors", write_safetensors(other))); },
      ::testing::ThrowsMessage<UsageError>(AllOf(HasSubstr("other.safetensors"), HasSubstr("none of the"))));
  EXPECT_THAT([&] { own.begin_with(write("text.safetensors")); },
              ::testing::ThrowsMessage<Error>(HasSubstr("text.safetensors")));
}

TEST_F(InitFromTest, FindsTheFileOfATraining) {
  const fs::path file = write("run/random/seed_0/evaluation/network.safetensors");
  write("run/random/seed_0/selection/network.safetensors");
  EXPECT_EQ(trained_weights_file(file), file);
  EXPECT_EQ(trained_weights_file(file.parent_path()), file);
  EXPECT_EQ(trained_weights_file(folder_ / "run/random"), file);
  EXPECT_EQ(trained_weights_file(folder_ / "run"), file);
  write("run/random/seed_1/evaluation/network.safetensors");
  EXPECT_THAT(refusal(folder_ / "run"),
              AllOf(HasSubstr("there are 2 trainings"), HasSubstr("seed_0/evaluation")));
  fs::create_directories(folder_ / "empty");
  EXPECT_THAT(refusal(folder_ / "empty"), HasSubstr("there are 0 trainings"));
  EXPECT_THAT(refusal(folder_ / "none.safetensors"),
              AllOf(HasSubstr("none.safetensors"), HasSubstr("no such file")));
}

}  // namespace
}  // namespace espalier::testing
