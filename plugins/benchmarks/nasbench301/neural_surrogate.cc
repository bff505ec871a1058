#include "neural_surrogate.h"

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>

#include "encoding.h"
#include "espalier/errors/errors.h"
#include "table_text.h"

using espalier::Error;

namespace nasbench301 {
namespace {

/// CRC-32 of the published network.
constexpr std::uint32_t kNetworkCrc = 0x9280a141;

/// The widths of the branches' layers, of which all but the last are followed by SELU. The first reads all
/// embeddings and the epoch.
constexpr std::size_t kOutputs = 2;
constexpr std::array<std::size_t, 1> kWide = {kOutputs};
constexpr std::array<std::size_t, 3> kDeep = {512, 512, kOutputs};
constexpr std::array<std::size_t, 5> kDeeper = {256, 256, 128, 128, kOutputs};
constexpr std::size_t kFirstDeep = padded(kWide.front());
constexpr std::size_t kFirstDeeper = kFirstDeep + kDeep.front();
constexpr std::size_t kFirst = kFirstDeeper + kDeeper.front();  ///< the outputs of all first layers

struct Embedding {
  std::size_t categories;
  std::size_t width;
};

/// Of the edges, and of the pairs of inputs of the last three nodes, whose category 0 is "none".
constexpr std::size_t kNodesWithPairs = kPairs.size();
constexpr std::size_t kEmbeddings = kCells * (kEdges + kNodesWithPairs);
constexpr Embedding embedding(std::size_t number) {
  constexpr Embedding edge = {kOperations + 1, 10};
  constexpr std::array<Embedding, kNodesWithPairs> pairs = {
      {{kPairs[0] + 1, 6}, {kPairs[1] + 1, 10}, {kPairs[2] + 1, 12}}};
  return number < kCells * kEdges ? edge : pairs[(number - kCells * kEdges) % kNodesWithPairs];
}

/// The number of all categories before those of an embedding.
constexpr std::array<std::size_t, kEmbeddings + 1> kFirstCategory = [] {
  std::array<std::size_t, kEmbeddings + 1> first{};
  for (std::size_t i = 0; i < kEmbeddings; ++i) first[i + 1] = first[i] + embedding(i).categories;
  return first;
}();

constexpr std::size_t kInputs = [] {
  std::size_t width = 1;  // the epoch
  for (std::size_t i = 0; i < kEmbeddings; ++i) width += embedding(i).width;
  return width;
}();

/// The category of each operation of a genotype, in the alphabetical order of their names behind "none".
constexpr std::array<std::size_t, kOperations> kCategoryOf = {4, 1, 7, 5, 6, 2, 3};

/// The numbers of a file, one after the other.
class Numbers {
 public:
  Numbers(const std::filesystem::path& file, std::uint32_t crc)
      : file_(file), crc_(crc), bytes_(table_text(file, crc)) {}

  float next() {
    constexpr unsigned kByte = 8;
    if (position_ + 2 > bytes_.size()) refuse_size();
    const auto low = static_cast<unsigned char>(bytes_[position_]);
    const auto high = static_cast<unsigned char>(bytes_[position_ + 1]);
    position_ += 2;
    const auto bits = static_cast<std::uint16_t>(low | high << kByte);
    const auto number = static_cast<float>(Eigen::numext::bit_cast<Eigen::half>(bits));
    if (!std::isfinite(number)) refuse("a number of the network is not finite", "642,092 finite numbers");
    return number;
  }

  void expect_end() const {
    if (position_ != bytes_.size()) refuse_size();
  }

 private:
  [[noreturn]] void refuse(const std::string& what, const std::string& expected) const {
    throw Error(
        {.what = what, .where = file_.string(), .expected = expected, .remedy = remedy_for_table(crc_)});
  }
  [[noreturn]] void refuse_size() const {
    refuse("the network has " + std::to_string(bytes_.size()) + " bytes",
           "642,092 numbers of two bytes each, as scripts/pack-nasbench301 writes them");
  }

  std::filesystem::path file_;
  std::uint32_t crc_;
  std::string bytes_;
  std::size_t position_ = 0;
};

/// Runs the layers behind the first of a branch, whose outputs `first` holds, and adds their outputs to
/// `sum`.
template <class Layers>
void add_branch(const Layers& layers, std::span<float> first, std::vector<float>& sum) {
  apply_selu(first.data(), first.size());
  std::vector<float> read(first.begin(), first.end());
  for (const auto& layer : layers) {
    std::vector<float> written = layer.bias;
    add_product(layer.weights, read.data(), written.data());
    if (&layer != &layers.back()) apply_selu(written.data(), written.size());
    read.swap(written);
  }
  add_row(read.data(), read.size(), sum.data());
}

double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

}  // namespace

NeuralSurrogate NeuralSurrogate::read(const std::filesystem::path& file, bool verify) {
  Numbers numbers(file, verify ? kNetworkCrc : 0);
  NeuralSurrogate found;
  std::array<std::vector<float>, kEmbeddings> tables;
  for (std::size_t i = 0; i < kEmbeddings; ++i) {
    tables[i].resize(embedding(i).categories * embedding(i).width);
    std::ranges::generate(tables[i], [&] { return numbers.next(); });
  }

  found.categories_.resize(kFirstCategory.back() * kFirst);
  found.bias_.resize(kFirst);
  found.by_epoch_.resize(kFirst);
  const auto read_first = [&](std::size_t begin, std::size_t outputs) {
    for (std::size_t output = begin; output < begin + outputs; ++output) {
      for (std::size_t i = 0; i < kEmbeddings; ++i) {
        const auto [categories, width] = embedding(i);
        for (std::size_t column = 0; column < width; ++column) {
          const float weight = numbers.next();
          for (std::size_t category = 0; category < categories; ++category)
            found.categories_[(kFirstCategory[i] + category) * kFirst + output] +=
                weight * tables[i][category * width + column];
        }
      }
      found.by_epoch_[output] = numbers.next();
    }
    for (std::size_t output = begin; output < begin + outputs; ++output) found.bias_[output] = numbers.next();
  };
  const auto read_others = [&](std::span<const std::size_t> widths) {
    std::vector<Layer> layers;
    for (std::size_t i = 1; i < widths.size(); ++i) {
      Layer layer{.weights = Matrix(widths[i], widths[i - 1]), .bias = std::vector<float>(padded(widths[i]))};
      for (std::size_t output = 0; output < widths[i]; ++output)
        for (std::size_t input = 0; input < widths[i - 1]; ++input)
          layer.weights.set(output, input, numbers.next());
      std::generate_n(layer.bias.begin(), widths[i], [&] { return numbers.next(); });
      layers.push_back(std::move(layer));
    }
    return layers;
  };
  static_assert(kInputs == 337);
  read_first(0, kWide.front());
  read_first(kFirstDeep, kDeep.front());
  found.deep_ = read_others(kDeep);
  read_first(kFirstDeeper, kDeeper.front());
  found.deeper_ = read_others(kDeeper);
  numbers.expect_end();
  return found;
}

std::vector<float> NeuralSurrogate::first_layers(int epochs, const Genotype& genotype) const {
  constexpr float kEpochScale = 52.0F;
  std::vector<float> sum = bias_;
  const float epoch = static_cast<float>(epochs) / kEpochScale;
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += epoch * by_epoch_[i];

  std::array<std::size_t, kEmbeddings> chosen{};
  std::size_t first_edge = 0;
  std::size_t pair = kCells * kEdges;
  for (const Genotype::Cell* const cell : {&genotype.normal, &genotype.reduction}) {
    for (std::size_t i = 0; i < cell->size(); ++i) {
      const auto [input, operation] = (*cell)[i];
      chosen[first_edge + edge_number(i / 2, static_cast<std::size_t>(input))] =
          kCategoryOf[static_cast<std::size_t>(operation)];
    }
    for (const std::size_t number : pairs_of(*cell)) chosen[pair++] = number + 1;
    first_edge += kEdges;
  }
  for (std::size_t i = 0; i < kEmbeddings; ++i)
    add_row(&categories_[(kFirstCategory[i] + chosen[i]) * kFirst], kFirst, sum.data());
  return sum;
}

NeuralSurrogate::Figures NeuralSurrogate::after(int epochs, const Genotype& genotype) const {
  // How the authors scaled the seconds.
  constexpr double kOffset = 0.01;
  constexpr double kRange = 13132.0927734375;
  constexpr double kLeast = 30.557992935180664;
  std::vector<float> first = first_layers(epochs, genotype);
  std::vector<float> sum(first.begin(), first.begin() + kFirstDeep);
  add_branch(deep_, std::span(first).subspan(kFirstDeep, kDeep.front()), sum);
  add_branch(deeper_, std::span(first).subspan(kFirstDeeper, kDeeper.front()), sum);
  if (!std::isfinite(sum[0]) || !std::isfinite(sum[1]))
    throw Error(
        {.what = "the neural surrogate gives no finite number: its weights are too large",
         .remedy = "leave network_file out: the benchmark then reads the one that comes with Espalier"});
  return {.validation_accuracy = 100.0 * sigmoid(sum[0]),
          .train_seconds = std::max((sigmoid(sum[1]) - kOffset) * kRange + kLeast, 0.0)};
}

}  // namespace nasbench301
