#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/search/benchmark.h"
#include "espalier/space/search_space.h"
#include "fuzz.h"
#include "plugins/datasets/gzip_file.h"

namespace espalier::fuzz {
namespace {

/// Stands in for the space of a table: one of two rows is whole.
class TwoArchitectures final : public SearchSpace {
 public:
  explicit TwoArchitectures(const std::string& name) : SearchSpace(definition()) { set_name(name); }

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

void read(const std::string& name, const std::string& options) {
  const TwoArchitectures space(name);
  const auto benchmark = host().benchmark(name, space, options);
  require(benchmark->best("test_accuracy").has_value(), "a table knows its best");
  const std::vector<Metric> metrics = benchmark->metrics();
  for (const std::uint64_t index : {0, 1}) {
    const Architecture architecture = space.at(index);
    if (!metrics.front().partial)
      require(std::isfinite(benchmark->query(architecture)), "the objective is finite");
    for (const std::string& dataset : benchmark->datasets())
      for (const Metric& metric : metrics)
        succeeds([&] {
          require(std::isfinite(benchmark->query(architecture, {.metric = metric.name, .dataset = dataset})),
                  "a figure is finite");
        });
  }
}

}  // namespace
}  // namespace espalier::fuzz

/// A table, and behind an empty line that of the hardware, or of the validated cells.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace espalier;
  static const fuzz::Folder folder;
  const std::string_view bytes = fuzz::text_of(data, size);
  const std::size_t end = std::min(bytes.find("\n\n"), size);
  const auto table = folder.write("table.csv.gz", fuzz::as_table(bytes.substr(0, end)));
  const auto second = folder.write("second.csv.gz", fuzz::as_table(bytes.substr(std::min(end + 2, size))));
  const std::string options = "{verify: false, file: " + table.string();
  fuzz::succeeds([&] { fuzz::read("nasbench201", options + ", hardware_file: " + second.string() + "}"); });
  fuzz::succeeds([&] { fuzz::read("nasbench101", options + "}"); });
  fuzz::succeeds([&] {
    fuzz::read("nasbench101", options + ", subset: validated, validated_file: " + second.string() + "}");
  });
  return 0;
}
