#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "espalier/data/data_path.h"
#include "espalier/graph/graph_data.h"
#include "espalier/host/host.h"
#include "espalier/layers/primitives.h"
#include "espalier/random/random.h"
#include "espalier/search/has_remarks.h"
#include "espalier/search/objective_function.h"
#include "own_path.h"
#include "plugins/benchmarks/broken_table.h"
#include "plugins/csv.h"
#include "plugins/datasets/gzip_file.h"

namespace espalier {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A cell as the labels have it, "00 10 …", as the field writes it: [('max_pool_3x3', 0), …].
std::string cell_of(const std::string& text) {
  constexpr std::array names = {"max_pool_3x3", "avg_pool_3x3", "skip_connect", "sep_conv_3x3",
                                "sep_conv_5x5", "dil_conv_3x3", "dil_conv_5x5"};
  std::string cell;
  for (std::size_t at = 0; at < text.size(); at += 3)
    cell += std::string(cell.empty() ? "[('" : ", ('") +
            names.at(static_cast<std::size_t>(text[at + 1] - '0')) + "', " + text[at] + ")";
  return cell + "]";
}

std::string genotype_text(const std::string& normal, const std::string& reduction) {
  return "Genotype(normal=" + cell_of(normal) + ", normal_concat=range(2, 6), reduce=" + cell_of(reduction) +
         ", reduce_concat=range(2, 6))";
}

class NASBench301BenchmarkTest : public ::testing::Test {
 protected:
  Architecture parse(const std::string& normal, const std::string& reduction) const {
    return space_->parse(genotype_text(normal, reduction));
  }
  /// The labelled genotypes.
  std::vector<Architecture> labelled() const {
    std::vector<Architecture> found;
    for (std::size_t row = 0; row < labels_.columns.at("label").size(); ++row)
      found.push_back(parse(labels_.texts.at("normal")[row], labels_.texts.at("reduction")[row]));
    return found;
  }
  std::vector<Architecture> samples(std::size_t count) const {
    Rng rng(0, "samples");
    std::vector<Architecture> found;
    while (found.size() < count) found.push_back(space_->sample(rng));
    return found;
  }

  host::Host host_;
  std::unique_ptr<SearchSpace> space_ = host_.search_space("darts");
  std::unique_ptr<Benchmark> benchmark_ = host_.benchmark("nasbench301", *space_);
  testing::Csv labels_{"nasbench301_labels.csv.gz"};
};

// The weights w solve (K + noise·I) w = y - mean, so that a Gaussian process misses each of its labels y by
// exactly noise·w. This holds only if features, kernel and numbers are those with which it was fitted.
TEST_F(NASBench301BenchmarkTest, MissesEachLabelByItsShareOfTheNoise) {
  const testing::Csv features("nasbench301_features.csv.gz");
  const auto& names = features.texts.at("pattern");
  const auto noise_row = std::ranges::find(names, "noise") - names.begin();
  const double noise = features.columns.at("x0")[static_cast<std::size_t>(noise_row)];
  const auto& labels = labels_.columns.at("label");
  const auto& weights = labels_.columns.at("weight");
  ASSERT_EQ(labels.size(), 1018U);
  const std::vector<double> values = benchmark_->query(labelled());
  constexpr double kRounding = 4e-3;  // of single precision, in sums of 1,018 terms of hundreds
  for (std::size_t row = 0; row < labels.size(); ++row)
    ASSERT_NEAR(values[row], labels[row] - noise * weights[row], kRounding) << row;
}

TEST_F(NASBench301BenchmarkTest, GenotypesKeepTheirValuesWhenTheyArePrintedAndRead) {
  for (const Architecture& sample : samples(200))
    ASSERT_EQ(benchmark_->query(space_->parse(space_->to_string(sample))), benchmark_->query(sample));
}

struct TestVector {
  int epochs;
  std::size_t genotype;
  double validation_accuracy;
  double seconds;
};

// What onnxruntime gives for the neural surrogate of YAHPO Gym. Its weights are kept as float16, which costs
// up to 0.0034 points and 0.47 s on 3,000 random genotypes at four epochs, and twice the former in a
// difference.
TEST_F(NASBench301BenchmarkTest, HasTheLearningCurvesOfTheNeuralSurrogate) {
  const std::vector<Architecture> genotypes = {parse("06 14 00 15 14 32 06 32", "01 14 01 14 26 34 15 21"),
                                               parse("04 15 06 22 10 35 33 40", "04 13 04 10 03 22 20 36"),
                                               parse("04 16 02 10 00 10 13 20", "03 11 06 10 06 22 11 43")};
  constexpr std::array<TestVector, 12> vectors = {{{1, 0, 40.8196, 369.45},
                                                   {1, 1, 34.9257, 322.99},
                                                   {1, 2, 41.2967, 255.92},
                                                   {10, 0, 72.6234, 594.59},
                                                   {10, 1, 67.4948, 458.85},
                                                   {10, 2, 72.5917, 417.19},
                                                   {50, 0, 89.596, 3174.91},
                                                   {50, 1, 87.533, 2697.26},
                                                   {50, 2, 89.035, 2372.2},
                                                   {98, 0, 94.8373, 6339.1},
                                                   {98, 1, 93.7565, 5550.11},
                                                   {98, 2, 94.4898, 5020.19}}};
  for (const TestVector& vector : vectors) {
    const Architecture& genotype = genotypes[vector.genotype];
    const TestVector& whole = vectors[9 + vector.genotype];
    const double accuracy =
        benchmark_->query(genotype, {.metric = "validation_accuracy", .epoch = vector.epochs});
    EXPECT_NEAR(accuracy - benchmark_->query(genotype),
                vector.validation_accuracy - whole.validation_accuracy, 0.008);
    EXPECT_NEAR(benchmark_->query(genotype, {.metric = "train_seconds", .epoch = vector.epochs}),
                vector.seconds, 0.6);
  }
  EXPECT_EQ(benchmark_->query(genotypes[0], {.metric = "train_seconds"}),
            benchmark_->query(genotypes[0], {.metric = "train_seconds", .epoch = 98}));
}

TEST_F(NASBench301BenchmarkTest, OffersEveryEpoch) {
  const std::vector<int> epochs = benchmark_->epochs("validation_accuracy");
  EXPECT_EQ(epochs.size(), 98U);
  EXPECT_EQ(epochs, benchmark_->epochs("train_seconds"));
  EXPECT_EQ(benchmark_->full_fidelity(), 98);
  EXPECT_THAT(testing::error_of([&] { (void)benchmark_->query(samples(1)[0], {.epoch = 99}); }),
              HasSubstr("no results after 99 epochs"));
}

TEST_F(NASBench301BenchmarkTest, GivesManyValuesLikeSingleOnes) {
  const std::vector<Architecture> many = samples(2000);
  const std::vector<double> values = benchmark_->query(many);
  const std::vector<Lookup> lookups = {benchmark_->resolve({.metric = "train_seconds", .epoch = 20}),
                                       benchmark_->resolve({.metric = "validation_accuracy", .epoch = 20}),
                                       benchmark_->resolve({})};
  std::vector<double> together(lookups.size());
  for (std::size_t i = 0; i < 100; ++i) {
    benchmark_->values(many[i], lookups, together);
    EXPECT_EQ(together[0], benchmark_->query(many[i], {.metric = "train_seconds", .epoch = 20}));
    EXPECT_EQ(together[1], benchmark_->query(many[i], {.epoch = 20}));
    EXPECT_EQ(together[2], values[i]);
  }
}

TEST_F(NASBench301BenchmarkTest, IsLessSureOfCellsUnlikeTheLabelledOnes) {
  const auto deviation = [&](const Architecture& architecture) {
    return benchmark_->query(architecture, {.metric = "accuracy_deviation"});
  };
  double largest = 0.0;
  for (const Architecture& sample : samples(200)) largest = std::max(largest, deviation(sample));
  EXPECT_LT(largest, 0.25);
  const std::string skips = "02 12 02 12 02 12 02 12";
  EXPECT_GT(deviation(parse(skips, skips)), 2 * largest);
}

TEST_F(NASBench301BenchmarkTest, NoiseIsThatOfTheDeviationAndAFunctionOfTheArchitecture) {
  const auto noisy = host_.benchmark("nasbench301", *space_, "{noise: true}");
  const auto again = host_.benchmark("nasbench301", *space_, "{noise: true}");
  const std::vector<Architecture> many = samples(400);
  double sum = 0.0;
  double squares = 0.0;
  for (const Architecture& each : many) {
    const double value = noisy->query(each);
    ASSERT_EQ(value, again->query(each));
    ASSERT_NEAR(value - noisy->query(each, {.epoch = 10}),
                benchmark_->query(each) - benchmark_->query(each, {.epoch = 10}), 1e-9);
    const double deviations =
        (value - benchmark_->query(each)) / benchmark_->query(each, {.metric = "accuracy_deviation"});
    sum += deviations;
    squares += deviations * deviations;
  }
  const auto count = static_cast<double>(many.size());
  EXPECT_NEAR(sum / count, 0.0, 4 / std::sqrt(count));
  EXPECT_NEAR(squares / count, 1.0, 4 * std::sqrt(2 / count));
}

TEST_F(NASBench301BenchmarkTest, SaysWhatItDoesNotKnow) {
  EXPECT_EQ(benchmark_->objective(), "validation_accuracy");
  EXPECT_EQ(benchmark_->cost_metric(), "train_seconds");
  EXPECT_EQ(benchmark_->report_metric(), "");
  EXPECT_FALSE(benchmark_->best("validation_accuracy").has_value());
  const auto trained = host_.search_space("darts", "{evaluation_cells: 8, evaluation_channels: 32}");
  EXPECT_THAT(remarks(*host_.benchmark("nasbench301", *trained)),
              ElementsAre(AllOf(HasSubstr("is a surrogate of a surrogate"), HasSubstr("1018 answers"),
                                HasSubstr("by 0.14 points")),
                          HasSubstr("knows no test accuracy")));
  EXPECT_THAT(remarks(*benchmark_).back(),
              HasSubstr("which have other channels or cells (5144086 instead of 1684714 parameters"));
}

TEST_F(NASBench301BenchmarkTest, SaysThatItsImagesAreOthersWhereAnAuxiliaryHeadDoesNotFit) {
  const auto small = host_.search_space(
      "darts", "{evaluation_cells: 8, evaluation_channels: 32, image_size: 16, image_channels: 1}");
  EXPECT_THAT(remarks(*host_.benchmark("nasbench301", *small)).back(),
              HasSubstr("which have images of 1×16×16 instead of 3×32×32."));
}

TEST_F(NASBench301BenchmarkTest, RefusesAnotherSpace) {
  const auto other = host_.search_space("nasbench201");
  EXPECT_THAT(
      testing::error_of([&] { (void)host_.benchmark("nasbench301", *other); }),
      AllOf(HasSubstr("does not know the search space \"nasbench201\""), HasSubstr("search_space: darts")));
}

/// A space that calls itself "darts": a chain of edges, on which everything may be chosen.
class ChainSpace final : public SearchSpace {
 public:
  ChainSpace(int edges, const char* third) : SearchSpace(definition(edges, third)) { set_name("darts"); }

 private:
  static SpaceDefinition definition(int edges, const char* third) {
    Candidates candidates;
    for (const char* const name : {"none", "max_pool_3x3", third, "skip_connect", "sep_conv_3x3",
                                   "sep_conv_5x5", "dil_conv_3x3", "dil_conv_5x5"})
      candidates.emplace_back(primitives::identity().renamed(name));
    Graph graph("chain");
    graph.add_node_range(1, edges + 1).set_scope("chain");
    for (int node = 1; node <= edges; ++node) {
      graph.add_edge(node, node + 1);
      graph.edge(node, node + 1).set_op(candidates);
    }
    return {.graph = std::move(graph), .scopes = {"chain"}, .input_shape = {3, 32, 32}};
  }
};

TEST(NASBench301OtherSpacesTest, RefusesASpaceThatOnlyHasTheName) {
  host::Host host;
  for (const auto& [edges, third] : {std::pair(28, "avg_pool_5x5"), std::pair(27, "avg_pool_3x3")}) {
    const ChainSpace other(edges, third);
    EXPECT_THAT(testing::error_of([&] { (void)host.benchmark("nasbench301", other); }),
                AllOf(HasSubstr("is not the DARTS space that NAS-Bench-301 knows"),
                      HasSubstr("28 choices of none, max_pool_3x3")));
  }
}

TEST(NASBench301OtherSpacesTest, RefusesArchitecturesThatAreNoGenotypes) {
  host::Host host;
  const ChainSpace free(28, "avg_pool_3x3");
  const auto benchmark = host.benchmark("nasbench301", free);
  const auto darts = host.search_space("darts");
  const Architecture genotype = darts->at(0);
  EXPECT_EQ(benchmark->query(genotype), host.benchmark("nasbench301", *darts)->query(genotype));
  Architecture more = genotype;
  for (std::size_t edge = 14 + 9; edge < 28; ++edge) more.set(edge, 1);
  EXPECT_THAT(testing::error_of([&] { (void)benchmark->query(more); }),
              AllOf(HasSubstr("node 5 of the reduction cell reads 5 nodes"), HasSubstr("exactly two")));
  Architecture none = genotype;
  none.set(0, 0);
  EXPECT_THAT(testing::error_of([&] { (void)benchmark->query(none); }),
              HasSubstr("node 2 of the normal cell reads 1 nodes"));
}

class NASBench301SearchTest : public ::testing::TestWithParam<const char*> {};

TEST_P(NASBench301SearchTest, FindsBetterCellsThanItDrewFirst) {
  host::Host host;
  const auto space = host.search_space("darts");
  const auto benchmark = host.benchmark("nasbench301", *space);
  const ObjectiveFunction objective(*benchmark);
  const std::string name = GetParam();
  const auto optimizer = host.optimizer(name, name == "bananas" ? "{predictor: ridge}" : "");
  optimizer->adapt(objective.problem(/*seed=*/0));
  const SearchResult found =
      host.trainer("discrete", "{trials: 300}")->search(*optimizer, {.objective = &objective});
  const double accuracy = benchmark->query(found.architecture, {.epoch = found.fidelity});
  EXPECT_EQ(found.values.at(0), accuracy);
  Rng rng(1, "drawn");
  EXPECT_GT(accuracy, benchmark->query(space->sample(rng)));
  EXPECT_GT(found.seconds, benchmark->query(found.architecture, {.metric = "train_seconds"}));
}

INSTANTIATE_TEST_SUITE_P(Optimizers, NASBench301SearchTest,
                         ::testing::Values("random_search", "regularized_evolution", "local_search", "asha",
                                           "bananas", "nsga2"));

/// Files that are not what they should be, each made from a real one.
class NASBench301FilesTest : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(file_); }

  /// The error for these bytes in place of the file that an option names; it must name the file.
  std::string error_for(const std::string& option, const std::string& bytes, const std::string& more = "") {
    testing::write_bytes(file_, bytes);
    std::string message = testing::error_of([&] {
      (void)host_.benchmark("nasbench301", *space_, "{" + option + ": " + file_.string() + more + "}");
    });
    EXPECT_THAT(message, HasSubstr(file_.string()));
    return message;
  }
  /// The same for a whole gzip file, its checksum not asked for.
  std::string error_unverified(const std::string& option, const std::string& text) {
    return error_for(option, testing::deflated(text), ", verify: false");
  }
  static std::string replaced(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
  }

  host::Host host_;
  std::unique_ptr<SearchSpace> space_ = host_.search_space("darts");
  std::filesystem::path file_ = testing::own_path("nasbench301.gz");
};

TEST_F(NASBench301FilesTest, RefusesDamagedAndAlteredOnes) {
  const std::vector<std::pair<std::string, std::string>> files = {
      {"features_file", "nasbench301_features.csv.gz"},
      {"labels_file", "nasbench301_labels.csv.gz"},
      {"network_file", "nasbench301_network.gz"}};
  for (const auto& [option, name] : files) {
    const std::string bytes = testing::read_bytes(find_data(name));
    EXPECT_THAT(error_for(option, bytes.substr(0, bytes.size() / 2)), HasSubstr("damaged or cut short"));
    std::string text = testing::inflated(find_data(name));
    text[text.size() / 2] ^= 1;
    EXPECT_THAT(error_for(option, testing::deflated(text)),
                AllOf(HasSubstr("its checksum differs"), HasSubstr("verify: false")));
    EXPECT_THAT(error_for(option, testing::read_bytes(find_data("nasbench_macro.csv.gz"))),
                HasSubstr("its checksum differs"));
  }
}

TEST_F(NASBench301FilesTest, RefusesFeaturesThatAreOthers) {
  const std::string text = testing::inflated(find_data("nasbench301_features.csv.gz"));
  EXPECT_THAT(error_unverified("features_file", replaced(text, "normal_edge_0_1,", "normal_edge_0_9,")),
              AllOf(HasSubstr(":3: \"normal_edge_0_9\" is not the pattern of this row"),
                    HasSubstr("normal_edge_0_1"), HasSubstr("correct the table")));
  EXPECT_THAT(error_unverified("features_file", text.substr(0, text.rfind("error,"))),
              HasSubstr("the table has 909 rows"));
  EXPECT_THAT(error_unverified("features_file", text + text.substr(text.rfind("error,"))),
              HasSubstr("the table has 911 rows"));
  EXPECT_THAT(error_unverified("features_file", replaced(text, "\nnoise,", "\nnoise,-")),
              HasSubstr("the amplitude and the noise are not both above 0"));
  EXPECT_THAT(error_unverified("features_file", replaced(text, "\nmean,", "\nmean,99999999")),
              AllOf(HasSubstr("the column x0 has the number"), HasSubstr("at most 1000000")));
  std::string narrow;
  for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end + 1) {
    end = text.find('\n', begin);
    narrow += text.substr(begin, text.rfind(',', end) - begin) + "\n";
  }
  EXPECT_THAT(error_unverified("features_file", narrow), HasSubstr("has 5 columns of numbers"));
}

TEST_F(NASBench301FilesTest, RefusesLabelsThatAreOthers) {
  const std::string text = testing::inflated(find_data("nasbench301_labels.csv.gz"));
  for (const char* const cell :
       {"00 10 00 15 05 31 13 2", "00 10 00 15 05 31 13 71", "10 00 00 15 05 31 13 21",
        "00 10 00 17 05 31 13 21", "00 10 00 15 05 31 13-21", ""})
    EXPECT_THAT(error_unverified("labels_file", replaced(text, "00 10 00 15 05 31 13 21", cell)),
                HasSubstr(":2: \"" + std::string(cell) + "\" is not a cell of the DARTS space"));
  EXPECT_THAT(error_unverified("labels_file", replaced(text, ",weight", ",other")),
              HasSubstr("no column \"weight\""));
  EXPECT_THAT(error_unverified("labels_file", testing::inflated(find_data("nasbench301_features.csv.gz"))),
              HasSubstr("no column \"normal\""));
  EXPECT_THAT(error_unverified("labels_file", "normal,reduction,label,weight\n"),
              HasSubstr("the table has no labels"));
}

TEST_F(NASBench301FilesTest, RefusesANetworkThatIsAnother) {
  const std::string bytes = testing::inflated(find_data("nasbench301_network.gz"));
  EXPECT_THAT(error_unverified("network_file", bytes.substr(0, bytes.size() - 2)),
              HasSubstr("the network has 1284182 bytes"));
  EXPECT_THAT(error_unverified("network_file", bytes + "12"), HasSubstr("the network has 1284186 bytes"));
  std::string infinite = bytes;
  infinite.replace(1000, 2, {'\x00', '\x7c'});
  EXPECT_THAT(error_unverified("network_file", infinite), HasSubstr("is not finite"));
}

TEST_F(NASBench301FilesTest, RefusesDeviationsWhereNoiseDoesNotTellEqualLabelsApart) {
  const std::string features = testing::inflated(find_data("nasbench301_features.csv.gz"));
  const std::string labels = testing::inflated(find_data("nasbench301_labels.csv.gz"));
  const std::size_t first = labels.find('\n') + 1;
  const std::string row = labels.substr(first, labels.find('\n', first) + 1 - first);
  testing::write_bytes(file_,
                       testing::deflated(replaced(features, "\nnoise,0.", "\nnoise,0.00000000000000000000")));
  const std::filesystem::path other = file_.string() + ".labels";
  testing::write_bytes(other, testing::deflated(labels.substr(0, first) + row + row));
  const auto benchmark = host_.benchmark(
      "nasbench301", *space_,
      "{features_file: " + file_.string() + ", labels_file: " + other.string() + ", verify: false}");
  std::filesystem::remove(other);
  EXPECT_THAT(
      testing::error_of([&] { (void)benchmark->query(space_->at(0), {.metric = "accuracy_deviation"}); }),
      HasSubstr("the noise of the Gaussian process is too small"));
}

TEST_F(NASBench301FilesTest, RefusesToAnswerByANetworkThatOverflows) {
  constexpr std::size_t numbers = 642'092;
  std::string largest;
  for (std::size_t i = 0; i < numbers; ++i) largest += "\xff\x7b";
  testing::write_bytes(file_, testing::deflated(largest));
  const auto benchmark =
      host_.benchmark("nasbench301", *space_, "{network_file: " + file_.string() + ", verify: false}");
  EXPECT_THAT(testing::error_of([&] { (void)benchmark->query(space_->at(0), {.metric = "train_seconds"}); }),
              HasSubstr("its weights are too large"));
}

TEST_F(NASBench301FilesTest, TakesOnesOwn) {
  const std::string text = testing::inflated(find_data("nasbench301_labels.csv.gz"));
  const std::string weight = text.substr(0, text.find('\n', text.find('\n') + 1));
  testing::write_bytes(file_, testing::deflated(weight.substr(0, weight.rfind(',')) + ",0\n"));
  const auto benchmark =
      host_.benchmark("nasbench301", *space_, "{labels_file: " + file_.string() + ", verify: false}");
  const testing::Csv features("nasbench301_features.csv.gz");
  const auto& names = features.texts.at("pattern");
  const auto mean = std::ranges::find(names, "mean") - names.begin();
  EXPECT_NEAR(benchmark->query(space_->at(0)), features.columns.at("x0")[static_cast<std::size_t>(mean)],
              1e-5)
      << "a process without weights gives its mean";
}

}  // namespace
}  // namespace espalier
