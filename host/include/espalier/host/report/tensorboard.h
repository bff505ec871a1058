#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "espalier/host/report/reported_run.h"
#include "espalier/plugin/export.h"

namespace espalier::host {

/// The trials or epochs up to which TensorBoard's files hold all of a search or training. Of a longer one
/// they hold every second, third, … and always the first and the last.
inline constexpr std::size_t kTensorboardSteps = 10'000;

/// [any-thread] Writes what searches and trainings did as event files of TensorBoard: `tensorboard --logdir
/// DIRECTORY` draws them.
///
/// Each of them has a folder, and so a line of its own in every chart: RUN/LABEL/seed_7 for a search,
/// RUN/LABEL/seed_7/evaluation and …/selection for its trainings, with the names of the run's own folders.
/// RUN is the last part of the run's directory; where several runs have that name, a number follows it. The
/// folder RUN itself holds the resolved config as a text. A folder holds one file,
/// `events.out.tfevents.espalier`, which is replaced when it is written again. Nothing else in `directory` is
/// touched.
///
/// The scalars of a search that makes trials, by trial:
///
/// * `trial/NAME`, each objective;
/// * `best/NAME`, the first objective of the best trial so far, and `best/report NAME`, what the report
///   benchmark says of it;
/// * `fidelity`, in epochs, and whatever numbers the trainer leaves besides.
///
/// Those of a one-shot search or a training, by epoch:
///
/// * `architecture/NAME`, each objective of what the search stands for, and `report/NAME`, what the report
///   benchmark says of it; `benchmark/DATASET/NAME`, the same of a table of several datasets;
/// * `epoch/NAME`, losses, accuracies and whatever numbers the trainer leaves besides;
/// * `entropy` and `strengths/CHOICE/CANDIDATE`, the strengths of a one-shot search.
///
/// The tab HPARAMS of TensorBoard compares searches by their optimizer and the options of optimizer and
/// trainer, with means over the seeds.
///
/// The wall time of an event is no date but the simulated training seconds up to it; where nothing is
/// simulated, the measured seconds of timing.csv. So the bytes are the same each time.
///
/// Searches and trainings that have not begun or are damaged are passed over, as `runs` says. Memory does not
/// depend on the number of trials. Throws Error that names the file where it cannot be written, and the file
/// and line where events are damaged; then this one file is not written, and those before it are.
ESPALIER_EXPORT void write_tensorboard(const std::vector<ReportedRun>& runs,
                                       const std::filesystem::path& directory);

}  // namespace espalier::host
