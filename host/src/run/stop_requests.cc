#include "run/stop_requests.h"

#include <fmt/format.h>

#include <atomic>

#include "espalier/host/report/shell_quoted.h"
#include "espalier/host/run/run.h"
#include "espalier/search/interrupted.h"

namespace espalier::host {
namespace {

/// The one mutable global, for a signal handler knows nothing else.
std::atomic<unsigned> requests = 0;
static_assert(std::atomic<unsigned>::is_always_lock_free);

}  // namespace

StopRequests::StopRequests() : before_(requests) {}

bool StopRequests::arrived() const { return requests != before_; }

void throw_stopped(const std::string& what, const std::filesystem::path& run) {
  throw Interrupted(
      {.what = what,
       .where = run.string(),
       .remedy = fmt::format("continue from here with: espalier resume {}", shell_quoted(run.string()))});
}

void request_stop() noexcept { ++requests; }

}  // namespace espalier::host
