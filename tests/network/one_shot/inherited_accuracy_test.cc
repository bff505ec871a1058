#include "espalier/network/one_shot/inherited_accuracy.h"

#include <gtest/gtest.h>

#include <cmath>

#include "espalier/host/host.h"
#include "espalier/network/one_shot/single_path.h"
#include "network/one_shot/one_edge.h"

namespace espalier::testing {
namespace {

/// A stem with a batch norm, and an edge whose convolutions have one each.
class NormalizedSpace final : public SearchSpace {
 public:
  NormalizedSpace() : SearchSpace(definition()) { set_name("normalized"); }

 private:
  static SpaceDefinition definition() {
    Graph network("network");
    network.add_node_range(1, 4).add_edges({{1, 2}, {2, 3}, {3, 4}});
    network.edge(1, 2).set_op(primitives::stem(4));
    network.edge(2, 3).set_op(Candidates{primitives::relu_conv_bn(4, 1).renamed("small"),
                                         primitives::relu_conv_bn(4, 3).renamed("large")});
    network.edge(3, 4).set_op(primitives::classifier(4));
    return {.graph = std::move(network), .input_shape = {.channels = 3, .height = 8, .width = 8}};
  }
};

class InheritedAccuracyTest : public ::testing::Test {
 protected:
  InheritedAccuracyTest() {
    Architecture large = Architecture::zeros(1);
    large.set(0, 1);
    path_.take(large);
    CompileOptions options = in_double();
    options.seed = 1;
    network_ = compile(path_.supernet(), space_.input_shape(), Purpose::search, options);
    // What a supernet would have left.
    for (const auto& buffer : network_->named_buffers()) buffer.value().fill_(0.25);
  }

  at::Tensor statistic(const std::string& name) const { return network_->named_buffers()[name]; }
  at::Tensor weight(const std::string& name) const { return network_->named_parameters()[name].detach(); }

  /// Batches as the network gets them.
  Batch train(std::uint64_t index) { return images_.train(index); }

  const NormalizedSpace space_;
  SinglePath path_{space_};
  std::shared_ptr<Network> network_;
  std::unique_ptr<Dataset> data_ =
      host::Host().dataset("synthetic", "{image_size: 8, classes: 4, train_size: 56, test_size: 4}");
  DividedImages divided_ = ImageOptions{.train_fraction = 0.6}.divide(*data_, 1);
  SearchImages images_{
      divided_,
      {.batch_size = 8, .augmentation = {.crop_padding = 1}, .dtype = at::kDouble, .channels_last = false}};
};

/// Mean and variance of each channel, as a running statistic takes them.
at::Tensor mean_of(const at::Tensor& x) { return x.mean(at::IntArrayRef{0, 2, 3}); }
at::Tensor variance_of(const at::Tensor& x) { return x.transpose(0, 1).flatten(1).var(1, /*unbiased=*/true); }

TEST_F(InheritedAccuracyTest, StatisticsAreAWeightedMeanOverTheBatches) {
  constexpr std::uint64_t batches = 6;  // the images are 4 batches, and come again
  const InheritedAccuracy accuracy{.recalibration_batches = batches};
  std::map<std::string, at::Tensor> expected;
  const double total = 1.0 - std::pow(0.9, static_cast<double>(batches));
  for (std::uint64_t i = 0; i < batches; ++i) {
    const double share = 0.1 * std::pow(0.9, static_cast<double>(batches - 1 - i)) / total;
    const at::Tensor x = at::conv2d(train(i).images, weight("stem.conv.weight"), {}, 1, 1);
    const at::Tensor normalized =
        at::batch_norm(x, weight("stem.bn.weight"), weight("stem.bn.bias"), {}, {}, true, 0.1, 1e-5, false);
    const at::Tensor y = at::conv2d(at::relu(normalized), weight("edge_2_3.large.conv.weight"), {}, 1, 1);
    const auto add = [&](const std::string& name, const at::Tensor& value) {
      expected[name] = expected[name].defined() ? expected[name] + share * value : share * value;
    };
    add("stem.bn.running_mean", mean_of(x));
    add("stem.bn.running_var", variance_of(x));
    add("edge_2_3.large.bn.running_mean", mean_of(y));
    add("edge_2_3.large.bn.running_var", variance_of(y));
  }
  accuracy.measure(*network_, images_);
  for (const auto& [name, value] : expected) EXPECT_LT(distance(statistic(name), value), 1e-12) << name;
}

TEST_F(InheritedAccuracyTest, WhatDidNotRunHasNoStatistics) {
  InheritedAccuracy{.recalibration_batches = 2}.measure(*network_, images_);
  EXPECT_TRUE(at::equal(statistic("edge_2_3.small.bn.running_mean"), at::zeros({4}, at::kDouble)));
  EXPECT_TRUE(at::equal(statistic("edge_2_3.small.bn.running_var"), at::ones({4}, at::kDouble)));
}

TEST_F(InheritedAccuracyTest, WithoutRecalibrationStatisticsStay) {
  InheritedAccuracy{.recalibration_batches = 0}.measure(*network_, images_);
  for (const auto& buffer : network_->named_buffers())
    EXPECT_TRUE(at::equal(buffer.value(), at::full_like(buffer.value(), 0.25))) << buffer.key();
}

TEST_F(InheritedAccuracyTest, WeightsStayAndNeedNoGradientAfterwards) {
  std::map<std::string, at::Tensor> before;
  for (const auto& parameter : network_->named_parameters())
    before[parameter.key()] = parameter.value().detach().clone();
  InheritedAccuracy{}.measure(*network_, images_);
  EXPECT_FALSE(network_->is_training());
  for (const auto& parameter : network_->named_parameters()) {
    EXPECT_TRUE(at::equal(parameter.value(), before.at(parameter.key()))) << parameter.key();
    EXPECT_FALSE(parameter.value().grad().defined()) << parameter.key();
  }
}

TEST_F(InheritedAccuracyTest, IsAMeanOverTheImages) {
  ASSERT_EQ(images_.validation_batches(), 3U) << "the last of them is not full";
  for (const std::uint64_t batches : {0, 1, 2, 99}) {
    const BatchResult result =
        InheritedAccuracy{.recalibration_batches = 3, .validation_batches = batches}.measure(*network_,
                                                                                             images_);
    std::vector<at::Tensor> judged_images;
    std::vector<at::Tensor> judged_labels;
    for (std::uint64_t i = 0; i < (batches == 0 ? 3 : std::min<std::uint64_t>(batches, 3)); ++i) {
      judged_images.push_back(images_.validation(i).images);
      judged_labels.push_back(images_.validation(i).labels);
    }
    const at::Tensor labels = at::cat(judged_labels);
    const at::Tensor logits = network_->forward(at::cat(judged_images));
    EXPECT_NEAR(result.loss, at::cross_entropy_loss(logits, labels).item<double>(), 1e-12);
    EXPECT_NEAR(result.correct, logits.argmax(1).eq(labels).to(at::kDouble).mean().item<double>(), 1e-12);
  }
}

/// A batch norm behind a dropout.
Graph with_dropout() {
  Graph network("network");
  network.add_node_range(1, 3).add_edges({{1, 2}, {2, 3}});
  network.edge(1, 2).set_op(Primitive("dropped", {Dropout{}, BatchNorm{}}));
  network.edge(2, 3).set_op(primitives::classifier(4));
  return network;
}

TEST_F(InheritedAccuracyTest, DropoutIsTheSameInEveryMeasurement) {
  const auto network = compile(with_dropout(), space_.input_shape(), Purpose::search, in_double());
  const auto measured = [&] {
    return InheritedAccuracy{.recalibration_batches = 2}.measure(*network, images_).loss;
  };
  const double first = measured();
  EXPECT_EQ(measured(), first);
  network->train();
  network->reseed(99);
  network->forward(train(0).images);
  EXPECT_EQ(measured(), first) << "whatever passes came before";
}

TEST_F(InheritedAccuracyTest, DoesNotDependOnWhatWasMeasuredBefore) {
  const InheritedAccuracy accuracy{.recalibration_batches = 3};
  const BatchResult first = accuracy.measure(*network_, images_);
  path_.take(Architecture::zeros(1));
  const BatchResult other = accuracy.measure(*network_, images_);
  EXPECT_NE(other.loss, first.loss);
  Architecture large = Architecture::zeros(1);
  large.set(0, 1);
  path_.take(large);
  EXPECT_EQ(accuracy.measure(*network_, images_).loss, first.loss);
}

}  // namespace
}  // namespace espalier::testing
