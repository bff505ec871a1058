#include <gmock/gmock.h>
#include <torch/cuda.h>

#include <nlohmann/json.hpp>

#include "checkpoint_bytes.h"
#include "host/program/expect_one_error.h"
#include "host/program/program_fixture.h"
#include "sanitized.h"

namespace espalier::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::size_t kCifarRecord = 3073;

/// A one-shot search of tiny networks, and what can be wrong with what it is given.
class NetworkRefuses : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    write("run.yaml",
          "search_space: {name: nasbench201, channels: 2, cells_per_stage: 1, image_size: 8, classes: 4}\n"
          "dataset: {name: synthetic, image_size: 8, classes: 4, train_size: 128, test_size: 16}\n"
          "optimizer: gdas\n"
          "trainer: {name: one_shot, epochs: 3, batch_size: 16, threads: 1}\n"
          "seed: 0\n");
    write("cifar.yaml",
          "search_space: {name: nasbench201, channels: 2, cells_per_stage: 1}\n"
          "dataset: cifar10\n"
          "optimizer: darts\n"
          "trainer: {name: one_shot, epochs: 1, batch_size: 2, threads: 1}\n"
          "seed: 0\n");
  }

  void write_cifar(const std::string& test_batch) const {
    fs::create_directories(folder_ / "cifar-10-batches-bin");
    const std::string record(kCifarRecord, '\1');
    for (const char* batch : {"1", "2", "3", "4", "5"})
      write(std::string("cifar-10-batches-bin/data_batch_") + batch + ".bin", record + record);
    write("cifar-10-batches-bin/data_batch_4.bin", test_batch);
  }

  /// One error for people, and no result.
  void refuses(const std::vector<std::string>& arguments, int exit_code,
               const std::vector<std::string>& says) const {
    const ProgramResult result = espalier(arguments, {{"ESPALIER_DATA_PATH", folder_.string()}});
    expect_one_error(result, exit_code, says);
    EXPECT_THAT(result.out, IsEmpty());
  }

  std::vector<std::string> run_with(const std::string& assignment) const {
    return {"run", "run.yaml", assignment, "--out", "out", "--quiet"};
  }
};

TEST_F(NetworkRefuses, ATruncatedAForeignAndAMislabelledImageFile) {
  const std::vector<std::string> run = {"run", "cifar.yaml", "--out", "out", "--quiet"};
  refuses(run, 1, {"cifar-10-batches-bin", "expected: ", "remedy:   unpack"});
  write_cifar(std::string(kCifarRecord - 1, '\1'));
  refuses(run, 1, {"data_batch_4.bin", "it has 3072"});
  write_cifar("\x89PNG, not CIFAR");
  refuses(run, 1, {"data_batch_4.bin"});
  write_cifar(std::string(kCifarRecord, '\x0b'));
  refuses(run, 1, {"data_batch_4.bin", "label 11"});
  // Mended, the same command goes on in the same directory.
  write_cifar(std::string(kCifarRecord, '\1'));
  const ProgramResult mended = espalier(run, {{"ESPALIER_DATA_PATH", folder_.string()}});
  EXPECT_EQ(mended.exit_code, 0) << mended.err;
}

TEST_F(NetworkRefuses, ATrainerThatCannotDriveTheOptimizer) {
  write("trials.yaml",
        "search_space: nasbench201\noptimizer: random_search\nbenchmark: nasbench201\n"
        "trainer: {name: discrete, trials: 5}\nseed: 0\n");
  refuses({"run", "trials.yaml", "trainer.name=one_shot", "--quiet"}, 2,
          {"command line (trainer.name=one_shot)", "cannot drive the optimizer \"random_search\"",
           "remedy:   write trainer: discrete"});
}

TEST_F(NetworkRefuses, ADatasetOfTheWrongShape) {
  refuses(run_with("dataset.image_size=9"), 2, {"3×9×9", "expected: 3×8×8", "remedy: "});
  refuses(run_with("dataset.classes=5"), 2, {"has 5 classes", "expected: 4", "remedy: "});
  refuses(run_with("dataset=null"), 2, {"dataset"});
  EXPECT_FALSE(fs::exists(folder_ / "out"));
}

TEST_F(NetworkRefuses, ABatchLargerThanTheSplit) {
  refuses(run_with("trainer.batch_size=65"), 2, {"65", "64"});
  EXPECT_FALSE(fs::exists(folder_ / "out/gdas/seed_0/result.json"));
}

TEST_F(NetworkRefuses, TheNamesThatOtherProgramsGiveToDevices) {
  for (const char* device : {"gpu", "cuda:1"})
    refuses(run_with(std::string("trainer.device=") + device), 2,
            {std::string("'") + device + "'", "write device: cuda for a GPU", "CUDA_VISIBLE_DEVICES=1"});
}

TEST_F(NetworkRefuses, CudaWhereThereIsNone) {
  if (torch::cuda::is_available()) GTEST_SKIP() << "there is a GPU";
  refuses(run_with("trainer.device=cuda"), 2, {"asks for CUDA", "trainer", "remedy: "});
  refuses(run_with("evaluate={device: cuda, batch_size: 16}"), 2, {"asks for CUDA"});
}

TEST_F(NetworkRefuses, MemoryThatDoesNotSuffice) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer reserves more address space than there is";
  if (torch::cuda::is_available()) GTEST_SKIP() << "CUDA reserves more address space than there is";
  // 1.4 GiB of address space for a batch that wants more.
  const std::string command =
      "ulimit -v 1400000; exec " + program() +
      " run run.yaml search_space.image_size=64 search_space.channels=32 "
      "dataset.image_size=64 dataset.train_size=1024 trainer.batch_size=512 --out out --quiet";
  const ProgramResult result = run({"bash", "-c", command});
  expect_one_error(result, 1, {"memory", "the search of gdas with seed 0", "remedy: "});
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_FALSE(fs::exists(folder_ / "out/gdas/seed_0/result.json"));
}

TEST_F(NetworkRefuses, ACheckpointThatIsDamagedForeignOrOfAnotherVersion) {
  const ProgramResult stopped =
      run({"bash", "-c",
           program() + " run run.yaml trainer.epochs=5000 --out out --quiet & pid=$!; "
                       "until [ -e out/gdas/seed_0/checkpoint.cbor ]; do sleep 0.01; done; "
                       "kill -INT $pid; wait $pid"});
  ASSERT_EQ(stopped.exit_code, 130) << stopped.err;
  const fs::path file = folder_ / "out/gdas/seed_0/checkpoint.cbor";
  const std::string good = text_of(file);
  const auto refuses_checkpoint = [&](const std::string& bytes, const std::vector<std::string>& says) {
    write("out/gdas/seed_0/checkpoint.cbor", bytes);
    refuses(run_with("trainer.epochs=5000"), 1, says);
    EXPECT_EQ(text_of(file), bytes) << "for the user to look at";
  };
  refuses_checkpoint(good.substr(0, good.size() / 2), {"checkpoint.cbor", "not usable", "remedy:   remove"});
  refuses_checkpoint("PK\3\4", {"checkpoint.cbor", "not usable"});
  refuses_checkpoint("", {"checkpoint.cbor", "not usable"});
  json other = from_checkpoint(good);
  other["espalier"] = "0.0.1";
  refuses_checkpoint(to_checkpoint(other), {"espalier 0.0.1 wrote it", "remedy: "});
  other = from_checkpoint(good);
  other["state"]["optimizer"].erase("network");
  refuses_checkpoint(to_checkpoint(other),
                     {"cannot continue from this state", "the search of gdas with seed 0",
                      "remedy:   remove out/gdas/seed_0/checkpoint.cbor"});

  write("out/gdas/seed_0/checkpoint.cbor", good);
  refuses(run_with("trainer.epochs=4999"), 2, {"another config", "trainer.epochs", "--overwrite"});
  EXPECT_EQ(text_of(file), good);
}

TEST_F(NetworkRefuses, QueriesOfABenchmarkThatTrains) {
  refuses({"query", "training", "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|"}, 2,
          {"\"training\" knows any search space", "--space"});
}

TEST_F(NetworkRefuses, ALossThatIsNotFinite) {
  refuses(
      run_with(
          "trainer={name: one_shot, epochs: 3, batch_size: 16, threads: 1, learning_rate: 1e30, clip: 0}"),
      1, {"not finite", "the search of gdas with seed 0"});
}

TEST_F(NetworkRefuses, ARunWithTheTrainingBenchmarkGoesThrough) {
  const ProgramResult result = espalier({"run", "run.yaml", "optimizer=random_search",
                                         "benchmark={name: training, epochs: 1, batch_size: 16, threads: 1}",
                                         "trainer={name: discrete, trials: 2}", "--out", "out", "--quiet"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("nasbench201 · training"));
}

}  // namespace
}  // namespace espalier::testing
