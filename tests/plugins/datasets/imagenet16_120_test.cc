#include <cstdlib>

#include "paths.h"
#include "plugins/datasets/dataset_fixture.h"

namespace espalier {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::pattern;

constexpr std::size_t kPixels = 768;

std::string record(unsigned label) { return static_cast<char>(label) + pattern(kPixels, label); }

class ImageNet16Test : public testing::DatasetTest {
 protected:
  /// Pickles with these labels, written by Python: each image is filled with its label's low byte.
  /// `data`: how the batch holds its images, as Python.
  void write_pickles(const std::string& data, const std::string& prelude = "") const {
    write("write.py", prelude +
                          "import pickle, pathlib\n"
                          "folder = pathlib.Path('" +
                          folder_.string() +
                          "')\n"
                          "def write(name, labels):\n"
                          "    rows = [[label % 256] * 256 + [1] * 256 + [2] * 256 for label in labels]\n"
                          "    batch = {'data': " +
                          data +
                          ", 'labels': labels}\n"
                          "    (folder / name).write_bytes(pickle.dumps(batch, protocol=2))\n"
                          "for i in range(1, 11):\n"
                          "    write(f'train_data_batch_{i}', [i, 121, 120, 1000])\n"
                          "write('val_data', [1, 500, 7])\n");
    ASSERT_EQ(std::system(("python3 '" + file("write.py").string() + "'").c_str()), 0);
  }
  /// The exit status of packing; what it says goes to "said".
  int pack() const {
    return std::system(("'" + std::string(paths::source) + "/scripts/pack-imagenet16' '" + folder_.string() +
                        "' '" + folder_.string() + "' >'" + file("said").string() + "' 2>&1")
                           .c_str());
  }
  std::string said() const { return testing::read_bytes(file("said")); }

  void expect_packs() {
    ASSERT_EQ(pack(), 0) << said();
    const Images train = load("imagenet16_120");
    ASSERT_EQ(train.size(), 20U);
    for (std::size_t i = 0; i < 20; ++i) {
      const std::size_t label = i % 2 == 0 ? i / 2 : 119;  // classes count from 1 in the pickles
      EXPECT_EQ(train.labels[i], label);
      const std::string expected =
          std::string(256, static_cast<char>(label + 1)) + std::string(256, '\1') + std::string(256, '\2');
      EXPECT_EQ(testing::as_string(train.image(i)), expected) << i;
    }
    EXPECT_THAT(load("imagenet16_120", Split::test).labels, ElementsAre(0, 6));
  }
};

TEST_F(ImageNet16Test, ReadsPackedRecords) {
  write("train.bin", record(119) + record(0));
  write("test.bin", record(5));
  const Images train = load("imagenet16_120");
  EXPECT_EQ(train.shape, (Shape{.channels = 3, .height = 16, .width = 16}));
  EXPECT_THAT(train.labels, ElementsAre(119, 0));
  EXPECT_EQ(testing::as_string(train.image(0)), pattern(kPixels, 119));
  EXPECT_THAT(load("imagenet16_120", Split::test).labels, ElementsAre(5));
}

TEST_F(ImageNet16Test, RefusesWhatIsNoPackedFile) {
  EXPECT_THAT(refusal("imagenet16_120", "train.bin").remedy, HasSubstr("scripts/pack-imagenet16"));
  write("train.bin", record(120));
  EXPECT_THAT(refusal("imagenet16_120", "train.bin").what, HasSubstr("label 120"));
  write("train.bin", record(1).substr(1));
  EXPECT_THAT(refusal("imagenet16_120", "train.bin").what, HasSubstr("cut short"));
  write("train.bin", "");
  EXPECT_THAT(refusal("imagenet16_120", "train.bin").what, HasSubstr("empty"));
}

TEST_F(ImageNet16Test, PacksPicklesOfLists) {
  write_pickles("rows");
  expect_packs();
}

// The form that numpy pickles an array in, so that this runs without numpy too.
TEST_F(ImageNet16Test, PacksPicklesOfArrays) {
  write_pickles("Array(rows)",
                "import sys, types\n"
                "numpy = types.ModuleType('numpy')\n"
                "multiarray = types.ModuleType('numpy.core.multiarray')\n"
                "sys.modules.update({'numpy': numpy, 'numpy.core': types.ModuleType('numpy.core'),\n"
                "                    'numpy.core.multiarray': multiarray})\n"
                "def _reconstruct(kind, shape, code): pass\n"
                "_reconstruct.__module__ = 'numpy.core.multiarray'\n"
                "multiarray._reconstruct = _reconstruct\n"
                "class dtype:\n"
                "    def __reduce__(self):\n"
                "        return dtype, ('u1', False, True), (3, '|', None, None, None, -1, -1, 0)\n"
                "class ndarray: pass\n"
                "for kind in (dtype, ndarray):\n"
                "    kind.__module__ = 'numpy'\n"
                "    setattr(numpy, kind.__name__, kind)\n"
                "class Array:\n"
                "    def __init__(self, rows): self.rows = rows\n"
                "    def __reduce__(self):\n"
                "        data = b''.join(bytes(row) for row in self.rows)\n"
                "        state = (1, (len(self.rows), 768), dtype(), False, data)\n"
                "        return _reconstruct, (ndarray, (0,), b'b'), state\n");
  expect_packs();
}

TEST_F(ImageNet16Test, PacksPicklesOfNumpy) {
  if (std::system("python3 -c 'import numpy' 2>/dev/null") != 0) GTEST_SKIP() << "numpy is not installed";
  write_pickles("numpy.array(rows, dtype=numpy.uint8)", "import numpy\n");
  expect_packs();
}

TEST_F(ImageNet16Test, PackingRefusesWhatIsNoPickleOfTheseImages) {
  EXPECT_NE(pack(), 0);
  EXPECT_THAT(said(), HasSubstr("train_data_batch_1: No such file"));

  write_pickles("rows");
  const std::string sound = testing::read_bytes(file("val_data"));
  write("val_data", sound.substr(0, sound.size() / 2));
  EXPECT_NE(pack(), 0);
  EXPECT_THAT(said(), HasSubstr("val_data is no pickle of ImageNet16, or damaged"));

  write_pickles("rows[1:]");
  EXPECT_NE(pack(), 0);
  EXPECT_THAT(said(), HasSubstr("2304 bytes for 4 images; expected 768 for each"));

  // A pickle that would run a command.
  write("train_data_batch_1", "cposix\nsystem\n(S'touch " + file("owned").string() + "'\ntR.");
  EXPECT_NE(pack(), 0);
  EXPECT_THAT(said(), HasSubstr("posix.system"));
  EXPECT_FALSE(std::filesystem::exists(file("owned")));
}

}  // namespace
}  // namespace espalier
