#include <cmath>
#include <string>

#include "espalier/search/benchmark.h"
#include "espalier/space/search_space.h"
#include "fuzz.h"
#include "plugins/datasets/gzip_file.h"

/// A file of the surrogate nasbench301, behind a letter that says which: features, labels or network.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace espalier;
  static const fuzz::Folder folder;
  static const auto space = fuzz::host().search_space("darts");
  if (size == 0) return 0;
  const std::string bytes(fuzz::text_of(data, size).substr(1));
  const char* const kind = *data == 'f' ? "features" : *data == 'l' ? "labels" : "network";
  const auto file = folder.write("file.gz", bytes.starts_with("\x1f\x8b") ? bytes : testing::deflated(bytes));
  fuzz::succeeds([&] {
    const auto benchmark = fuzz::host().benchmark(
        "nasbench301", *space, std::string("{verify: false, ") + kind + "_file: " + file.string() + "}");
    for (const Metric& metric : benchmark->metrics())
      fuzz::require(std::isfinite(benchmark->query(space->at(301), {.metric = metric.name})),
                    "a figure is finite");
  });
  return 0;
}
