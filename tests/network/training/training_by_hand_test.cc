#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adamw.h>
#include <torch/optim/sgd.h>

#include <functional>
#include <map>

#include "espalier/network/training/data_loader.h"
#include "espalier/network/training/mixup.h"
#include "network/training/scratch_fixture.h"

// Each option against the same training by LibTorch's own losses and optimizers.
namespace espalier::testing {
namespace {

using Loss = std::function<at::Tensor(const at::Tensor& logits, const at::Tensor& labels)>;

class TrainingByHand : public ScratchOptionsFixture {
 protected:
  TrainingByHand() {
    compile_.dtype = at::kDouble;  // the two round in another order
    network_ = fresh_network();
  }

  std::shared_ptr<Network> fresh_network() const {
    CompileOptions compile_options = compile_;
    compile_options.seed = kSeed;
    return compile(space_.instantiate({1}), space_.input_shape(), Purpose::evaluation, compile_options);
  }

  /// Trains network_. `after_step` is called after each step with its number in the training.
  void train_by_hand(torch::optim::Optimizer& optimizer, const Loss& loss,
                     const std::function<double(std::size_t step)>& learning_rate,
                     const std::function<void(std::size_t step)>& after_step = {}) {
    LoaderOptions loader_options = LoaderOptions::from(compile_);
    loader_options.batch_size = options_.sgd.batch_size;
    loader_options.augmentation = options_.augmentation;
    loader_options.seed = Rng(kSeed, "train batches")();
    loader_options.drop_last = true;
    DataLoader loader(images_, loader_options);
    network_->train();
    network_->set_drop_path(0.0);
    for (std::size_t step = 0; step < kSteps * static_cast<std::size_t>(options_.sgd.epochs); ++step) {
      if (step % kSteps == 0) loader.begin_epoch(step / kSteps);
      Batch batch = loader.next();
      if (change_) change_(step, batch);
      optimizer.zero_grad();
      const Network::Outputs outputs = network_->forward_all(batch.images);
      (loss(outputs.logits, batch.labels) + 0.4 * loss(outputs.auxiliary, batch.labels)).backward();
      torch::nn::utils::clip_grad_norm_(network_->parameters(), options_.sgd.clip);
      for (auto& group : optimizer.param_groups()) group.options().set_lr(learning_rate(step));
      optimizer.step();
      if (after_step) after_step(step);
    }
  }

  torch::optim::SGD sgd() const {
    return torch::optim::SGD(network_->parameters(),
                             torch::optim::SGDOptions(0.1).momentum(0.9).weight_decay(3e-4));
  }
  /// The schedule without a warm-up: from 0.1, by half in the second of two epochs.
  static double cosine(std::size_t step) { return step < kSteps ? 0.1 : 0.05; }

  /// Trains by options_, and expects the weights and running statistics of network_.
  void expect_same_network() {
    ScratchTraining own = training();
    NullJournal journal;
    own.run(journal);
    const auto expected = network_->named_parameters();
    for (const auto& entry : own.network().named_parameters())
      EXPECT_LE((entry.value() - expected[entry.key()]).abs().max().item<double>(), 1e-6) << entry.key();
    const auto buffers = network_->named_buffers();
    for (const auto& entry : own.network().named_buffers())
      EXPECT_LE((entry.value() - buffers[entry.key()]).abs().max().item<double>(), 1e-6) << entry.key();
  }

  std::shared_ptr<Network> network_;
  std::function<void(std::size_t step, Batch& batch)> change_;
};

at::Tensor plain(const at::Tensor& logits, const at::Tensor& labels) {
  return at::cross_entropy_loss(logits, labels);
}

TEST_F(TrainingByHand, TheDefaultIsSgdAlongACosine) {
  auto optimizer = sgd();
  train_by_hand(optimizer, plain, cosine);
  expect_same_network();
}

TEST_F(TrainingByHand, AdamWIsThatOfLibTorch) {
  options_.weights_optimizer = WeightsOptimizer::adamw;
  options_.sgd.learning_rate = 0.01;
  options_.sgd.weight_decay = 0.5;  // large enough to tell decoupled decay from any other
  torch::optim::AdamW optimizer(
      network_->parameters(),
      torch::optim::AdamWOptions(0.01).betas({0.9, 0.999}).eps(1e-8).weight_decay(0.5));
  train_by_hand(optimizer, plain, [](std::size_t step) { return cosine(step) / 10.0; });
  expect_same_network();
}

TEST_F(TrainingByHand, AWarmUpRisesStepByStepBeforeTheCosine) {
  options_.sgd.epochs = 4;
  options_.warm_up_epochs = 2;
  auto optimizer = sgd();
  const std::vector<double> rates = {0.1 / 6, 0.2 / 6, 0.3 / 6, 0.4 / 6, 0.5 / 6, 0.1,
                                     0.1,     0.1,     0.1,     0.05,    0.05,    0.05};
  train_by_hand(optimizer, plain, [&](std::size_t step) { return rates.at(step); });
  expect_same_network();
}

TEST_F(TrainingByHand, LabelSmoothingIsThatOfLibTorchAlsoForTheAuxiliaryHead) {
  options_.label_smoothing = 0.2;
  auto optimizer = sgd();
  train_by_hand(
      optimizer,
      [](const at::Tensor& logits, const at::Tensor& labels) {
        return at::cross_entropy_loss(logits, labels, {}, at::Reduction::Mean, -100, 0.2);
      },
      cosine);
  expect_same_network();
}

TEST_F(TrainingByHand, ATestHasNoLabelSmoothing) {
  const double loss = training().test(held_out_).loss;
  options_.label_smoothing = 0.5;
  options_.class_weights = true;
  EXPECT_EQ(training().test(held_out_).loss, loss);
}

TEST_F(TrainingByHand, ClassWeightsAreInverseToTheSizesOfTheClasses) {
  // Of the 100 images, which take turns through 4 classes: all of class 0, and fewer of the others.
  std::vector<std::uint32_t> indices;
  indices.reserve(100);
  for (std::uint32_t i = 0; i < 100; ++i)
    if (i % 4 == 0 || i < 92) indices.push_back(i);
  for (std::uint32_t i = 1; i < 60; i += 4) std::erase(indices, i);
  images_ = images_.with(indices);
  options_.sgd.batch_size = 26;
  std::vector<double> counts(4);
  for (const std::uint32_t index : indices) ++counts[index % 4];
  ASSERT_EQ(counts, (std::vector<double>{25, 8, 23, 23}));
  options_.class_weights = true;
  std::vector<double> weights;
  weights.reserve(counts.size());
  for (const double count : counts) weights.push_back(79.0 / (4.0 * count));
  auto optimizer = sgd();
  train_by_hand(
      optimizer,
      [&](const at::Tensor& logits, const at::Tensor& labels) {
        return at::cross_entropy_loss(logits, labels, at::tensor(weights, at::kDouble));
      },
      cosine);
  expect_same_network();
}

TEST_F(TrainingByHand, MixupAddsUpImagesAndLosses) {
  options_.mixup = 0.7;
  auto optimizer = sgd();
  at::Tensor others;
  double share = 0.0;
  change_ = [&](std::size_t step, Batch& batch) {
    const Mixing mixing = draw_mixing(0.7, 32, Rng(kSeed, "mixup", step));
    share = mixing.share;
    std::vector<at::Tensor> images;
    images.reserve(32);
    std::vector<std::int64_t> labels;
    labels.reserve(32);
    for (std::int64_t i = 0; i < 32; ++i) {
      const auto partner = static_cast<std::int64_t>(mixing.partners.at(static_cast<std::size_t>(i)));
      images.push_back(share * batch.images[i] + (1.0 - share) * batch.images[partner]);
      labels.push_back(batch.labels[partner].item<std::int64_t>());
    }
    batch.images = at::stack(images).contiguous(at::MemoryFormat::ChannelsLast);
    others = at::tensor(labels, at::kLong);
  };
  train_by_hand(
      optimizer,
      [&](const at::Tensor& logits, const at::Tensor& labels) {
        return share * plain(logits, labels) + (1.0 - share) * plain(logits, others);
      },
      cosine);
  expect_same_network();
}

TEST_F(TrainingByHand, TheAverageOfTheWeightsIsWhatIsTestedAndSaved) {
  options_.ema = 0.15;  // reached by the ramp, whose values are 2/11, 3/12, …, at once
  const auto average_of = [&](double (*kept)(std::size_t)) {
    std::map<std::string, at::Tensor> averages;
    auto optimizer = sgd();
    train_by_hand(optimizer, plain, cosine, [&](std::size_t step) {
      const at::NoGradGuard no_grad;
      const auto take = [&](const auto& entries) {
        for (const auto& entry : entries) {
          at::Tensor& average = averages[entry.key()];
          average = step == 0 ? entry.value().detach().clone()
                              : average * kept(step) + entry.value() * (1.0 - kept(step));
        }
      };
      take(network_->named_parameters());
      take(network_->named_buffers());
    });
    return averages;
  };
  const auto expect_average = [&](const std::map<std::string, at::Tensor>& expected) {
    ScratchTraining own = training();
    NullJournal journal;
    own.run(journal);
    ScratchTraining loaded = training();
    load_weights(file_of(own.weights(), "average"), loaded.network());
    for (const auto& entries : {loaded.network().named_parameters(), loaded.network().named_buffers()})
      for (const auto& entry : entries)
        EXPECT_LE((entry.value() - expected.at(entry.key())).abs().max().item<double>(), 1e-6) << entry.key();
    EXPECT_EQ(own.test(held_out_).loss, loaded.test(held_out_).loss);
    EXPECT_EQ(own.weights(), own.weights()) << "a test gives the network its weights back";
  };
  expect_average(average_of([](std::size_t) { return 0.15; }));
  options_.ema = 0.999;  // the ramp alone
  network_ = fresh_network();
  expect_average(average_of([](std::size_t step) {
    const auto updates = static_cast<double>(step);
    return (1.0 + updates) / (10.0 + updates);
  }));
}

TEST_F(TrainingByHand, AnAverageDoesNotChangeTheTraining) {
  options_.ema = 0.9;
  auto optimizer = sgd();
  train_by_hand(optimizer, plain, cosine);
  expect_same_network();
}

TEST_F(TrainingByHand, DropPathRisesFromZero) {
  const auto weights_after = [&](int epochs, double drop_path) {
    options_.drop_path = drop_path;
    options_.sgd.epochs = 2;
    ScratchTraining own = training();
    NullJournal journal;
    own.run_until(epochs, journal);
    return own.network().named_parameters()["stem.conv.weight"].detach().clone();
  };
  EXPECT_TRUE(at::equal(weights_after(1, 0.9), weights_after(1, 0.0))) << "it is 0 in the first epoch";
  EXPECT_FALSE(at::equal(weights_after(2, 0.9), weights_after(2, 0.0)));
  EXPECT_FALSE(at::equal(weights_after(2, 0.9), weights_after(2, 0.5)));
}

}  // namespace
}  // namespace espalier::testing
