#include "runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "espalier/errors/errors.h"
#include "figures.h"

using espalier::Config;
using espalier::UsageError;

namespace {

constexpr std::array kSeeds = {777, 888, 999};
constexpr std::size_t kSeed888 = 1;

std::size_t run_of(Protocol protocol) {
  switch (protocol) {
    case Protocol::first:
      return 0;
    case Protocol::third:
      return 2;
    default:
      return kSeed888;
  }
}

}  // namespace

Protocol read_protocol(const Config& config, std::size_t dataset, int epochs) {
  const std::vector<std::string> names = {"mean", "777", "888", "999", "drawn", "naslib"};  // in their order
  const std::string name =
      config.choice("protocol", "mean", names,
                    "which training of 200 epochs the accuracies are of: the mean over all, that of one "
                    "seed, one that is drawn for each trial, or the one whose figures NASLib has");
  const auto protocol = static_cast<Protocol>(std::ranges::find(names, name) - names.begin());
  if (protocol == Protocol::mean) return protocol;
  if (epochs != figures::kEpochs)
    throw UsageError({.what = "Espalier has the trainings of 12 epochs as their mean alone",
                      .where = to_string(config.where("protocol")),
                      .expected = "protocol: mean",
                      .remedy = "leave protocol out, or write epochs: 200"});
  if (!knows_runs(protocol, dataset))
    throw UsageError({.what = fmt::format("Espalier has the trainings on {} as their mean and that of seed "
                                          "888 alone",
                                          figures::datasets()[dataset]),
                      .where = to_string(config.where("protocol")),
                      .expected = "mean, 888, naslib",
                      .remedy = "choose one of these, or write dataset: cifar10"});
  return protocol;
}

bool is_one_run(Protocol protocol) { return protocol != Protocol::mean && protocol != Protocol::drawn; }

// Of 7,456 architectures there is no training with seed 999, and where the published test accuracies are not
// those of all three seeds, nobody knows which of the seeds they belong to.
bool is_partial(Protocol protocol, std::size_t metric, std::size_t dataset) {
  if (!is_one_run(protocol) || protocol == Protocol::naslib || dataset != figures::kCifar10) return false;
  return metric == figures::kTest || protocol == Protocol::third;
}

bool knows_runs(Protocol protocol, std::size_t dataset) {
  return dataset == figures::kCifar10 || (protocol != Protocol::drawn && run_of(protocol) == kSeed888);
}

Runs::Runs(const Table& table) : half_test_(table.column("cifar10_half_test_888")) {
  for (std::size_t run = 0; run < kRuns; ++run) {
    validation_[figures::kCifar10][run] = table.column(fmt::format("cifar10_valid_{}", kSeeds[run]));
    test_[figures::kCifar10][run] = table.column(fmt::format("cifar10_test_{}", kSeeds[run]));
  }
  for (const std::size_t dataset : {1U, 2U}) {
    const std::string prefix = figures::prefix_of(dataset);
    validation_[dataset][kSeed888] = table.column(prefix + "_valid_888");
    test_[dataset][kSeed888] = table.column(prefix + "_test_888");
  }
}

const std::vector<double>& Runs::of(Protocol protocol, std::size_t metric, std::size_t dataset) const {
  if (metric == figures::kValidation) return validation_[dataset][run_of(protocol)];
  if (protocol == Protocol::naslib && dataset == figures::kCifar10) return half_test_;
  return test_[dataset][run_of(protocol)];
}
