#include "plugins/datasets/dataset_fixture.h"

namespace espalier {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::pattern;

constexpr std::size_t kPixels = 3072;

std::string record(unsigned coarse, unsigned fine) {
  return std::string{static_cast<char>(coarse), static_cast<char>(fine)} + pattern(kPixels, fine);
}

using Cifar100Test = testing::DatasetTest;

TEST_F(Cifar100Test, ReadsTheFineLabels) {
  write("train.bin", record(19, 99) + record(3, 0));
  write("test.bin", record(1, 42));
  const Images train = load("cifar100");
  EXPECT_THAT(train.labels, ElementsAre(99, 0));
  EXPECT_EQ(testing::as_string(train.image(0)), pattern(kPixels, 99));
  EXPECT_EQ(testing::as_string(train.image(1)), pattern(kPixels, 0));
  EXPECT_THAT(load("cifar100", Split::test).labels, ElementsAre(42));
  EXPECT_EQ(dataset("cifar100")->classes(), 100U);
}

TEST_F(Cifar100Test, RefusesCifar10) {
  write("train.bin", std::string(std::size_t{2} * 3073, '\0'));
  EXPECT_THAT(refusal("cifar100", "train.bin").expected, HasSubstr("3074 bytes (2 of labels"));
}

TEST_F(Cifar100Test, RefusesALabelThatIsNoClass) {
  write("train.bin", record(0, 100));
  EXPECT_THAT(refusal("cifar100", "train.bin").what, HasSubstr("label 100"));
}

TEST_F(Cifar100Test, SaysWhereToGetAMissingFile) {
  EXPECT_THAT(refusal("cifar100", "train.bin").remedy,
              AllOf(HasSubstr("cifar-100-binary.tar.gz"), HasSubstr("03b5dce01913d631647c71ecec9e9cb8")));
}

}  // namespace
}  // namespace espalier
