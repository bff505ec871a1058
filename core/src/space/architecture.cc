#include "espalier/space/architecture.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ostream>

namespace espalier {

Architecture::Architecture(const Architecture& other) = default;
Architecture::Architecture(Architecture&& other) noexcept = default;
Architecture& Architecture::operator=(const Architecture& other) = default;
Architecture& Architecture::operator=(Architecture&& other) noexcept = default;

Architecture Architecture::zeros(std::size_t size) {
  Architecture architecture;
  architecture.choices_.resize(size);
  return architecture;
}

std::ostream& operator<<(std::ostream& stream, const Architecture& architecture) {
  return stream << fmt::format("[{}]", fmt::join(architecture.choices(), ", "));
}

std::uint64_t Architecture::hash() const noexcept {
  // FNV-1a over the choices, then the finalizer of SplitMix64: FNV alone leaves the high bits poor.
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const Index choice : choices_) hash = (hash ^ choice) * 0x100000001b3;
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
  return hash ^ (hash >> 31);
}

}  // namespace espalier
