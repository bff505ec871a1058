#pragma once

namespace espalier::host {

/// The calls of request_stop() since this was made: a run stops for those that come after it began.
class StopRequests {
 public:
  StopRequests();
  bool arrived() const;

 private:
  unsigned before_;
};

}  // namespace espalier::host
