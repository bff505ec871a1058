#include <fmt/format.h>

#include <algorithm>

#include "exports/export_files.h"
#include "exports/model_source.h"

namespace espalier::exports {
namespace {

/// A name from elsewhere within a line of Markdown.
std::string code_span(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c == '`' || static_cast<unsigned char>(c) < 0x20; }, ' ');
  return "`" + text + "`";
}

constexpr std::string_view kPytorch = R"md(
## PyTorch: `model.py`, `weights.pt`

```sh
python3 predict.py PICTURE...
```

```python
import model                      # the network as plain modules of PyTorch
network = model.load()            # with its weights, in evaluation mode
logits = network(images)          # [N, {0}, {1}, {2}] -> [N, {3}]
```

To train it further, call `network.train()`. Dropped paths and an auxiliary head, which only help a training from
scratch, are left out.
)md";

constexpr std::string_view kTorchScript = R"md(
## C++ and PyTorch without Python code: `model.pt`

TorchScript, which LibTorch loads alone. `predict.cc` is a program of one page:

```sh
cmake -B build -DCMAKE_BUILD_TYPE=Release && cmake --build build
convert picture.jpg picture.ppm   # ImageMagick
build/predict model.pt picture.ppm
```

In Python it is `network = torch.jit.load("model.pt")`.
)md";

constexpr std::string_view kOnnx = R"md(
## ONNX: `model.onnx`

Opset {4}. The input `images` is [N, {0}, {1}, {2}] with any N, the output `logits` is [N, {3}].

```sh
python3 predict_onnx.py PICTURE...
```
)md";

constexpr std::string_view kSafetensors = R"md(
## safetensors: `weights.safetensors`

The same weights in a file that executes nothing when it is read.

```python
import model, safetensors.torch
network = model.Network()
network.load_state_dict(safetensors.torch.load_file("weights.safetensors"))
network.eval()
```
)md";

}  // namespace

std::string export_readme(const ExportedNetwork& network, const ImageInput& input,
                          const TestedAccuracy& tested, const std::vector<Format>& formats) {
  std::string text = fmt::format(
      "# A network for images\n\n"
      "- architecture: {} of the search space {}\n"
      "- parameters: {}\n"
      "- test accuracy: {:.2f} % of {} images\n"
      "- input: {} channels, {} x {} pixels\n"
      "- classes: {}\n\n"
      "`preprocess.json` holds the names of the classes in the order of the outputs, and how a picture "
      "becomes an "
      "input:\nits middle is scaled (bilinear, over all pixels that become one), and each channel is "
      "normalized. "
      "`predict.py` does all of it.\n",
      code_span(network.architecture), code_span(network.space), tested.parameters, tested.percent,
      tested.images, input.shape.channels, input.shape.height, input.shape.width, input.classes.size());
  for (const Format format : formats) {
    const std::string_view part = format == Format::pytorch       ? kPytorch
                                  : format == Format::torchscript ? kTorchScript
                                  : format == Format::onnx        ? kOnnx
                                                                  : kSafetensors;
    text += fmt::format(fmt::runtime(part), input.shape.channels, input.shape.height, input.shape.width,
                        input.classes.size(), kOnnxOpset);
  }
  return text;
}

}  // namespace espalier::exports
