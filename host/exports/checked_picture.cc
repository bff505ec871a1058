#include "exports/checked_picture.h"

#include <fmt/format.h>

#include "espalier/data/reads_pictures.h"
#include "espalier/plugin/plugin_call.h"

namespace espalier::exports {

std::vector<std::uint8_t> read_checked_picture(const Dataset& reader, const std::filesystem::path& file,
                                               const Shape& shape) {
  std::vector<std::uint8_t> pixels = call_plugin(reader, "read_picture()", [&] {
    return ability<const ReadsPictures>(reader)->read_picture(file, shape);
  });
  const auto expected = static_cast<std::size_t>(shape.elements());
  if (pixels.size() != expected)
    throw_plugin_mistake(reader, fmt::format("the plugin's read_picture() gave {} numbers", pixels.size()),
                         fmt::format("{}, for an image of {}", expected, to_string(shape)));
  return pixels;
}

}  // namespace espalier::exports
