#include "run/stop_requests.h"

#include <atomic>

#include "espalier/host/run/run.h"

namespace espalier::host {
namespace {

/// The one mutable global, for a signal handler knows nothing else.
std::atomic<unsigned> requests = 0;
static_assert(std::atomic<unsigned>::is_always_lock_free);

}  // namespace

StopRequests::StopRequests() : before_(requests) {}

bool StopRequests::arrived() const { return requests != before_; }

void request_stop() noexcept { ++requests; }

}  // namespace espalier::host
