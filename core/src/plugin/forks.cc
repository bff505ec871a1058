#include "plugin/forks.h"

#include <pthread.h>

#include <atomic>

namespace espalier {
namespace {

constinit std::atomic<unsigned> forks = 0;
const int watches_forks = ::pthread_atfork(nullptr, nullptr, [] { ++forks; });

}  // namespace

unsigned times_forked() noexcept { return forks.load(std::memory_order_relaxed); }

}  // namespace espalier
