#pragma once

namespace espalier {

/// How often this process came out of a fork(): known without a system call. Where it has grown, this is no
/// longer the process that asked before.
unsigned times_forked() noexcept;

}  // namespace espalier
