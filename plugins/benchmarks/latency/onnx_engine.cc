#include "onnx_engine.h"

#include <utility>

#include "espalier/exports/exported_network.h"
#include "espalier/exports/onnx_file.h"
#include "espalier/network/compile/weights_file.h"
#include "onnx_helper.h"
#include "random_network.h"

using namespace espalier;

namespace {

class NetworkOfHelper final : public Engine::Loaded {
 public:
  NetworkOfHelper(std::shared_ptr<OnnxHelper> helper, std::string_view onnx, const Shape& image)
      : helper_(std::move(helper)), number_(helper_->load(onnx, image)) {}
  ~NetworkOfHelper() override { helper_->drop(number_); }
  NetworkOfHelper(const NetworkOfHelper&) = delete;
  NetworkOfHelper& operator=(const NetworkOfHelper&) = delete;

  double run() override { return helper_->run(number_); }

 private:
  std::shared_ptr<OnnxHelper> helper_;
  int number_;
};

class OnnxEngine final : public Engine {
 public:
  explicit OnnxEngine(EngineOptions options) : options_(std::move(options)) {}

  std::unique_ptr<Loaded> load(const LayerGraph& layers) override {
    const exports::ExportedNetwork network = exports::exported_network(
        layers, stored_weights(*random_network(layers, options_.threads)), "random weights");
    return std::make_unique<NetworkOfHelper>(helper(), exports::onnx_file(network), layers.input);
  }

  std::string describe() const override { return "onnxruntime, " + ::describe(options_); }
  bool is_another_program() const override { return true; }
  std::string versions() override { return helper()->versions(); }

 private:
  const std::shared_ptr<OnnxHelper>& helper() {
    if (!helper_ || !helper_->is_usable()) helper_ = std::make_shared<OnnxHelper>(options_);
    return helper_;
  }

  EngineOptions options_;
  std::shared_ptr<OnnxHelper> helper_;  ///< from the first network on
};

}  // namespace

std::unique_ptr<Engine> make_onnx_engine(const EngineOptions& options) {
  return std::make_unique<OnnxEngine>(options);
}
