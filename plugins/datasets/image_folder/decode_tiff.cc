#include <fmt/format.h>
#include <tiffio.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "formats.h"

namespace {

/// A file in memory, as libtiff reads it, and what the library says of it.
struct MemoryFile {
  const Bytes& bytes;
  toff_t at = 0;
  std::string error = {};
  bool warnings_count = false;  ///< of unknown tags it only warns, and of damaged pixels, too
};

MemoryFile& memory(thandle_t handle) { return *static_cast<MemoryFile*>(handle); }

tmsize_t read_memory(thandle_t handle, void* to, tmsize_t count) {
  MemoryFile& file = memory(handle);
  const toff_t left = file.at < file.bytes.size() ? file.bytes.size() - file.at : 0;
  const toff_t length = std::min(left, static_cast<toff_t>(std::max<tmsize_t>(count, 0)));
  if (length > 0) std::memcpy(to, &file.bytes[file.at], length);
  file.at += length;
  return static_cast<tmsize_t>(length);
}

tmsize_t write_memory(thandle_t /*handle*/, void* /*from*/, tmsize_t /*count*/) { return -1; }

toff_t seek_memory(thandle_t handle, toff_t offset, int whence) {
  MemoryFile& file = memory(handle);
  const toff_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? file.at : file.bytes.size();
  return file.at = base + offset;
}

int close_memory(thandle_t /*handle*/) { return 0; }
toff_t size_memory(thandle_t handle) { return memory(handle).bytes.size(); }

/// Keeps the first message: those that follow are its consequences.
int keep_error(TIFF* /*tiff*/, void* file, const char* /*module*/, const char* format, va_list arguments) {
  std::string& error = static_cast<MemoryFile*>(file)->error;
  if (!error.empty()) return 1;
  char text[200] = {};
  std::vsnprintf(text, sizeof text, format, arguments);
  error = text;
  return 1;
}

int keep_warning(TIFF* tiff, void* file, const char* module, const char* format, va_list arguments) {
  if (!static_cast<MemoryFile*>(file)->warnings_count) return 1;
  return keep_error(tiff, file, module, format, arguments);
}

using Tiff = std::unique_ptr<TIFF, decltype(&TIFFClose)>;

Tiff open_tiff(MemoryFile& file) {
  const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(TIFFOpenOptionsAlloc(),
                                                                                 TIFFOpenOptionsFree);
  constexpr tmsize_t kMostMemory = tmsize_t{1} << 30;  // of one strip or tile
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), kMostMemory);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_error, &file);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), keep_warning, &file);
  // "m": no mapping into memory, where the file is already.
  return {TIFFClientOpenExt("", "rm", &file, read_memory, write_memory, seek_memory, close_memory,
                            size_memory, nullptr, nullptr, options.get()),
          TIFFClose};
}

}  // namespace

Picture decode_tiff(const std::filesystem::path& file, const Bytes& bytes) {
  MemoryFile source{.bytes = bytes};
  const auto damaged = [&] {
    refuse_image(file, fmt::format("the TIFF cannot be read: {}",
                                   source.error.empty() ? "it is damaged" : source.error));
  };
  const Tiff tiff = open_tiff(source);
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  if (!tiff || TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &width) == 0 ||
      TIFFGetField(tiff.get(), TIFFTAG_IMAGELENGTH, &height) == 0)
    damaged();
  check_size(file, width, height);
  std::uint16_t orientation = ORIENTATION_TOPLEFT;
  TIFFGetFieldDefaulted(tiff.get(), TIFFTAG_ORIENTATION, &orientation);
  if (orientation < ORIENTATION_TOPLEFT || orientation > ORIENTATION_LEFTBOT)
    orientation = ORIENTATION_TOPLEFT;
  std::vector<std::uint32_t> raster(std::size_t{width} * height);
  // In the orientation of the file itself the rows come as they stand there.
  constexpr int kStopAtAnError = 1;
  source.error.clear();
  source.warnings_count = true;
  // Damaged fax strips are reported, and yet counted as read.
  if (TIFFReadRGBAImageOriented(tiff.get(), width, height, raster.data(), orientation, kStopAtAnError) == 0 ||
      !source.error.empty())
    damaged();
  Picture picture = blank(file, width, height);
  std::uint8_t* to = picture.pixels.data();
  for (const std::uint32_t pixel : raster) {
    // The library has multiplied the colors by the alpha: what is left is white.
    const std::uint32_t white = 255U - TIFFGetA(pixel);
    for (const std::uint32_t color : {TIFFGetR(pixel), TIFFGetG(pixel), TIFFGetB(pixel)})
      *to++ = static_cast<std::uint8_t>(std::min(255U, color + white));
  }
  return turned(std::move(picture), orientation);
}
