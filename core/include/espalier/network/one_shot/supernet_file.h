#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "espalier/data/dataset.h"
#include "espalier/files/safetensors.h"
#include "espalier/network/compile/network.h"
#include "espalier/network/training/image_options.h"
#include "espalier/plugin/export.h"
#include "espalier/space/search_space.h"

namespace espalier {

/// The images that a supernet is trained on.
struct SupernetImages {
  const Dataset& dataset;
  ImageOptions options;
  std::uint64_t seed;  ///< by which they are divided
};

/// A trained supernet as the bytes of a safetensors file: its weights, the layers that they belong to, and
/// which images they have seen.
ESPALIER_EXPORT std::string save_supernet(const Network& supernet, const SearchSpace& space,
                                          const SupernetImages& images);

/// Fills the weights of `supernet`, the compiled supernet of `space`, from such bytes, and divides the images
/// of `dataset` as they were divided when it was trained. `where`, the name of the file, appears in errors.
/// Throws UsageError, which names the first difference, when the weights are of another space, dataset, or of
/// other layers because an option of the space or the optimizer differs; and Error when the bytes are damaged
/// or of another version of the format.
ESPALIER_EXPORT DividedImages load_supernet(std::string_view bytes, const std::string& where,
                                            const SearchSpace& space, const Dataset& dataset,
                                            Network& supernet);

/// The weights that `architecture` inherits: those of its layers in a supernet (bytes as above), for the
/// network of SearchSpace::subnetwork(). Its batch norms measure their statistics anew on
/// `recalibration_batches` batches of the images that the supernet's weights have learned from, because those
/// of the supernet are a mixture of all architectures. Throws what load_supernet() throws, and Error when the
/// optimizer changed the supernet's layers, so that the architecture has others.
ESPALIER_EXPORT StoredTensors inherited_weights(std::string_view bytes, const std::string& where,
                                                const SearchSpace& space, const Architecture& architecture,
                                                const Dataset& dataset, const CompileOptions& compile,
                                                std::uint64_t recalibration_batches);

/// [any-thread] The file supernet.safetensors that `path` names: the file itself, or the folder of a search
/// that left one.
ESPALIER_EXPORT std::filesystem::path supernet_file(const std::filesystem::path& path);

/// The same from supernet_file(path). Throws UsageError when there is none.
ESPALIER_EXPORT DividedImages load_supernet(const std::filesystem::path& path, const SearchSpace& space,
                                            const Dataset& dataset, Network& supernet);

}  // namespace espalier
