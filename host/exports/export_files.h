#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/exports/exported_network.h"
#include "espalier/search/trainer.h"
#include "exports/image_input.h"

namespace espalier::exports {

/// The forms in which a network is exported.
enum class Format { pytorch, torchscript, onnx, safetensors };
inline constexpr std::array kFormats = {Format::pytorch, Format::torchscript, Format::onnx,
                                        Format::safetensors};
std::string_view name_of(Format format);

/// How good the network was, for the README.
struct TestedAccuracy {
  double percent = 0.0;
  std::uint64_t images = 0;
  std::int64_t parameters = 0;  ///< of the network as it was trained, without the auxiliary head
};

/// The files of an export by their names within its folder, with their content. The ability
/// UsesWeights of `trainer` writes files of PyTorch.
std::map<std::string, std::string> export_files(const ExportedNetwork& network, const ImageInput& input,
                                                const TestedAccuracy& tested,
                                                const std::vector<Format>& formats, const Trainer& trainer);

/// Writes the files into a folder that is new, empty, or that of an older export, whose other files are
/// removed. Throws Error where the folder holds anything else, or cannot be written.
void write_export(const std::map<std::string, std::string>& files, const std::filesystem::path& folder);

/// README.md: what the network is, the files, and how each makes a prediction.
std::string export_readme(const ExportedNetwork& network, const ImageInput& input,
                          const TestedAccuracy& tested, const std::vector<Format>& formats);

}  // namespace espalier::exports
