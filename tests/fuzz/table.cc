#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/search/benchmark.h"
#include "espalier/space/search_space.h"
#include "fuzz.h"
#include "plugins/datasets/gzip_file.h"

namespace espalier::fuzz {
namespace {

/// Stands in for NAS-Bench-201: a table of two rows is whole.
class TwoArchitectures final : public SearchSpace {
 public:
  TwoArchitectures() : SearchSpace(definition()) { set_name("nasbench201"); }

 private:
  static SpaceDefinition definition() {
    Graph graph("cell");
    graph.add_nodes({1, 2}).add_edge(1, 2).set_scope("cell");
    graph.edge(1, 2).set_op(Candidates{primitives::identity(), primitives::zero()});
    return {.graph = std::move(graph),
            .scopes = {"cell"},
            .input_shape = {.channels = 3, .height = 8, .width = 8}};
  }
};

/// A gzip file as it is, text gzipped.
std::string as_table(std::string_view bytes) {
  return bytes.starts_with("\x1f\x8b") ? std::string(bytes) : testing::deflated(std::string(bytes));
}

void read(const std::string& options) {
  static const TwoArchitectures space;
  const auto benchmark = host().benchmark("nasbench201", space, options);
  require(benchmark->best("test_accuracy").has_value(), "a table knows its best");
  for (const std::uint64_t index : {0, 1}) {
    const Architecture architecture = space.at(index);
    require(std::isfinite(benchmark->query(architecture)), "a validation accuracy is finite");
    for (const std::string& dataset : benchmark->datasets())
      for (const Metric& metric : benchmark->metrics())
        succeeds([&] {
          require(std::isfinite(benchmark->query(architecture, {.metric = metric.name, .dataset = dataset})),
                  "a figure is finite");
        });
  }
}

}  // namespace
}  // namespace espalier::fuzz

/// A table, and behind an empty line that of the hardware.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace espalier;
  static const fuzz::Folder folder;
  const std::string_view bytes = fuzz::text_of(data, size);
  const std::size_t end = std::min(bytes.find("\n\n"), size);
  const auto table = folder.write("table.csv.gz", fuzz::as_table(bytes.substr(0, end)));
  const auto hardware =
      folder.write("hardware.csv.gz", fuzz::as_table(bytes.substr(std::min(end + 2, size))));
  fuzz::succeeds([&] {
    fuzz::read("{verify: false, file: " + table.string() + ", hardware_file: " + hardware.string() + "}");
  });
  return 0;
}
