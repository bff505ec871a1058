#include <webp/decode.h>
#include <webp/demux.h>

#include <algorithm>
#include <memory>

#include "formats.h"

namespace {

using Decoder = std::unique_ptr<WebPAnimDecoder, decltype(&WebPAnimDecoderDelete)>;

int orientation_of(const WebPDemuxer* demuxer) {
  WebPChunkIterator chunk;
  if (WebPDemuxGetChunk(demuxer, "EXIF", 1, &chunk) == 0) return 1;
  // Some writers put the mark of a JPEG's EXIF data before it, and some do not.
  Bytes exif = {'E', 'x', 'i', 'f', 0, 0};
  const bool marked =
      chunk.chunk.size > exif.size() && std::equal(exif.begin(), exif.end(), chunk.chunk.bytes);
  exif.insert(exif.end(), chunk.chunk.bytes + (marked ? exif.size() : 0),
              chunk.chunk.bytes + chunk.chunk.size);
  WebPDemuxReleaseChunkIterator(&chunk);
  return exif_orientation(exif.data(), exif.size());
}

}  // namespace

Picture decode_webp(const std::filesystem::path& file, const Bytes& bytes) {
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(bytes.data(), bytes.size(), &features) != VP8_STATUS_OK)
    refuse_image(file, "the WebP is damaged or cut short");
  const auto width = static_cast<std::size_t>(features.width);
  const auto height = static_cast<std::size_t>(features.height);
  check_size(file, width, height);

  const WebPData data = {.bytes = bytes.data(), .size = bytes.size()};
  const Decoder decoder(WebPAnimDecoderNew(&data, nullptr), WebPAnimDecoderDelete);
  WebPAnimInfo info;
  if (!decoder || WebPAnimDecoderGetInfo(decoder.get(), &info) == 0 || info.canvas_width != width ||
      info.canvas_height != height)
    refuse_image(file, "the WebP is damaged or cut short");
  std::uint8_t* rgba = nullptr;
  int time = 0;
  if (WebPAnimDecoderGetNext(decoder.get(), &rgba, &time) == 0) refuse_image(file, "the WebP is damaged");
  return turned(on_white(width, height, rgba), orientation_of(WebPAnimDecoderGetDemuxer(decoder.get())));
}
