#include "espalier/host/report/tensorboard.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

#include "directory/job_files.h"
#include "espalier/errors/errors.h"
#include "espalier/host/files/write_file.h"
#include "files/atomic_file.h"
#include "report/event_file.h"
#include "report/hyperparameters.h"
#include "report/measured_seconds.h"
#include "report/tensorboard_record.h"
#include "report/tensorboard_scalars.h"

namespace espalier::host {
namespace {

namespace fs = std::filesystem;

/// TensorBoard reads the files whose names hold "tfevents", also while they are written.
constexpr const char* tensorboard_file = "events.out.tfevents.espalier";
constexpr const char* partial_file = "events.partial";

/// The folders of runs in one directory.
class RunFolders {
 public:
  fs::path add(const ReportedRun& run) {
    fs::path path = fs::absolute(run.directory).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
    std::string name = valid_utf8(path.filename().string());
    if (name.empty()) name = "run";
    std::string unique = name;
    for (int i = 2; !taken_.insert(unique).second; ++i) unique = fmt::format("{}-{}", name, i);
    return unique;
  }

 private:
  std::set<std::string> taken_;
};

/// Which lines of an events.jsonl are taken.
class EvenSteps {
 public:
  explicit EvenSteps(const fs::path& events) {
    for_each_line(events, [&](std::uint64_t number, const std::string&) { last_ = number; });
    stride_ = 1 + (std::max(last_, std::uint64_t{1}) - 1) / kTensorboardSteps;
  }
  /// What a search that goes on has written since is left for the next time.
  bool take(std::uint64_t number) const {
    return number <= last_ && (number == 1 || number % stride_ == 0 || number == last_);
  }

 private:
  std::uint64_t last_ = 0;
  std::uint64_t stride_ = 1;
};

/// The seconds at which events happened.
class EventClock {
 public:
  explicit EventClock(const fs::path& folder) : measured_(folder / JobFiles::timing) {}

  /// To be called for each event.
  double after(std::uint64_t number, double event_seconds) {
    simulated_ += event_seconds;
    if (number == 1) simulates_ = event_seconds > 0.0;
    now_ = simulates_ ? simulated_ : measured_.after(number).value_or(now_);
    return now_;
  }

 private:
  MeasuredSeconds measured_;
  bool simulates_ = false;
  double simulated_ = 0.0;
  double now_ = 0.0;
};

class RunEvents {
 public:
  RunEvents(const ReportedRun& run, fs::path folder, std::string name)
      : run_(run), tags_(run), folder_(std::move(folder)), name_(std::move(name)) {}

  void write() const {
    write_config();
    for (const ReportedMethod& method : run_.methods)
      for (const ReportedSearch& search : method.searches) write(method, search);
    for (const ReportedTraining& training : run_.trainings) write_events(training.folder, training.progress);
  }

 private:
  void write_config() const {
    TensorboardRecord record(0.0, 0);
    // As Markdown, what is indented is shown as it stands.
    record.add_text("config", "    " + boost::replace_all_copy(run_.config_text, "\n", "\n    "));
    write_records(folder_, [&](const WritePiece& write) { write(record.finish()); });
  }

  void write(const ReportedMethod& method, const ReportedSearch& search) const {
    TensorboardRecord head(0.0, 0);
    head.add_hyperparameters(hyperparameters_of(method), fmt::format("{}/{}", name_, method.label));
    write_events(search.folder, search.progress, head.finish());
    write_events(search.folder / JobFiles::selection, search.progress);
  }

  void write_events(const fs::path& from, JobProgress progress, const std::string& head = {}) const {
    const fs::path events = from / JobFiles::events;
    if (progress == JobProgress::waiting || progress == JobProgress::damaged || !is_there(events)) return;
    write_records(folder_ / from.lexically_relative(run_.directory), [&](const WritePiece& write) {
      write(head);
      const EvenSteps steps(events);
      EventClock clock(from);
      for_each_event(events, [&](std::uint64_t number, const Event& event) {
        const double seconds = std::visit([](const auto& each) { return each.seconds; }, event);
        const double now = clock.after(number, seconds);
        if (steps.take(number)) write(record_of(event, now));
      });
    });
  }

  std::string record_of(const Event& event, double now) const {
    const auto* trial = std::get_if<TrialEvent>(&event);
    TensorboardRecord record(now, trial ? trial->trial : std::get<EpochEvent>(event).epoch);
    std::visit([&](const auto& each) { tags_.add(each, record); }, event);
    return record.finish();
  }

  static void write_records(const fs::path& folder, const std::function<void(const WritePiece&)>& records) {
    make_directories(folder);
    const auto content = [&](const WritePiece& write) {
      write(TensorboardRecord::version());
      records(write);
    };
    write_file(folder / partial_file, content, Durability::process);
    std::error_code error;
    fs::rename(folder / partial_file, folder / tensorboard_file, error);
    if (!error) return;
    remove_file(folder / partial_file);
    throw_file_error("cannot write", folder / tensorboard_file, error.value());
  }

  const ReportedRun& run_;
  ScalarTags tags_;
  fs::path folder_;
  std::string name_;
};

}  // namespace

void write_tensorboard(const std::vector<ReportedRun>& runs, const fs::path& directory) try {
  RunFolders folders;
  for (const ReportedRun& run : runs) {
    const fs::path name = folders.add(run);
    RunEvents(run, directory / name, name.string()).write();
  }
} catch (const Error& error) {
  ErrorDetails details = error.details();
  boost::replace_all(details.remedy, "--out", "--tensorboard");
  throw Error(details);
}

}  // namespace espalier::host
