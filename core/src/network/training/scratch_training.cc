#include "espalier/network/training/scratch_training.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "compile/layer_backward.h"
#include "compile/network_state.h"
#include "espalier/errors/errors.h"
#include "espalier/network/training/data_loader.h"
#include "espalier/search/interrupted.h"
#include "espalier/space/search_space.h"
#include "training/clip_gradients.h"
#include "training/gradient_descent.h"
#include "training/loss.h"

namespace espalier {
namespace {

using nlohmann::json;

LoaderOptions train_options(const ScratchOptions& options, const CompileOptions& compile,
                            std::uint64_t seed) {
  LoaderOptions loader = LoaderOptions::from(compile);
  loader.batch_size = options.sgd.batch_size;
  loader.augmentation = options.augmentation;
  loader.seed = Rng(seed, "train batches")();
  loader.drop_last = true;  // a last batch of one image would have no variance to normalize by
  return loader;
}

void count_classes(const at::Tensor& logits, const at::Tensor& labels, std::vector<ClassResult>& classes) {
  const auto count = static_cast<std::size_t>(logits.size(1));
  classes.resize(count, {.predicted = std::vector<std::uint64_t>(count)});
  const at::Tensor label = labels.cpu();
  const at::Tensor predicted = logits.argmax(1).cpu();
  for (std::int64_t i = 0; i < label.size(0); ++i) {
    const std::int64_t truth = label.data_ptr<std::int64_t>()[i];
    const std::int64_t taken_for = predicted.data_ptr<std::int64_t>()[i];
    ClassResult& found = classes[static_cast<std::size_t>(truth)];
    ++found.images;
    found.correct += taken_for == truth ? 1 : 0;
    ++found.predicted[static_cast<std::size_t>(taken_for)];
  }
}

CompileOptions seeded(CompileOptions compile, std::uint64_t seed) {
  compile.seed = seed;
  return compile;
}

}  // namespace

class ScratchTraining::Impl {
 public:
  Impl(const SearchSpace& space, const Architecture& architecture, const ImageSet& train,
       const ScratchOptions& options, const CompileOptions& compile_options, std::uint64_t seed)
      : options_(options),
        compile_(compile_options),
        seed_(seed),
        images_(train),
        loader_(images_, train_options(options, compile_, seed)),
        network_(compile(space.instantiate(architecture), space.input_shape(), Purpose::evaluation,
                         seeded(compile_, seed))),
        sgd_(network_->parameters(), options.sgd.momentum, options.sgd.weight_decay) {}

  void run(Journal& journal) {
    if (const auto state = journal.restore()) restore(*state);
    run_until(options_.sgd.epochs, journal);
    journal.checkpoint(state());
  }

  void run_until(int epoch, Journal& journal) {
    for (; epoch_ < std::min(epoch, options_.sgd.epochs); ++epoch_, step_ = 0, sums_ = {}) {
      run_epoch(journal);
      const auto steps = static_cast<double>(loader_.batches());
      journal.event(EpochEvent{
          .epoch = static_cast<std::uint64_t>(epoch_ + 1),
          .more = {{"train_loss", sums_.loss / steps}, {"train_accuracy", 100.0 * sums_.correct / steps}}});
    }
  }

  int epoch() const { return epoch_; }

  TestResult test(const ImageSet& images) {
    const at::NoGradGuard no_grad;
    LoaderOptions options = LoaderOptions::from(compile_);
    options.batch_size = std::min(options_.sgd.batch_size, images.size());
    options.shuffle = false;
    DataLoader loader(images, options);
    loader.begin_epoch(0);
    network_->eval();
    TestResult result;
    for (std::size_t i = 0; i < loader.batches(); ++i) {
      const Batch batch = loader.next();
      const at::Tensor logits = network_->forward(batch.images);
      result += cross_entropy(logits, batch.labels, static_cast<std::int64_t>(images.size())).result;
      count_classes(logits, batch.labels, result.classes);
    }
    return result;
  }

  Network& network() { return *network_; }

  json state() {
    return {{"epoch", epoch_},
            {"step", step_},
            {"loss", sums_.loss},
            {"correct", sums_.correct},
            {"network", save_network(*network_)},
            {"velocities", save_velocities(*network_, sgd_)}};
  }

  void restore(const json& state) try {
    epoch_ = state.at("epoch").get<int>();
    step_ = state.at("step").get<std::size_t>();
    sums_ = {.loss = state.at("loss").get<double>(), .correct = state.at("correct").get<double>()};
    load_network(state.at("network"), *network_);
    load_velocities(state.at("velocities"), *network_, sgd_);
  } catch (const json::exception& error) {
    throw Error({.what = fmt::format("the checkpoint is damaged: {}", error.what())});
  }

 private:
  void run_epoch(Journal& journal) {
    const double learning_rate = options_.sgd.learning_rate_in(epoch_);
    network_->train();
    network_->set_drop_path(options_.drop_path * (static_cast<double>(epoch_) / options_.sgd.epochs));
    const std::size_t steps = loader_.batches();
    if (step_ < steps) loader_.begin_epoch(static_cast<std::uint64_t>(epoch_), step_);
    while (step_ < steps) {
      step(learning_rate);
      report_progress(journal);
      const bool stop = journal.stop_requested();
      if (stop || journal.checkpoint_due()) journal.checkpoint(state());
      if (stop) throw Interrupted::after_checkpoint();
    }
  }

  void step(double learning_rate) {
    const Batch batch = loader_.next();
    network_->reseed(Rng(seed_, "dropout", static_cast<std::uint64_t>(epoch_) * loader_.batches() + step_)());
    network_->zero_grad();
    const Network::Outputs outputs = network_->forward_all(batch.images);
    const BatchLoss loss = cross_entropy(outputs.logits, batch.labels, batch.labels.size(0));
    at::Tensor objective = loss.loss;
    if (outputs.auxiliary.defined())
      objective = objective + options_.auxiliary_weight *
                                  cross_entropy(outputs.auxiliary, batch.labels, batch.labels.size(0)).loss;
    run_backward(objective);
    clip_gradients(sgd_.parameters(), options_.sgd.clip);
    sgd_.step(learning_rate);
    sums_ += loss.result;
    ++step_;
  }

  void report_progress(Journal& journal) const {
    const auto epochs = static_cast<std::uint64_t>(options_.sgd.epochs);
    const std::size_t steps = loader_.batches();
    const auto so_far = static_cast<double>(step_);
    journal.progress(static_cast<std::uint64_t>(epoch_) * steps + step_, epochs * steps,
                     fmt::format("epoch {} of {}, step {} of {}, loss {:.3f}, accuracy {:.1f} %", epoch_ + 1,
                                 epochs, step_, steps, sums_.loss / so_far, 100.0 * sums_.correct / so_far));
  }

  ScratchOptions options_;
  CompileOptions compile_;
  std::uint64_t seed_;
  ImageSet images_;
  DataLoader loader_;
  std::shared_ptr<Network> network_;
  Sgd sgd_;
  int epoch_ = 0;
  std::size_t step_ = 0;
  BatchResult sums_;  ///< over the steps of this epoch
};

ScratchTraining::ScratchTraining(const SearchSpace& space, const Architecture& architecture,
                                 const ImageSet& train, const ScratchOptions& options,
                                 const CompileOptions& compile, std::uint64_t seed)
    : impl_(std::make_unique<Impl>(space, architecture, train, options, compile, seed)) {}
ScratchTraining::~ScratchTraining() = default;

void ScratchTraining::run(Journal& journal) { impl_->run(journal); }
void ScratchTraining::run_until(int epoch, Journal& journal) { impl_->run_until(epoch, journal); }
int ScratchTraining::epoch() const { return impl_->epoch(); }
nlohmann::json ScratchTraining::save() const { return impl_->state(); }
void ScratchTraining::load(const nlohmann::json& state) { impl_->restore(state); }
TestResult ScratchTraining::test(const ImageSet& images) { return impl_->test(images); }
Network& ScratchTraining::network() { return impl_->network(); }

}  // namespace espalier
