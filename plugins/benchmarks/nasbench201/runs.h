#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "espalier/config/config.h"
#include "table.h"

/// Which of the published trainings of 200 epochs an accuracy is of.
enum class Protocol {
  mean,    ///< the mean over all
  first,   ///< the one of seed 777
  second,  ///< of seed 888
  third,   ///< of seed 999
  drawn,   ///< a trial sees one of them, by chance; whoever asks without a trial, the mean
  naslib,  ///< of seed 888, with the test accuracy on CIFAR-10 of the network whose validation accuracy it is
};

/// The option `protocol` of a benchmark with these options (figures::datasets()[dataset]). Throws UsageError
/// where the trainings that it names are not published.
Protocol read_protocol(const espalier::Config& config, std::size_t dataset, int epochs);

/// Whether a protocol stands for one run, the same for every architecture.
bool is_one_run(Protocol protocol);
/// Whether the accuracies of a metric (figures::kValidation or kTest) lack some architectures.
bool is_partial(Protocol protocol, std::size_t metric, std::size_t dataset);
/// Whether the runs of a protocol are published one by one on this dataset (an index of figures::datasets()).
bool knows_runs(Protocol protocol, std::size_t dataset);

/// The accuracies of single trainings of 200 epochs.
class Runs {
 public:
  static constexpr std::size_t kRuns = 3;
  using Columns = std::array<std::vector<double>, kRuns>;  ///< by run; empty where none is published

  Runs() = default;
  /// Takes the columns of the table. Throws Error where one is missing.
  explicit Runs(const Table& table);

  /// The accuracies of a metric (figures::kValidation or kTest) under a protocol that is one run, by the
  /// architecture's index. A negative one is not published.
  const std::vector<double>& of(Protocol protocol, std::size_t metric, std::size_t dataset) const;
  /// The validation accuracy on CIFAR-10 of one of the number_of_runs() trainings of an architecture.
  double validation(std::size_t architecture, std::size_t run) const {
    return validation_[0][run][architecture];
  }
  std::size_t number_of_runs(std::size_t architecture) const {
    return validation_[0][kRuns - 1][architecture] < 0.0 ? kRuns - 1 : kRuns;
  }

 private:
  static constexpr std::size_t kDatasets = 3;
  std::array<Columns, kDatasets> validation_;
  std::array<Columns, kDatasets> test_;
  std::vector<double> half_test_;  ///< on CIFAR-10, of the networks of validation_[0], seed 888
};
