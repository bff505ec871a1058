#include "espalier/network/training/scratch_training.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "compile/layer_backward.h"
#include "compile/network_state.h"
#include "espalier/errors/errors.h"
#include "espalier/network/training/data_loader.h"
#include "espalier/search/interrupted.h"
#include "espalier/space/search_space.h"
#include "training/best_epoch.h"
#include "training/class_balance.h"
#include "training/clip_gradients.h"
#include "training/mixed_batch.h"
#include "training/step_times.h"
#include "training/weights_average.h"
#include "training/weights_method.h"

namespace espalier {
namespace {

using nlohmann::json;

LoaderOptions train_options(const ScratchOptions& options, const CompileOptions& compile,
                            std::uint64_t seed) {
  LoaderOptions loader = LoaderOptions::from(compile);
  loader.batch_size = options.sgd.batch_size;
  loader.augmentation = options.augmentation;
  loader.balanced = options.balanced_sampling;
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

LossOptions loss_options(const ScratchOptions& options, const ImageSet& train, const Network& network,
                         const CompileOptions& compile) {
  LossOptions loss{.label_smoothing = options.label_smoothing};
  if (!options.class_weights) return loss;
  const auto classes = static_cast<std::size_t>(network.plan().graph.output().channels);
  const std::vector<double> weights = balanced_weights(train.indices, train.images->labels, classes);
  loss.class_weights = at::tensor(weights, at::kDouble).to(compile.device, compile.dtype);
  return loss;
}

/// Lets the network have the averaged weights as long as this lives.
class AveragedWeights {
 public:
  explicit AveragedWeights(WeightsAverage& average) : average_(average) { average_.exchange(); }
  AveragedWeights(const AveragedWeights&) = delete;
  AveragedWeights& operator=(const AveragedWeights&) = delete;
  ~AveragedWeights() { average_.exchange(); }

 private:
  WeightsAverage& average_;
};

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
        loss_(loss_options(options, images_, *network_, compile_)),
        method_(*network_, options),
        average_(*network_) {}

  TakenWeights begin_with(const std::filesystem::path& weights) {
    taken_ = take_weights(weights, *network_);
    spdlog::info("{} of {} parameters begin with the weights of {}", taken_.taken,
                 taken_.taken + taken_.fresh, weights.string());
    return taken_;
  }

  void run(Journal& journal, const TrainingLimits& limits) {
    limits_ = limits;
    if (const auto state = journal.restore()) restore(*state);
    run_until(std::numeric_limits<int>::max(), journal);
    journal.checkpoint(state());
    if (best_.epoch > 0) take_best();
  }

  void run_until(int epoch, Journal& journal) {
    for (; epoch_ < std::min(epoch, options_.sgd.epochs) && !patience_ends(); step_ = 0, sums_ = {}) {
      run_epoch(journal);
      ++epoch_;
      journal.event(EpochEvent{.epoch = static_cast<std::uint64_t>(epoch_), .more = figures_of_epoch()});
    }
  }

  int epoch() const { return epoch_; }

  TestResult test(const ImageSet& images) {
    const AveragedWeights averaged(average_);
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

  std::string weights() {
    const AveragedWeights averaged(average_);
    return save_weights(*network_);
  }

  Network& network() { return *network_; }

  json state() {
    json state = {{"epoch", epoch_},
                  {"step", step_},
                  {"loss", sums_.loss},
                  {"correct", sums_.correct},
                  {"network", save_network(*network_)}};
    method_.save(*network_, state);
    if (options_.ema > 0.0) state["average"] = average_.save();
    if (best_.epoch > 0) state["best"] = best_.save();
    if (epochs_chosen_) state["epochs"] = options_.sgd.epochs;
    return state;
  }

  void restore(const json& state) try {
    epoch_ = state.at("epoch").get<int>();
    step_ = state.at("step").get<std::size_t>();
    sums_ = {.loss = state.at("loss").get<double>(), .correct = state.at("correct").get<double>()};
    load_network(state.at("network"), *network_);
    method_.load(state, *network_);
    if (options_.ema > 0.0) average_.load(state.at("average"));
    if (state.contains("best")) best_.load(state.at("best"));
    if (state.contains("epochs")) choose(state.at("epochs").get<int>());
  } catch (const json::exception& error) {
    throw Error({.what = fmt::format("the checkpoint is damaged: {}", error.what())});
  }

 private:
  void run_epoch(Journal& journal) {
    network_->train();
    network_->set_drop_path(options_.drop_path_in(epoch_));
    const std::size_t steps = loader_.batches();
    const bool measures = limits_.minutes > 0.0 && !epochs_chosen_;
    if (step_ < steps) loader_.begin_epoch(static_cast<std::uint64_t>(epoch_), step_);
    times_.begin();
    while (step_ < steps) {
      step(options_.learning_rate_in(epoch_, step_, steps));
      if (measures && !epochs_chosen_) measure(journal);
      report_progress(journal);
      const bool stop = journal.stop_requested();
      if (stop || journal.checkpoint_due()) journal.checkpoint(state());
      if (stop) throw Interrupted::after_checkpoint();
    }
  }

  void step(double learning_rate) {
    const std::uint64_t index = static_cast<std::uint64_t>(epoch_) * loader_.batches() + step_;
    const MixedBatch batch = mix(loader_.next(), options_.mixup, Rng(seed_, "mixup", index));
    network_->reseed(Rng(seed_, "dropout", index)());
    network_->zero_grad();
    const Network::Outputs outputs = network_->forward_all(batch.images);
    const BatchLoss loss = cross_entropy(outputs.logits, batch, loss_);
    at::Tensor objective = loss.loss;
    if (outputs.auxiliary.defined())
      objective = objective + options_.auxiliary_weight * cross_entropy(outputs.auxiliary, batch, loss_).loss;
    run_backward(objective);
    clip_gradients(method_.parameters(), options_.sgd.clip);
    method_.step(learning_rate);
    if (options_.ema > 0.0) average_.update(options_.ema_after(average_.updates()));
    sums_ += loss.result;
    ++step_;
  }

  json figures_of_epoch() {
    const auto steps = static_cast<double>(loader_.batches());
    json figures = {{"train_loss", sums_.loss / steps}, {"train_accuracy", 100.0 * sums_.correct / steps}};
    if (limits_.patience > 0) {
      const double accuracy = 100.0 * test(limits_.validation).correct;
      if (best_.epoch == 0 || accuracy > best_.accuracy) keep_best(accuracy);
      figures["validation_accuracy"] = accuracy;
      figures["best_epoch"] = best_.epoch;
    }
    if (epochs_chosen_) figures["epochs"] = options_.sgd.epochs;
    if (epoch_ == 1 && taken_.taken > 0) {
      figures["taken_parameters"] = taken_.taken;
      figures["fresh_parameters"] = taken_.fresh;
    }
    return figures;
  }

  void keep_best(double accuracy) {
    const AveragedWeights averaged(average_);
    best_ = {.epoch = epoch_, .accuracy = accuracy, .network = save_network(*network_)};
  }
  bool patience_ends() const {
    return limits_.patience > 0 && best_.epoch > 0 && epoch_ - best_.epoch >= limits_.patience;
  }
  void take_best() {
    load_network(best_.network, *network_);
    average_.forget();
    spdlog::info("the weights are those of epoch {} of {}", best_.epoch, epoch_);
  }

  void measure(Journal& journal) {
    times_.add();
    const double seconds = 60.0 * limits_.minutes;
    const std::size_t steps = loader_.batches();
    if (step_ < steps && !times_.suffice(seconds)) return;
    // A test has no backward pass, which takes about two thirds of a step.
    const auto tested = limits_.patience > 0 ? static_cast<double>(limits_.validation.size()) : 0.0;
    const double tests = tested / static_cast<double>(options_.sgd.batch_size) / 3.0;
    choose(epochs_within(seconds, times_.seconds(), static_cast<double>(steps) + tests,
                         options_.warm_up_epochs + 1, options_.sgd.epochs));
    spdlog::info("{} epochs fit into {} minutes", options_.sgd.epochs, limits_.minutes);
    journal.checkpoint(state());  // the number is no function of the options: it must outlive a kill
  }
  void choose(int epochs) {
    options_.sgd.epochs = epochs;
    epochs_chosen_ = true;
  }

  void report_progress(Journal& journal) const {
    const auto epochs = static_cast<std::uint64_t>(options_.sgd.epochs);
    const std::size_t steps = loader_.batches();
    const auto so_far = static_cast<double>(step_);
    const std::string figures =
        fmt::format("loss {:.3f}, accuracy {:.1f} %", sums_.loss / so_far, 100.0 * sums_.correct / so_far);
    if (limits_.minutes > 0.0 && !epochs_chosen_)
      return journal.progress(0, 1, fmt::format("measuring the time of a step, step {}, {}", step_, figures));
    journal.progress(
        static_cast<std::uint64_t>(epoch_) * steps + step_, epochs * steps,
        fmt::format("epoch {} of {}, step {} of {}, {}", epoch_ + 1, epochs, step_, steps, figures));
  }

  ScratchOptions options_;
  CompileOptions compile_;
  std::uint64_t seed_;
  ImageSet images_;
  DataLoader loader_;
  std::shared_ptr<Network> network_;
  LossOptions loss_;
  WeightsMethod method_;
  WeightsAverage average_;
  TakenWeights taken_;
  TrainingLimits limits_;
  BestEpoch best_;
  StepTimes times_;
  bool epochs_chosen_ = false;  ///< by the time of a step
  int epoch_ = 0;
  std::size_t step_ = 0;
  BatchResult sums_;  ///< over the steps of this epoch
};

ScratchTraining::ScratchTraining(const SearchSpace& space, const Architecture& architecture,
                                 const ImageSet& train, const ScratchOptions& options,
                                 const CompileOptions& compile, std::uint64_t seed)
    : impl_(std::make_unique<Impl>(space, architecture, train, options, compile, seed)) {}
ScratchTraining::~ScratchTraining() = default;

TakenWeights ScratchTraining::begin_with(const std::filesystem::path& weights) {
  return impl_->begin_with(weights);
}
void ScratchTraining::run(Journal& journal, const TrainingLimits& limits) { impl_->run(journal, limits); }
void ScratchTraining::run_until(int epoch, Journal& journal) { impl_->run_until(epoch, journal); }
int ScratchTraining::epoch() const { return impl_->epoch(); }
nlohmann::json ScratchTraining::save() const { return impl_->state(); }
void ScratchTraining::load(const nlohmann::json& state) { impl_->restore(state); }
TestResult ScratchTraining::test(const ImageSet& images) { return impl_->test(images); }
std::string ScratchTraining::weights() { return impl_->weights(); }
Network& ScratchTraining::network() { return impl_->network(); }

}  // namespace espalier
