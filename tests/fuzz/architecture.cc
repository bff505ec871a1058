#include <array>
#include <memory>

#include "espalier/space/search_space.h"
#include "fuzz.h"

namespace espalier::fuzz {
namespace {

void read(const SearchSpace& space, std::string_view text) {
  const Architecture architecture = space.parse(text);
  space.check(architecture);
  const std::string canonical = space.to_string(architecture);
  require(space.parse(canonical) == architecture, "a canonical string reads back");
  require(space.to_string(space.parse(canonical)) == canonical, "a canonical string is canonical");
}

}  // namespace
}  // namespace espalier::fuzz

/// The string of an architecture, in each of the bundled spaces.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace espalier;
  static const std::array spaces = {fuzz::host().search_space("nasbench201"),
                                    fuzz::host().search_space("nasbench101"),
                                    fuzz::host().search_space("darts"),
                                    fuzz::host().search_space("hierarchical"),
                                    fuzz::host().search_space("nasbench_macro"),
                                    fuzz::host().search_space("transnas101_micro"),
                                    fuzz::host().search_space("transnas101_macro")};
  for (const auto& space : spaces)
    fuzz::succeeds<UsageError>([&] { fuzz::read(*space, fuzz::text_of(data, size)); });
  return 0;
}
