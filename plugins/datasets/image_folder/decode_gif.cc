#include <fmt/format.h>
#include <gif_lib.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <span>

#include "formats.h"

namespace {

struct CloseGif {
  void operator()(GifFileType* gif) const { DGifCloseFile(gif, nullptr); }
};
using Gif = std::unique_ptr<GifFileType, CloseGif>;

int read_gif(GifFileType* gif, GifByteType* to, int count) {
  auto& rest = *static_cast<std::span<const std::uint8_t>*>(gif->UserData);
  const std::size_t length = std::min(rest.size(), static_cast<std::size_t>(count));
  std::memcpy(to, rest.data(), length);
  rest = rest.subspan(length);
  return static_cast<int>(length);
}

/// Reads one GIF up to its end, of which the first frame is drawn.
class GifReader {
 public:
  GifReader(const std::filesystem::path& file, const Bytes& bytes) : file_(file), rest_(bytes) {
    int error = 0;
    gif_.reset(DGifOpen(&rest_, read_gif, &error));
    if (!gif_) damaged(error);
  }

  Picture read() {
    std::optional<Picture> first;
    GifRecordType record = UNDEFINED_RECORD_TYPE;
    while (record != TERMINATE_RECORD_TYPE) {
      check(DGifGetRecordType(gif_.get(), &record));
      if (record == EXTENSION_RECORD_TYPE) {
        read_extension();
      } else if (record == IMAGE_DESC_RECORD_TYPE) {
        check(DGifGetImageDesc(gif_.get()));
        if (first) {
          skip_frame();
        } else {
          first = frame();
        }
      }
    }
    if (!first) refuse_image(file_, "the GIF has no image");
    return *std::move(first);
  }

 private:
  [[noreturn]] void damaged(int error) const {
    const char* const why = GifErrorString(error);
    refuse_image(file_, fmt::format("the GIF is damaged: {}", why == nullptr ? "unknown error" : why));
  }
  void check(int status) const {
    if (status == GIF_ERROR) damaged(gif_->Error);
  }

  void read_extension() {
    int code = 0;
    GifByteType* data = nullptr;
    check(DGifGetExtension(gif_.get(), &code, &data));
    while (data != nullptr) {
      GraphicsControlBlock control;
      // The first byte of a block is its length.
      if (code == GRAPHICS_EXT_FUNC_CODE && DGifExtensionToGCB(data[0], data + 1, &control) == GIF_OK)
        transparent_ = control.TransparentColor;
      check(DGifGetExtensionNext(gif_.get(), &data));
    }
  }

  void skip_frame() {
    int size = 0;
    GifByteType* block = nullptr;
    check(DGifGetCode(gif_.get(), &size, &block));
    while (block != nullptr) check(DGifGetCodeNext(gif_.get(), &block));
  }

  /// What the frame leaves of the canvas is white, as if it were transparent.
  Picture frame() {
    const auto width = static_cast<std::size_t>(std::max(gif_->SWidth, 0));
    const auto height = static_cast<std::size_t>(std::max(gif_->SHeight, 0));
    const GifImageDesc& place = gif_->Image;
    const ColorMapObject* const colors = place.ColorMap != nullptr ? place.ColorMap : gif_->SColorMap;
    if (colors == nullptr) refuse_image(file_, "the GIF has no colors");
    if (place.Left < 0 || place.Top < 0 || place.Width <= 0 || place.Height <= 0 ||
        place.Left + place.Width > gif_->SWidth || place.Top + place.Height > gif_->SHeight)
      refuse_image(file_, "the GIF is damaged: its first frame lies outside the image");

    Picture picture = blank(file_, width, height);
    std::ranges::fill(picture.pixels, std::uint8_t{255});
    struct Pass {
      int first;
      int step;
    };
    constexpr Pass kInterlaced[] = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};
    constexpr Pass kPlain[] = {{0, 1}};
    Bytes line(static_cast<std::size_t>(place.Width));
    for (const auto& [begin, step] : place.Interlace ? std::span<const Pass>(kInterlaced) : kPlain) {
      for (int row = begin; row < place.Height; row += step) {
        check(DGifGetLine(gif_.get(), line.data(), place.Width));
        draw(line, *colors,
             &picture.pixels[(static_cast<std::size_t>(place.Top + row) * width +
                              static_cast<std::size_t>(place.Left)) *
                             3]);
      }
    }
    return picture;
  }

  void draw(const Bytes& line, const ColorMapObject& colors, std::uint8_t* to) const {
    for (const std::uint8_t index : line) {
      if (index != transparent_) {
        if (index >= colors.ColorCount)
          refuse_image(file_, "the GIF is damaged: a pixel refers to a color that the palette lacks");
        const GifColorType& color = colors.Colors[index];
        to[0] = color.Red;
        to[1] = color.Green;
        to[2] = color.Blue;
      }
      to += 3;
    }
  }

  const std::filesystem::path& file_;
  std::span<const std::uint8_t> rest_;
  Gif gif_;
  int transparent_ = NO_TRANSPARENT_COLOR;
};

}  // namespace

Picture decode_gif(const std::filesystem::path& file, const Bytes& bytes) {
  return GifReader(file, bytes).read();
}
