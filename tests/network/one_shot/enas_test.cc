#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstring>
#include <map>

#include "espalier/errors/errors.h"
#include "espalier/space/architecture_json.h"
#include "network/one_shot/path_search.h"

namespace espalier::testing {
namespace {

using nlohmann::json;
using Numbers = std::vector<double>;

constexpr std::size_t kHidden = 3;
constexpr std::size_t kMost = 3;  ///< candidates of a choice of ChainSpace
constexpr double kEntropyWeight = 0.1;
constexpr double kTemperature = 0.5;

/// All numbers of a list of saved tensors, one after the other.
Numbers numbers_in(const json& tensors) {
  Numbers all;
  for (const json& tensor : tensors) {
    const auto& bytes = tensor.at("bytes").get_binary();
    const std::size_t begin = all.size();
    all.resize(begin + bytes.size() / sizeof(double));
    std::memcpy(&all[begin], bytes.data(), bytes.size());
  }
  return all;
}

/// The controller on ChainSpace in plain loops: a function of all its parameters and two decisions.
struct ReferenceController {
  struct Path {
    double log_probability = 0.0;
    double entropy = 0.0;
  };

  /// The product of a matrix that begins at `at` with a vector.
  static Numbers product(const Numbers& theta, std::size_t at, std::size_t rows, const Numbers& vector) {
    Numbers result(rows);
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t i = 0; i < vector.size(); ++i)
        result[row] += theta[at + row * vector.size() + i] * vector[i];
    return result;
  }
  static double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

  static Path path(const Numbers& theta, const std::array<std::size_t, 2>& decisions) {
    constexpr std::size_t linear = (kMost + 1) * kHidden;
    constexpr std::size_t bias = linear + kMost * kHidden;
    constexpr std::size_t lstm = bias + kMost;
    constexpr std::size_t matrix = 4 * kHidden * kHidden;
    constexpr std::size_t layer_size = 2 * matrix + 2 * 4 * kHidden;
    std::array<Numbers, 2> hidden = {Numbers(kHidden), Numbers(kHidden)};
    std::array<Numbers, 2> cell = hidden;
    const std::array<std::size_t, 2> candidates = {2, 3};
    Path made;
    std::size_t row = kMost;
    for (std::size_t choice = 0; choice < 2; ++choice) {
      Numbers input(theta.begin() + static_cast<std::ptrdiff_t>(row * kHidden),
                    theta.begin() + static_cast<std::ptrdiff_t>((row + 1) * kHidden));
      for (std::size_t layer = 0; layer < 2; ++layer) {
        const std::size_t at = lstm + layer * layer_size;
        const Numbers from_input = product(theta, at, 4 * kHidden, input);
        const Numbers from_hidden = product(theta, at + matrix, 4 * kHidden, hidden.at(layer));
        for (std::size_t i = 0; i < kHidden; ++i) {
          const auto gate = [&](std::size_t which) {
            const std::size_t unit = which * kHidden + i;
            return from_input[unit] + from_hidden[unit] + theta[at + 2 * matrix + unit] +
                   theta[at + 2 * matrix + 4 * kHidden + unit];
          };
          double& memory = cell.at(layer)[i];
          memory = sigmoid(gate(1)) * memory + sigmoid(gate(0)) * std::tanh(gate(2));
          hidden.at(layer)[i] = sigmoid(gate(3)) * std::tanh(memory);
        }
        input = hidden.at(layer);
      }
      Numbers logits = product(theta, linear, candidates.at(choice), input);
      double sum = 0.0;
      for (std::size_t i = 0; i < logits.size(); ++i) {
        logits[i] = 2.5 * std::tanh((logits[i] + theta[bias + i]) / kTemperature);
        sum += std::exp(logits[i]);
      }
      for (const double logit : logits) made.entropy -= std::exp(logit) / sum * (logit - std::log(sum));
      row = decisions.at(choice);
      made.log_probability += logits[row] - std::log(sum);
    }
    return made;
  }

  /// By central differences.
  static Numbers gradient(Numbers theta, const std::function<double(const Numbers&)>& function) {
    constexpr double kStep = 1e-5;
    Numbers result;
    for (double& parameter : theta) {
      const double before = parameter;
      parameter = before + kStep;
      const double above = function(theta);
      parameter = before - kStep;
      result.push_back((above - function(theta)) / (2.0 * kStep));
      parameter = before;
    }
    return result;
  }
};

/// Whether an image's color arrives at the classifier.
bool arrives(std::size_t first, std::size_t second) { return first != 0 && second != 0; }
double accuracy_of(std::size_t first, std::size_t second) { return arrives(first, second) ? 1.0 : 1.0 / 3.0; }

std::string options_with(int steps, int samples, double decay) {
  return "{hidden: 3, temperature: 0.5, entropy_weight: 0.1, controller_learning_rate: 0, "
         "controller_steps: " +
         std::to_string(steps) + ", samples: " + std::to_string(samples) +
         ", baseline_decay: " + std::to_string(decay) + "}";
}

Numbers theta_of(PathSearch& search) {
  return numbers_in(search->save().at("parameters").at("controller").at("parameters"));
}
/// Of the last step: where beta1 is 0, it is what Adam keeps as a mean.
Numbers gradient_of(PathSearch& search) {
  return numbers_in(search->save().at("parameters").at("controller").at("method").at("means"));
}

double largest_difference(const Numbers& a, const Numbers& b) {
  EXPECT_EQ(a.size(), b.size());
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

/// Calls `visit(decisions, path)` for all paths.
template <class Visit>
void for_each_path(const Numbers& theta, const Visit& visit) {
  for (std::size_t first = 0; first < 2; ++first)
    for (std::size_t second = 0; second < 3; ++second)
      visit(std::array<std::size_t, 2>{first, second}, ReferenceController::path(theta, {first, second}));
}

TEST(EnasTest, ASampleMovesTheControllerByReinforce) {
  const ChainSpace space;
  constexpr double kDecay = 0.5;
  PathSearch search(space, "enas", options_with(1, 1, kDecay));
  search.see_colors();
  const Numbers theta = theta_of(search);
  double baseline = 0.0;
  std::set<std::array<std::size_t, 2>> seen;
  for (int epoch = 0; epoch < 30; ++epoch) {
    search->begin_epoch(epoch);
    search.end_epoch();
    const Architecture taken = search.path();
    const std::array<std::size_t, 2> decisions = {taken[0], taken[1]};
    seen.insert(decisions);
    const ReferenceController::Path path = ReferenceController::path(theta, decisions);
    const double reward = accuracy_of(taken[0], taken[1]) + kEntropyWeight * path.entropy;
    baseline = epoch == 0 ? reward : kDecay * baseline + (1.0 - kDecay) * reward;
    EXPECT_NEAR(search->figures().at("reward"), reward, 1e-12);
    EXPECT_NEAR(search->figures().at("baseline"), baseline, 1e-12);
    EXPECT_NEAR(search->figures().at("path_entropy"), path.entropy, 1e-12);
    const Numbers expected = ReferenceController::gradient(theta, [&](const Numbers& at) {
      return -(reward - baseline) * ReferenceController::path(at, decisions).log_probability;
    });
    EXPECT_LT(largest_difference(gradient_of(search), expected), 1e-9);
  }
  EXPECT_EQ(seen.size(), 6U);
}

TEST(EnasTest, TheMeanOfSamplesIsTheGradientOfTheExpectedReward) {
  const ChainSpace space;
  constexpr int kSamples = 1000;
  PathSearch search(space, "enas", options_with(1, kSamples, 1.0));
  search.see_colors();
  const Numbers theta = theta_of(search);
  std::map<std::array<std::size_t, 2>, double> rewards;
  for_each_path(theta, [&](const auto& decisions, const ReferenceController::Path& path) {
    rewards[decisions] = accuracy_of(decisions[0], decisions[1]) + kEntropyWeight * path.entropy;
  });
  const Numbers expected = ReferenceController::gradient(theta, [&](const Numbers& at) {
    double mean = 0.0;
    for_each_path(at, [&](const auto& decisions, const ReferenceController::Path& path) {
      mean -= std::exp(path.log_probability) * rewards.at(decisions);
    });
    return mean;
  });
  search.end_epoch();
  const double baseline = search->figures().at("baseline");
  const Numbers found = gradient_of(search);

  Numbers squares(theta.size());
  for_each_path(theta, [&](const auto& decisions, const ReferenceController::Path& path) {
    const Numbers score = ReferenceController::gradient(theta, [&](const Numbers& at) {
      return (rewards.at(decisions) - baseline) * ReferenceController::path(at, decisions).log_probability;
    });
    for (std::size_t i = 0; i < score.size(); ++i)
      squares[i] += std::exp(path.log_probability) * score[i] * score[i];
  });
  double largest = 0.0;
  for (std::size_t i = 0; i < theta.size(); ++i) {
    const double error = std::sqrt((squares[i] - expected[i] * expected[i]) / kSamples);
    EXPECT_LT(std::abs(found[i] - expected[i]), 4.5 * error + 1e-9) << "parameter " << i;
    largest = std::max(largest, std::abs(expected[i]) / (error + 1e-9));
  }
  EXPECT_GT(largest, 8.0) << "the errors are small beside the gradient";
}

TEST(EnasTest, TheControllerLearnsToDrawWhatIsBetter) {
  const ChainSpace space;
  PathSearch search(space, "enas",
                    "{controller_learning_rate: 0.03, controller_steps: 20, samples: 5, final_samples: 5}");
  search.see_colors();
  std::vector<Numbers> before = search->strengths();
  for (int epoch = 0; epoch < 4; ++epoch) {
    search->begin_epoch(epoch);
    search.end_epoch();
  }
  const std::vector<Numbers> after = search->strengths();
  ASSERT_EQ(after.size(), 2U);
  for (std::size_t choice = 0; choice < 2; ++choice) {
    ASSERT_EQ(after[choice].size(), space.choices()[choice].candidates.size());
    double sum = 0.0;
    for (const double probability : after[choice]) sum += probability;
    EXPECT_NEAR(sum, 1.0, 1e-12);
    EXPECT_GT(before[choice][0], 0.3);
    EXPECT_LT(after[choice][0], 0.05) << "through which nothing is seen";
  }
  EXPECT_TRUE(arrives(search->final_architecture()[0], search->final_architecture()[1]));
  EXPECT_GT(search->figures().at("reward"), 0.9);
  search.finish();
  EXPECT_EQ(search->figures().at("best_accuracy"), 100.0);
  EXPECT_TRUE(arrives(search->final_architecture()[0], search->final_architecture()[1]));
}

TEST(EnasTest, EndsOnTheBestOfAllSamples) {
  const ChainSpace space;
  PathSearch search(space, "enas", "{final_samples: 12}");
  search.see_colors();
  double best = 0.0;
  for (int part = 0; part < 12; ++part) {
    ASSERT_TRUE(search.finish(1));
    const double accuracy = accuracy_of(search.path()[0], search.path()[1]);
    if (accuracy > best) {
      best = accuracy;
      EXPECT_EQ(search->final_architecture(), search.path());
    }
    EXPECT_DOUBLE_EQ(search->figures().at("best_accuracy"), 100.0 * best);
  }
  EXPECT_FALSE(search.finish(1));
  EXPECT_EQ(best, 1.0);
}

TEST(EnasTest, WeightsLearnFromPathsOfTheControllerAlone) {
  const NestedSpace space;
  PathSearch search(space, "enas");
  EXPECT_FALSE(search->uses_validation());
  const at::Tensor weight = search.parameter("relu_conv_bn_3x3.conv.weight");
  const Numbers theta = theta_of(search);
  int moves = 0;
  for (int i = 0; i < 20; ++i) {
    const at::Tensor before = weight.detach().clone();
    EXPECT_FALSE(search.step().validation.has_value());
    const bool runs = search.path()[0] == 1 && search.path()[1] == 1;  // the inner choice, and the node
    EXPECT_EQ(!at::equal(weight, before), runs) << "neither decay nor momentum without a gradient";
    moves += runs ? 1 : 0;
  }
  EXPECT_GT(moves, 0);
  EXPECT_LT(moves, 20);
  EXPECT_EQ(theta_of(search), theta) << "a step of the weights does not move the controller";
}

TEST(EnasTest, RewardsNormalizeByTheBatch) {
  const NestedSpace space;
  const auto rewards = [&](double statistic) {
    PathSearch search(space, "enas", "{controller_steps: 2}");
    search.step();
    for (const auto& buffer : search->network().named_buffers())
      if (buffer.value().is_floating_point()) buffer.value().fill_(statistic);
    search.end_epoch();
    return search->figures().at("reward");
  };
  EXPECT_EQ(rewards(1e6), rewards(1.0)) << "running statistics have no part in it";
}

TEST(EnasTest, WhatIsNotAllowedIsNeitherTrainedNorFound) {
  const NestedSpace space;
  PathSearch search(space, "enas", "{controller_steps: 1, final_samples: 20}",
                    {.allowed = [](const Architecture& each) { return each[kInner] == 0; }});
  const at::Tensor weight = search.parameter("relu_conv_bn_3x3.conv.weight");
  const at::Tensor before = weight.detach().clone();
  for (int i = 0; i < 20; ++i) search.step();
  EXPECT_TRUE(at::equal(weight, before));
  search.end_epoch();
  EXPECT_EQ(search->final_architecture()[kInner], 0);
  while (search.finish(1)) EXPECT_EQ(search->final_architecture()[kInner], 0);
}

TEST(EnasTest, ResumesBetweenAnyTwoPartsOnArchitecturesOfTheSpace) {
  const NestedSpace space;
  const char* options = "{controller_steps: 2, samples: 3, final_samples: 6}";
  PathSearch whole(space, "enas", options, {.batch_size = 8});
  for (int i = 0; i < 2; ++i) whole.step();
  std::vector<json> states = {whole->save()};
  whole.end_epoch();
  do {
    states.push_back(whole->save());
    EXPECT_TRUE(space.is_valid(whole->final_architecture()));
  } while (whole.finish(1));
  ASSERT_EQ(states.size(), 1U + 7U);
  for (std::size_t i = 0; i < states.size(); ++i) {
    PathSearch resumed(space, "enas", options, {.batch_size = 8});
    resumed.load(states[i]);
    if (i == 0) resumed.end_epoch();
    resumed.finish();
    EXPECT_EQ(resumed->save(), whole->save()) << "from state " << i;
    EXPECT_EQ(resumed->strengths(), whole->strengths());
  }
}

}  // namespace
}  // namespace espalier::testing
