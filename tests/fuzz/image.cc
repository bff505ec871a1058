#include "images.h"

/// An image of any format in a folder of classes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace espalier::fuzz;
  static const Folder folder;
  for (const char* name : {"train/a", "train/b", "test/a", "test/b"})
    std::filesystem::create_directories(folder / name);
  constexpr std::string_view sound(
      "BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
      "\0\0"
      "\0\0\0\0\0\0\0\x09\x09\x09\0",
      58);
  for (const char* name : {"train/a/1.bmp", "train/b/1.bmp", "test/b/1.bmp"}) folder.write(name, sound);
  folder.write("test/a/1.png", text_of(data, size));
  load_images("image_folder", folder);
  return 0;
}
