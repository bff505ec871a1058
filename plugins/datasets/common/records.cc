#include "records.h"

#include <fmt/format.h>

#include <cstdint>
#include <vector>

void append_records(const DatasetFiles& files, const std::string& name, const RecordLayout& layout,
                    espalier::Images& images) {
  const std::filesystem::path file = files.find(name);
  const std::vector<std::uint8_t> bytes = read_bytes(file);
  const auto image_bytes = static_cast<std::size_t>(images.shape.elements());
  const std::size_t record = layout.label_bytes + image_bytes;
  if (bytes.empty() || bytes.size() % record != 0) {
    files.refuse(file, bytes.empty() ? "the file is empty" : "the file is cut short or not of this dataset",
                 fmt::format("a multiple of {} bytes ({} of labels, {} of pixels); it has {}", record,
                             layout.label_bytes, image_bytes, bytes.size()));
  }
  images.pixels.reserve(images.pixels.size() + bytes.size() / record * image_bytes);
  for (auto image = bytes.begin(); image != bytes.end();) {
    const std::uint8_t label = image[static_cast<std::ptrdiff_t>(layout.label_position)];
    if (label >= layout.classes) {
      files.refuse(file,
                   fmt::format("record {} has the label {}",
                               static_cast<std::size_t>(image - bytes.begin()) / record, label),
                   fmt::format("0 to {}", layout.classes - 1));
    }
    const auto pixels = image + static_cast<std::ptrdiff_t>(layout.label_bytes);
    image += static_cast<std::ptrdiff_t>(record);
    images.labels.push_back(label);
    images.pixels.insert(images.pixels.end(), pixels, image);
  }
}
