#include "report/parameter_count.h"

#include "espalier/errors/errors.h"

namespace espalier::host {

std::optional<std::int64_t> parameter_count(const SearchSpace& space, const std::string& architecture) {
  const Architecture parsed = space.parse(architecture);
  try {
    return space.parameters(parsed);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace espalier::host
