#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>
#include <gmock/gmock.h>

#include "espalier/errors/errors.h"
#include "espalier/host/host.h"
#include "espalier/network/compile/weights_file.h"
#include "espalier/network/one_shot/inherited_accuracy.h"
#include "espalier/network/one_shot/single_path.h"
#include "espalier/network/one_shot/supernet_file.h"
#include "espalier/search/uses_weights.h"

namespace espalier::testing {
namespace {

/// Architectures with the weights of a supernet that was not trained, but whose statistics are no longer
/// those that it began with.
class InheritedWeights : public ::testing::TestWithParam<const char*> {
 protected:
  InheritedWeights() {
    const at::NoGradGuard no_grad;
    network_->train();
    Rng rng(1, "architectures");
    for (int i = 0; i < 3; ++i) {
      path_.take(space_->sample(rng));
      network_->forward(images());
    }
    network_->eval();
    bytes_ = save_supernet(*network_, *space_, {.dataset = *data_, .options = {}, .seed = 1});
  }

  at::Tensor images() const {
    const Shape& shape = space_->input_shape();
    return at::randn({8, shape.channels, shape.height, shape.width},
                     at::make_generator<at::CPUGeneratorImpl>(1));
  }
  static std::string options() {
    const std::string name = GetParam();
    const std::string more = name == "nasbench201"    ? "channels: 4, cells_per_stage: 1"
                             : name == "nasbench101"  ? "channels: 6, cells_per_stack: 1"
                             : name == "darts"        ? "channels: 4, cells: 3"
                             : name == "hierarchical" ? "channels: 4"
                                                      : "channels: 4, image_size: 32";
    return "{classes: 4, " + more + "}";
  }

  host::Host host_;
  std::unique_ptr<SearchSpace> space_ = host_.search_space(GetParam(), options());
  std::unique_ptr<Dataset> data_ =
      host_.dataset("synthetic", "{image_size: " + std::to_string(space_->input_shape().height) +
                                     ", classes: 4, train_size: 64, test_size: 8}");
  SinglePath path_{*space_};
  std::shared_ptr<Network> network_ = compile(path_.supernet(), space_->input_shape(), Purpose::search);
  std::string bytes_;
};

TEST_P(InheritedWeights, ComputeWhatTheSupernetComputes) {
  const auto trainer = host_.trainer("one_shot");
  const auto& uses = *ability<const UsesWeights>(*trainer);
  Rng rng(2, "architectures");
  for (int i = 0; i < 3; ++i) {
    const Architecture architecture = space_->sample(rng);
    const StoredTensors weights = inherited_weights(bytes_, "supernet", *space_, architecture, *data_, {}, 0);
    const auto opened = uses.open_network(*space_, architecture, weights, "inherited");
    const at::NoGradGuard no_grad;
    path_.take(architecture);
    const at::Tensor x = images();
    const at::Tensor expected = network_->forward(x).contiguous();
    const std::vector<float> logits =
        opened->logits({x.data_ptr<float>(), static_cast<std::size_t>(x.numel())});
    ASSERT_EQ(static_cast<std::int64_t>(logits.size()), expected.numel());
    for (std::size_t k = 0; k < logits.size(); ++k)
      EXPECT_NEAR(logits[k], expected.data_ptr<float>()[k], 1e-5);
  }
}

TEST_P(InheritedWeights, MeasureTheStatisticsOfTheArchitectureAlone) {
  Rng rng(3, "architectures");
  const Architecture architecture = space_->sample(rng);
  const auto read = [&](std::uint64_t batches) {
    return inherited_weights(bytes_, "supernet", *space_, architecture, *data_, {}, batches);
  };
  const StoredTensors kept = read(0);
  const StoredTensors measured = read(4);
  EXPECT_EQ(read(4), measured);
  bool differs = false;
  for (const auto& [name, tensor] : kept.tensors) {
    const bool statistic = name.ends_with("running_mean") || name.ends_with("running_var");
    if (statistic) {
      differs |= measured.tensors.at(name) != tensor;
    } else {
      EXPECT_EQ(measured.tensors.at(name), tensor) << name;
    }
  }
  EXPECT_TRUE(differs);
}

INSTANTIATE_TEST_SUITE_P(Spaces, InheritedWeights,
                         ::testing::Values("nasbench201", "nasbench101", "darts", "hierarchical",
                                           "nasbench_macro"));

}  // namespace
}  // namespace espalier::testing
