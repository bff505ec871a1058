#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "directory/checkpoint.h"
#include "directory/job_files.h"
#include "directory/job_journal.h"
#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/search/interrupted.h"
#include "files/atomic_file.h"

// How a job continues from what an earlier run left in its folder. (A job whose result is there is skipped:
// job.cc.)
namespace espalier::host {

std::optional<nlohmann::json> JobJournal::restore() {
  const auto checkpoint = usable_checkpoint();
  if (!checkpoint) return std::nullopt;
  try {
    events_.restore(checkpoint->events,
                    [&](std::string_view line) { curve_.add_line(nlohmann::json::parse(line)); });
    timing_.restore(read_file(job_.folder / JobFiles::timing).value_or(""), events_.count());
  } catch (const nlohmann::json::exception& error) {
    refuse_checkpoint(restored_from_, error.what());
  } catch (const Error& error) {
    refuse_checkpoint(restored_from_, error.details().what);
  }
  kept_for_growth_ = checkpoint->kept_for_growth;
  just_restored_ = true;
  return checkpoint->state;
}

/// The newest state from which this job may go on. What cannot be used is removed, and the job begins anew.
std::optional<Checkpoint> JobJournal::usable_checkpoint() {
  for (const char* name : {JobFiles::checkpoint, JobFiles::growth}) {
    restored_from_ = job_.folder / name;
    auto checkpoint = read_checkpoint(restored_from_, job_.identity);
    if (!checkpoint) continue;
    if (checkpoint->subject == nlohmann::json(job_.subject) || (job_.grows && !checkpoint->kept_for_growth))
      return checkpoint;
    remove_file(restored_from_);
  }
  restored_from_.clear();
  return std::nullopt;
}

void JobJournal::rethrow() const {
  try {
    throw;
  } catch (const Interrupted&) {
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
