#include "exports/export_files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>

#include "espalier/errors/errors.h"
#include "espalier/exports/onnx_file.h"
#include "espalier/files/read_file.h"
#include "espalier/host/files/write_file.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/search/uses_weights.h"
#include "exports/assets.h"
#include "exports/model_source.h"

namespace espalier::exports {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAbout = "export.json";
/// All files that an export may have.
constexpr std::array kNames = {
    "model.py",        "weights.pt",   "predict.py", "model.pt",        "predict.cc",
    "CMakeLists.txt",  "preprocess.h", "model.onnx", "predict_onnx.py", "weights.safetensors",
    "preprocess.json", "README.md",    kAbout};

/// A text as a literal of C, whatever characters it holds.
std::string c_literal(const std::string& text) {
  std::string literal = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    constexpr unsigned char first_printable = 0x20;
    constexpr unsigned char last_printable = 0x7e;
    const bool plain = byte >= first_printable && byte <= last_printable && c != '"' && c != '\\' && c != '?';
    literal += plain ? std::string(1, c) : fmt::format("\\{:03o}", byte);
  }
  return literal + "\"";
}

std::string preprocess_header(const ImageInput& input) {
  std::vector<std::string> classes;
  classes.reserve(input.classes.size());
  for (const std::string& name : input.classes) classes.push_back(c_literal(name));
  return fmt::format(
      "// What becomes an input of the network, and what its outputs stand for.\n#pragma once\n\n"
      "#include <array>\n#include <cstdint>\n\n"
      "constexpr std::int64_t kChannels = {};\nconstexpr std::int64_t kHeight = {};\n"
      "constexpr std::int64_t kWidth = {};\n"
      "constexpr std::array<float, {}> kMean = {{{}}};\n"
      "constexpr std::array<float, {}> kStandardDeviation = {{{}}};\n"
      "constexpr std::array<const char*, {}> kClasses = {{\n    {}}};\n",
      input.shape.channels, input.shape.height, input.shape.width, input.mean.size(),
      fmt::join(input.mean, ", "), input.standard_deviation.size(), fmt::join(input.standard_deviation, ", "),
      classes.size(), fmt::join(classes, ",\n    "));
}

std::string about(const ExportedNetwork& network, const TestedAccuracy& tested,
                  const std::vector<Format>& formats) {
  nlohmann::ordered_json names = nlohmann::ordered_json::array();
  for (const Format format : formats) names.push_back(name_of(format));
  const nlohmann::ordered_json json = {{"exported_by", "Espalier " ESPALIER_VERSION},
                                       {"search_space", network.space},
                                       {"architecture", network.architecture},
                                       {"parameters", tested.parameters},
                                       {"test_accuracy", tested.percent},
                                       {"test_images", tested.images},
                                       {"onnx_opset", kOnnxOpset},
                                       {"formats", names}};
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

void check_folder(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed || !fs::is_directory(folder))
    throw Error({.what = "cannot make the folder of the export" + (failed ? ": " + failed.message() : ""),
                 .where = folder.string(),
                 .remedy = "make it accessible, or name another folder with --out"});
  if (fs::is_empty(folder, failed) || fs::is_regular_file(folder / kAbout, failed)) return;
  throw UsageError({.what = "this folder holds something other than an export",
                    .where = folder.string(),
                    .expected = "a new or empty folder, or that of an older export",
                    .remedy = "name another with --out"});
}

}  // namespace

std::string_view name_of(Format format) {
  switch (format) {
    case Format::pytorch:
      return "pytorch";
    case Format::torchscript:
      return "torchscript";
    case Format::onnx:
      return "onnx";
    case Format::safetensors:
      return "safetensors";
  }
  return {};
}

std::map<std::string, std::string> export_files(const ExportedNetwork& network, const ImageInput& input,
                                                const TestedAccuracy& tested,
                                                const std::vector<Format>& formats, const Trainer& trainer) {
  const auto& torch = *ability<const UsesWeights>(trainer);
  std::map<std::string, std::string> files = {{"preprocess.json", preprocess_json(input)},
                                              {"README.md", export_readme(network, input, tested, formats)},
                                              {kAbout, about(network, tested, formats)}};
  const auto wants = [&](Format format) { return std::ranges::find(formats, format) != formats.end(); };
  if (wants(Format::pytorch)) {
    files["model.py"] = model_source(network, ModelWeights::state_dict);
    files["weights.pt"] =
        call_plugin(trainer, "state_dict()", [&] { return torch.state_dict(network.weights); });
    files["predict.py"] = predict_py();
  }
  if (wants(Format::torchscript)) {
    files["model.pt"] = call_plugin(trainer, "torch_script()", [&, source = torch_script_source(network)] {
      return torch.torch_script(source, network.weights);
    });
    files["predict.cc"] = predict_cc();
    files["CMakeLists.txt"] = predict_cmake();
    files["preprocess.h"] = preprocess_header(input);
  }
  if (wants(Format::onnx)) {
    files["model.onnx"] = onnx_file(network);
    files["predict_onnx.py"] = predict_onnx_py();
  }
  if (wants(Format::safetensors)) {
    StoredTensors weights = network.weights;
    weights.about = {{"format", "pt"}};  // so that transformers and others take it for PyTorch's
    files["weights.safetensors"] = write_safetensors(weights);
    if (!wants(Format::pytorch)) files["model.py"] = model_source(network, ModelWeights::safetensors);
  }
  return files;
}

void write_export(const std::map<std::string, std::string>& files, const fs::path& folder) {
  check_folder(folder);
  for (const char* name : kNames) {
    std::error_code ignored;
    if (!files.contains(name)) fs::remove(folder / name, ignored);
  }
  for (const auto& [name, content] : files) host::write_file(folder / name, content);
}

}  // namespace espalier::exports
