#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "picture.h"

// What the readers of the single formats share. Each throws Error through refuse_image().

using Bytes = std::vector<std::uint8_t>;

/// Throws the Error of an image that cannot be used: `what` is wrong with `file`.
[[noreturn]] void refuse_image(const std::filesystem::path& file, const std::string& what);

/// A black picture. Refuses one that is empty, or so large that a small file could use up the memory.
Picture blank(const std::filesystem::path& file, std::size_t width, std::size_t height);
/// Throws as blank() does, and makes nothing.
void check_size(const std::filesystem::path& file, std::size_t width, std::size_t height);

/// `rgba` on white.
Picture on_white(std::size_t width, std::size_t height, const std::uint8_t* rgba);

/// How a camera was held, as the tag Orientation of EXIF data numbers it, 1 to 8; 1 where the data does not
/// say. `exif` begins with "Exif\0\0", or is empty.
int exif_orientation(const std::uint8_t* exif, std::size_t size);
/// The picture as it was seen.
Picture turned(Picture picture, int orientation);

Picture decode_png(const std::filesystem::path& file, const Bytes& bytes);
Picture decode_jpeg(const std::filesystem::path& file, const Bytes& bytes);
Picture decode_webp(const std::filesystem::path& file, const Bytes& bytes);
Picture decode_gif(const std::filesystem::path& file, const Bytes& bytes);
Picture decode_tiff(const std::filesystem::path& file, const Bytes& bytes);
Picture decode_bmp(const std::filesystem::path& file, const Bytes& bytes);
