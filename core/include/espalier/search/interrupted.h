#pragma once

#include "espalier/errors/errors.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// A search or training stopped because Journal::stop_requested() turned true, after it wrote a checkpoint;
/// or images were not read to the end (Dataset::check_stop()). The same run continues from the last
/// checkpoint.
class ESPALIER_EXPORT Interrupted : public Error {
 public:
  using Error::Error;
  ~Interrupted() override;
  /// What a trainer throws once it has written its checkpoint.
  static Interrupted after_checkpoint();
};

}  // namespace espalier
