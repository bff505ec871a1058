#include "images.h"

/// The binary files of CIFAR-10 and CIFAR-100, and the packed ones of ImageNet16-120.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace espalier::fuzz;
  static const Folder folder;
  const std::string_view bytes = text_of(data, size);
  folder.write("test_batch.bin", bytes);
  folder.write("test.bin", bytes);
  for (const char* dataset : {"cifar10", "cifar100", "imagenet16_120"}) load_images(dataset, folder);
  return 0;
}
