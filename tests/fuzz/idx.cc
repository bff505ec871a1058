#include <algorithm>

#include "images.h"

/// The two IDX files of Fashion-MNIST, the images and, from their magic number on, the labels.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace espalier::fuzz;
  static const Folder folder;
  constexpr std::string_view labels("\0\0\x08\x01", 4);
  const std::string_view bytes = text_of(data, size);
  const std::size_t end = std::min(bytes.find(labels), size);
  folder.write("t10k-images-idx3-ubyte.gz", bytes.substr(0, end));
  folder.write("t10k-labels-idx1-ubyte.gz", bytes.substr(end));
  load_images("fashion_mnist", folder);
  return 0;
}
