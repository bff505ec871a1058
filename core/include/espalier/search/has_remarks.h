#pragma once

#include <string>
#include <vector>

#include "espalier/plugin/ability.h"
#include "espalier/plugin/export.h"

namespace espalier {

class Benchmark;

/// The ability of a benchmark to say what a reader of its figures has to know, such as that they are those of
/// other networks than the search space makes. A run warns of it and keeps it in its summary.
class ESPALIER_EXPORT HasRemarks {
 public:
  /// [any-thread] Whole sentences, or none; call it only after Benchmark::adapt(). A run asks again after a
  /// preparation (NeedsPreparation), which may have found out more.
  virtual std::vector<std::string> remarks() const = 0;

 protected:
  ~HasRemarks() = default;
};

/// [any-thread] The remarks of a benchmark, which may lack the ability.
ESPALIER_EXPORT std::vector<std::string> remarks(const Benchmark& benchmark);

}  // namespace espalier
