#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "directory/checkpoint.h"
#include "directory/job_files.h"
#include "directory/job_journal.h"
#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/search/interrupted.h"
#include "files/atomic_file.h"

// How a job continues from what an earlier run left in its folder. (A job whose result is there is skipped:
// job.cc.)
namespace espalier::host {

std::optional<nlohmann::json> JobJournal::restore() {
  const auto checkpoint = read_checkpoint(job_.folder, job_.label, job_.seed);
  if (!checkpoint) return std::nullopt;
  restore_events(checkpoint->events);
  just_restored_ = true;
  return checkpoint->state;
}

void JobJournal::restore_events(std::uint64_t count) {
  const std::string text = read_file(job_.folder / JobFiles::events).value_or("");
  std::size_t begin = 0;
  for (; event_count_ < count; ++event_count_) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) {
      refuse_checkpoint(job_.folder, fmt::format("it was written after {} events, and {} holds {}", count,
                                                 JobFiles::events, event_count_));
    }
    try {
      curve_.add_line(nlohmann::json::parse(std::string_view(text).substr(begin, end - begin)));
    } catch (const nlohmann::json::exception& error) {
      refuse_checkpoint(job_.folder, error.what());
    } catch (const Error& error) {
      refuse_checkpoint(job_.folder, error.details().what);
    }
    begin = end + 1;
  }
  events_ = text.substr(0, begin);
  timing_.restore(read_file(job_.folder / JobFiles::timing).value_or(""), count);
}

void JobJournal::rethrow() const {
  try {
    throw;
  } catch (const Interrupted&) {
    throw;
  } catch (const Error& error) {
    if (!just_restored_) throw;
    ErrorDetails details = error.details();
    details.remedy = remedy_without_checkpoint(job_.folder);
    if (dynamic_cast<const PluginFailure*>(&error) != nullptr)
      details.remedy += "; and report the plugin's mistake to its author";
    throw Error(std::move(details));
  }
}

}  // namespace espalier::host
