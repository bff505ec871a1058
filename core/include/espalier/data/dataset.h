#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "espalier/layers/shape.h"
#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_base.h"

namespace espalier {

enum class Split { train, test };

/// Labelled images in memory, a byte a channel and pixel.
struct Images {
  Shape shape;
  std::vector<std::uint8_t> pixels;   ///< [size(), channels, height, width]
  std::vector<std::uint16_t> labels;  ///< [size()]

  std::size_t size() const { return labels.size(); }
  std::span<const std::uint8_t> image(std::size_t index) const {
    const auto length = static_cast<std::size_t>(shape.elements());
    return std::span(pixels).subspan(index * length, length);
  }
};

/// What a network is fed: (pixel / 255 - mean) / standard_deviation, a number a channel.
struct Normalization {
  std::vector<float> mean;
  std::vector<float> standard_deviation;
};

/// Images and labels to train on and to test with. Constructing one touches no file.
class ESPALIER_EXPORT Dataset : public Plugin {
 public:
  ~Dataset() override;

  /// [any-thread] Of every image.
  Shape shape() const;
  /// [any-thread] How many classes there are; labels count from 0.
  std::size_t classes() const;
  /// [any-thread]
  Normalization normalization() const;

  /// [any-thread] Reads all images of a split. Throws Error, naming the file, the layout and where to get it,
  /// when it is missing, damaged or foreign, or when a label is out of range.
  Images read(Split split) const;

  /// [any-thread] What read() gives, read once for all callers and kept in memory as long as the dataset
  /// lives.
  std::shared_ptr<const Images> images(Split split) const;

 protected:
  Dataset() = default;
  virtual Shape shape_impl() const = 0;
  virtual std::size_t classes_impl() const = 0;
  virtual Normalization normalization_impl() const = 0;
  virtual Images read_impl(Split split) const = 0;

 private:
  mutable std::mutex mutex_;
  mutable std::map<Split, std::shared_ptr<const Images>> images_;
};

}  // namespace espalier
