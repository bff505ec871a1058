#include <cmath>
#include <string>

#include "fuzz.h"
#include "plugins/benchmarks/converted_surrogate.h"

namespace espalier::fuzz {
namespace {

/// A file of a converted surrogate of NAS-Bench-301: its list, a text of LightGBM, or trees of XGBoost.
void read(const Folder& folder, const std::string& bytes) {
  const std::string model =
      bytes.starts_with('{') ? testing::lightgbm_text({testing::lightgbm_leaf(90)}) : bytes;
  const bool is_xgboost = model.starts_with("NB301XGB");
  testing::write_surrogate(folder / "model",
                           testing::surrogate_list(is_xgboost ? "xgboost" : "lightgbm", {model}), {model});
  if (bytes.starts_with('{')) folder.write("model/surrogate.json", bytes);
  static const auto space = host().search_space("darts");
  const auto benchmark = host().benchmark(
      "nasbench301", *space, "{noise: false, accuracy_model: " + (folder / "model").string() + "}");
  static const Architecture architecture = space->parse(
      "Genotype(normal=[('sep_conv_3x3', 0), ('sep_conv_5x5', 1), ('max_pool_3x3', 0), ('skip_connect', 2), "
      "('avg_pool_3x3', 1), ('dil_conv_3x3', 3), ('dil_conv_5x5', 2), ('sep_conv_3x3', 4)], "
      "normal_concat=range(2, 6), reduce=[('max_pool_3x3', 0), ('max_pool_3x3', 1), ('skip_connect', 1), "
      "('max_pool_3x3', 2), ('skip_connect', 0), ('skip_connect', 2), ('sep_conv_3x3', 3), "
      "('max_pool_3x3', 4)], reduce_concat=range(2, 6))");
  // The sum of finite numbers may be too large for one, which is an error.
  require(std::isfinite(benchmark->query(architecture)), "a prediction is finite");
}

}  // namespace
}  // namespace espalier::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace espalier::fuzz;
  static const Folder folder;
  succeeds([&] { read(folder, std::string(text_of(data, size))); });
  return 0;
}
