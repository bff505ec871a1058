#include <cstdlib>

#include "formats.h"

namespace {

/// A BMP of uncompressed pixels with 1, 4, 8, 24 or 32 bits, which is what programs write. The format is so
/// plain that a library would bring more code than it saves.
class BmpReader {
 public:
  BmpReader(const std::filesystem::path& file, const Bytes& bytes) : file_(file), bytes_(bytes) {}

  Picture read() {
    read_header();
    check_size(file_, width_, height_);
    const std::size_t stride = (width_ * bits_ + 31) / 32 * 4;  // whole words of 32 bits
    need(pixels_, height_ * stride);
    Picture picture = blank(file_, width_, height_);
    for (std::size_t y = 0; y < height_; ++y) {
      const std::size_t row = pixels_ + (bottom_up_ ? height_ - 1 - y : y) * stride;
      for (std::size_t x = 0; x < width_; ++x) {
        const std::uint8_t* blue = bits_ > 8 ? &bytes_[row + x * (bits_ / 8)] : color(index(row, x));
        for (std::size_t c = 0; c < 3; ++c) picture.pixels[(y * width_ + x) * 3 + c] = blue[2 - c];
      }
    }
    return picture;
  }

 private:
  static constexpr std::size_t kFileHeader = 14;
  static constexpr std::size_t kInfoHeader = 40;

  [[noreturn]] void damaged() const { refuse_image(file_, "the BMP is damaged or cut short"); }
  void need(std::size_t at, std::size_t count) const {
    if (at > bytes_.size() || count > bytes_.size() - at) damaged();
  }
  std::uint32_t number(std::size_t at, std::size_t bytes) const {
    need(at, bytes);
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) value |= std::uint32_t{bytes_[at + i]} << (8 * i);
    return value;
  }

  void read_header() {
    const std::size_t header = number(kFileHeader, 4);
    if (header < kInfoHeader)
      refuse_image(file_,
                   "this kind of BMP is not supported, only uncompressed ones of 1, 4, 8, 24 or 32 bits; "
                   "convert it to PNG");
    constexpr std::size_t kWidth = kFileHeader + 4;
    constexpr std::size_t kHeight = kFileHeader + 8;
    constexpr std::size_t kBits = kFileHeader + 14;
    constexpr std::size_t kCompression = kFileHeader + 16;
    constexpr std::size_t kColors = kFileHeader + 32;
    const auto width = static_cast<std::int32_t>(number(kWidth, 4));
    const auto height = static_cast<std::int64_t>(static_cast<std::int32_t>(number(kHeight, 4)));
    if (width <= 0 || height == 0) damaged();
    width_ = static_cast<std::size_t>(width);
    height_ = static_cast<std::size_t>(std::abs(height));
    bottom_up_ = height > 0;
    bits_ = number(kBits, 2);
    if (number(kCompression, 4) != 0 ||
        !(bits_ == 1 || bits_ == 4 || bits_ == 8 || bits_ == 24 || bits_ == 32))
      refuse_image(file_,
                   "this kind of BMP is not supported, only uncompressed ones of 1, 4, 8, 24 or 32 bits; "
                   "convert it to PNG");
    palette_ = kFileHeader + header;
    const std::size_t most = bits_ <= 8 ? std::size_t{1} << bits_ : 0;
    const std::size_t said = number(kColors, 4);
    colors_ = said == 0 || said > most ? most : said;
    need(palette_, colors_ * 4);
    pixels_ = number(10, 4);
  }

  std::size_t index(std::size_t row, std::size_t x) const {
    const std::size_t bit = x * bits_;
    const unsigned shift = static_cast<unsigned>(8 - bits_ - bit % 8);
    return (bytes_[row + bit / 8] >> shift) & ((1U << bits_) - 1);
  }
  const std::uint8_t* color(std::size_t index) const {
    if (index >= colors_)
      refuse_image(file_, "the BMP is damaged: a pixel refers to a color that the palette lacks");
    return &bytes_[palette_ + index * 4];
  }

  const std::filesystem::path& file_;
  const Bytes& bytes_;
  std::size_t width_ = 0;
  std::size_t height_ = 0;
  std::size_t bits_ = 0;
  bool bottom_up_ = true;
  std::size_t palette_ = 0;
  std::size_t colors_ = 0;
  std::size_t pixels_ = 0;
};

}  // namespace

Picture decode_bmp(const std::filesystem::path& file, const Bytes& bytes) {
  return BmpReader(file, bytes).read();
}
