#include <iterator>
#include <string>
#include <vector>

#include "espalier/plugin/plugin.h"
#include "records.h"

using namespace espalier;

namespace {

const Source kSource = {.title = "CIFAR-100",
                        .folder = "cifar-100-binary",
                        .layout = "cifar-100-binary/ with train.bin and test.bin",
                        .remedy =
                            "unpack https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz "
                            "(MD5 03b5dce01913d631647c71ecec9e9cb8)"};

/// The fine labels, which are in alphabetical order.
constexpr const char* kNames[] = {
    "apple",      "aquarium_fish", "baby",         "bear",       "beaver",      "bed",         "bee",
    "beetle",     "bicycle",       "bottle",       "bowl",       "boy",         "bridge",      "bus",
    "butterfly",  "camel",         "can",          "castle",     "caterpillar", "cattle",      "chair",
    "chimpanzee", "clock",         "cloud",        "cockroach",  "couch",       "crab",        "crocodile",
    "cup",        "dinosaur",      "dolphin",      "elephant",   "flatfish",    "forest",      "fox",
    "girl",       "hamster",       "house",        "kangaroo",   "keyboard",    "lamp",        "lawn_mower",
    "leopard",    "lion",          "lizard",       "lobster",    "man",         "maple_tree",  "motorcycle",
    "mountain",   "mouse",         "mushroom",     "oak_tree",   "orange",      "orchid",      "otter",
    "palm_tree",  "pear",          "pickup_truck", "pine_tree",  "plain",       "plate",       "poppy",
    "porcupine",  "possum",        "rabbit",       "raccoon",    "ray",         "road",        "rocket",
    "rose",       "sea",           "seal",         "shark",      "shrew",       "skunk",       "skyscraper",
    "snail",      "snake",         "spider",       "squirrel",   "streetcar",   "sunflower",   "sweet_pepper",
    "table",      "tank",          "telephone",    "television", "tiger",       "tractor",     "train",
    "trout",      "tulip",         "turtle",       "wardrobe",   "whale",       "willow_tree", "wolf",
    "woman",      "worm"};

}  // namespace

/// CIFAR-100 (Krizhevsky, 2009), from its binary files, with its 100 fine labels.
class Cifar100 final : public Dataset {
 public:
  explicit Cifar100(const Config& config) : files_(kSource, config) {}

 protected:
  Shape shape_impl() const override { return {.channels = 3, .height = 32, .width = 32}; }
  std::size_t classes_impl() const override { return 100; }
  /// Mean and deviation over all pixels of the training images.
  Normalization normalization_impl() const override {
    return {.mean = {0.5071F, 0.4865F, 0.4409F}, .standard_deviation = {0.2673F, 0.2564F, 0.2762F}};
  }

  std::vector<std::string> class_names_impl() const override {
    return {std::begin(kNames), std::end(kNames)};
  }

  Images read_impl(Split split) const override {
    Images images{.shape = shape(), .pixels = {}, .labels = {}};
    // The coarse label comes before the fine one.
    append_records(files_, split == Split::test ? "test.bin" : "train.bin",
                   {.label_bytes = 2, .label_position = 1, .classes = classes()}, images);
    return images;
  }

 private:
  DatasetFiles files_;
};

ESPALIER_DATASET(cifar100, Cifar100, "1.0.0")
