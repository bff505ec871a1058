#include "plugins/datasets/dataset_fixture.h"

namespace espalier {
namespace {

using ::testing::AllOf;
using testing::as_string;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::pattern;

constexpr std::size_t kPixels = 3072;

std::string record(unsigned label) { return static_cast<char>(label) + pattern(kPixels, label); }

class Cifar10Test : public testing::DatasetTest {
 protected:
  void SetUp() override {
    DatasetTest::SetUp();
    for (unsigned i = 1; i <= 5; ++i)
      write("data_batch_" + std::to_string(i) + ".bin", record(i) + record(0));
    write("test_batch.bin", record(9) + record(3) + record(8));
  }
};

TEST_F(Cifar10Test, SaysWhatItHolds) {
  const auto cifar10 = host_.dataset("cifar10");
  EXPECT_EQ(cifar10->shape(), (Shape{.channels = 3, .height = 32, .width = 32}));
  EXPECT_EQ(cifar10->classes(), 10U);
  EXPECT_THAT(cifar10->normalization().mean, ElementsAre(0.4914F, 0.4822F, 0.4465F));
  EXPECT_THAT(cifar10->normalization().standard_deviation, ElementsAre(0.2470F, 0.2435F, 0.2616F));
}

TEST_F(Cifar10Test, ReadsRecordsInTheOrderOfTheFiles) {
  const Images train = load("cifar10");
  EXPECT_THAT(train.labels, ElementsAre(1, 0, 2, 0, 3, 0, 4, 0, 5, 0));
  for (std::size_t i = 0; i < train.size(); ++i) {
    EXPECT_EQ(as_string(train.image(i)), pattern(kPixels, train.labels[i])) << i;
  }
  const Images test = load("cifar10", Split::test);
  EXPECT_THAT(test.labels, ElementsAre(9, 3, 8));
  EXPECT_EQ(as_string(test.image(1)), pattern(kPixels, 3));
}

TEST_F(Cifar10Test, IsFoundThroughTheDataPath) {
  const auto folder = file("data/cifar-10-batches-bin");
  std::filesystem::create_directories(folder);
  testing::write_bytes(folder / "test_batch.bin", record(7));
  setenv("ESPALIER_DATA_PATH", ("/nowhere:" + file("data").string()).c_str(), 1);
  EXPECT_THAT(host_.dataset("cifar10")->read(Split::test).labels, ElementsAre(7));
}

TEST_F(Cifar10Test, RefusesAMissingFileAndSaysWhereToGetIt) {
  std::filesystem::remove(file("data_batch_3.bin"));
  const ErrorDetails error = refusal("cifar10", "data_batch_3.bin");
  EXPECT_THAT(error.what, HasSubstr("data_batch_3.bin"));
  EXPECT_THAT(error.expected, HasSubstr("test_batch.bin"));
  EXPECT_THAT(error.remedy,
              AllOf(HasSubstr("cifar-10-binary.tar.gz"), HasSubstr("c32a1d4ab5d03f1284b67883e8d87530"),
                    HasSubstr("correct the path"), Not(HasSubstr("option folder"))));
  EXPECT_EQ(load("cifar10", Split::test).size(), 3U);
}

TEST_F(Cifar10Test, TakesTheFolderAroundItsOwn) {
  std::filesystem::create_directories(file("data/cifar-10-batches-bin"));
  write("data/cifar-10-batches-bin/test_batch.bin", record(7));
  const auto cifar10 = host_.dataset("cifar10", "{folder: " + file("data").string() + "}");
  EXPECT_THAT(cifar10->read(Split::test).labels, ElementsAre(7));
}

TEST_F(Cifar10Test, NamesEveryPlaceWhereItLooked) {
  setenv("ESPALIER_DATA_PATH", "/nowhere", 1);
  try {
    host_.dataset("cifar10")->read(Split::train);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.details().where, AllOf(HasSubstr("/nowhere/cifar-10-batches-bin/data_batch_1.bin"),
                                             HasSubstr("share/espalier/data/cifar-10-batches-bin")));
  }
}

TEST_F(Cifar10Test, RefusesAFileThatIsCutShort) {
  for (const std::size_t size : {std::size_t{1}, kPixels, kPixels + 2, 2 * kPixels + 1}) {
    write("data_batch_2.bin", (record(1) + record(2)).substr(0, size));
    const ErrorDetails error = refusal("cifar10", "data_batch_2.bin");
    EXPECT_THAT(error.what, HasSubstr("cut short"));
    EXPECT_THAT(error.expected, AllOf(HasSubstr("3073"), HasSubstr(std::to_string(size))));
  }
}

TEST_F(Cifar10Test, RefusesAnEmptyFile) {
  write("test_batch.bin", "");
  EXPECT_THAT(refusal("cifar10", "test_batch.bin", Split::test).what, HasSubstr("empty"));
}

TEST_F(Cifar10Test, RefusesALabelThatIsNoClass) {
  write("test_batch.bin", record(9) + record(10));
  const ErrorDetails error = refusal("cifar10", "test_batch.bin", Split::test);
  EXPECT_THAT(error.what, AllOf(HasSubstr("record 1"), HasSubstr("label 10")));
  EXPECT_EQ(error.expected, "0 to 9");
}

TEST_F(Cifar10Test, RefusesAFolderInPlaceOfAFile) {
  std::filesystem::remove(file("test_batch.bin"));
  std::filesystem::create_directories(file("test_batch.bin"));
  EXPECT_THAT(refusal("cifar10", "test_batch.bin", Split::test).what, HasSubstr("no file test_batch.bin"));
}

TEST_F(Cifar10Test, RefusesUnknownOptionsWithTheNearest) {
  EXPECT_THROW(host_.dataset("cifar10", "{foldr: x}"), UsageError);
  EXPECT_THROW(host_.dataset("cifar11"), UsageError);
}

}  // namespace
}  // namespace espalier
