#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <string_view>
#include <utility>

#include "directory/checkpoint.h"
#include "directory/job_files.h"
#include "directory/job_journal.h"
#include "espalier/errors/errors.h"
#include "espalier/errors/quoted.h"
#include "espalier/files/read_file.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/search/interrupted.h"
#include "files/atomic_file.h"

// How a job continues from what an earlier run left in its folder. (A job whose result is there is skipped:
// job.cc.)
namespace espalier::host {
namespace {

constexpr std::size_t longest_reason = 300;

}  // namespace

std::optional<nlohmann::json> JobJournal::restore() {
  for (const char* name : {JobFiles::checkpoint, JobFiles::growth}) {
    restored_from_ = job_.folder / name;
    try {
      if (auto state = restore_from(restored_from_)) return state;
    } catch (const Error& error) {
      if (name == JobFiles::checkpoint) throw;
      // Nobody waits for it: it only spares a larger search its beginning.
      spdlog::warn("the {} starts over: {}", job_.what, printable(error.details().what, longest_reason));
      begin_anew();
    }
  }
  restored_from_.clear();
  return std::nullopt;
}

/// Nothing where there is no such file, or where it is of another subject; that one is removed.
std::optional<nlohmann::json> JobJournal::restore_from(const std::filesystem::path& file) {
  const auto checkpoint = read_checkpoint(file, job_.identity);
  if (!checkpoint) return std::nullopt;
  const bool usable =
      checkpoint->subject == nlohmann::json(job_.subject) || (job_.grows && !checkpoint->kept_for_growth);
  if (!usable) {
    remove_file(file);
    return std::nullopt;
  }
  try {
    events_.restore(checkpoint->events,
                    [&](std::string_view line) { curve_.add_line(nlohmann::json::parse(line)); });
    timing_.restore(read_file(job_.folder / JobFiles::timing).value_or(""), events_.count());
  } catch (const nlohmann::json::exception& error) {
    refuse_checkpoint(file, error.what());
  } catch (const Error& error) {
    refuse_checkpoint(file, error.details().what);
  }
  kept_for_growth_ = checkpoint->kept_for_growth;
  just_restored_ = true;
  spdlog::debug("the {} continues from {}, after {} events", job_.what, file.string(), events_.count());
  return checkpoint->state;
}

void JobJournal::begin_anew() {
  events_ = EventLog(job_.folder / JobFiles::events);
  curve_ = AnytimeCurve();
  remove_file(job_.folder / JobFiles::growth);
}

void JobJournal::rethrow() const {
  try {
    throw;
  } catch (const Interrupted&) {
    throw;
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    if (!just_restored_) throw;
    ErrorDetails details = error.details();
    details.remedy = remedy_without_checkpoint(restored_from_);
    if (dynamic_cast<const PluginFailure*>(&error) != nullptr)
      details.remedy += "; and report the plugin's mistake to its author";
    throw Error(std::move(details));
  }
}

}  // namespace espalier::host
