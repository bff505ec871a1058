#pragma once

#include <cstdint>

#include "espalier/plugin/ability.h"
#include "espalier/plugin/export.h"
#include "espalier/space/architecture.h"

namespace espalier {

/// The ability of a benchmark to know architectures by the numbers that its publication gives them.
class ESPALIER_EXPORT NumbersArchitectures {
 public:
  /// [any-thread] The architecture of a number; call it only after Benchmark::adapt(). Throws UsageError when
  /// the number is out of range.
  virtual Architecture numbered(std::uint64_t number) const = 0;
  /// [any-thread] The inverse of numbered().
  virtual std::uint64_t number_of(const Architecture& architecture) const = 0;

 protected:
  ~NumbersArchitectures() = default;
};

}  // namespace espalier
