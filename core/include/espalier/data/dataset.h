#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "espalier/layers/shape.h"
#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_base.h"

namespace espalier {

/// Which part of a dataset: the images to train with, or those to test with.
enum class Split { train, test };

/// Labeled images in memory, with one byte for each channel of each pixel.
struct Images {
  Shape shape;
  std::vector<std::uint8_t> pixels;   ///< [size(), channels, height, width]
  std::vector<std::uint16_t> labels;  ///< [size()], from 0
  /// For people: what was left out of the files, in whole sentences.
  std::vector<std::string> notes = {};

  /// The number of images.
  std::size_t size() const { return labels.size(); }
  /// [channels, height, width] of one image.
  std::span<const std::uint8_t> image(std::size_t index) const {
    const auto length = static_cast<std::size_t>(shape.elements());
    return std::span(pixels).subspan(index * length, length);
  }
};

/// How pixels become the input of a network: (pixel / 255 - mean) / standard_deviation. Both have one value
/// for each channel.
struct Normalization {
  std::vector<float> mean;
  std::vector<float> standard_deviation;
};

/// Images and their labels, to train and to test with. Constructing a dataset reads no file.
class ESPALIER_EXPORT Dataset : public Plugin {
 public:
  ~Dataset() override;

  /// [any-thread] The shape of every image.
  Shape shape() const;
  /// [any-thread] The number of classes; labels are 0 to classes() - 1.
  std::size_t classes() const;
  /// [any-thread] The name of each class, in the order of the labels; empty where they have none. Throws
  /// Error when there is another number of names than of classes.
  std::vector<std::string> class_names() const;
  /// [any-thread] How its pixels are normalized.
  Normalization normalization() const;
  /// [any-thread] How a picture becomes an image of shape(), in words, for whoever feeds a trained network by
  /// other means; empty where the files hold such images already.
  std::string preparation() const;
  /// [any-thread] Whether an image still shows its class when it is mirrored, which a digit does not.
  /// Training mirrors no others.
  bool may_be_mirrored() const;

  /// [any-thread] Reads all images of a split from files. Throws Error when a label is out of range or when a
  /// file is missing, damaged or not of this dataset; it names the file, its layout and where to get it.
  Images read(Split split) const;

  /// [one-thread] For a host: calls `look` with all that read() is about to return, each time, and at once
  /// with what images() has read before. What it throws leaves these functions.
  void on_read(std::function<void(Split, const Images&)> look);

  /// [one-thread] For a host: read() throws Interrupted soon after `asked` turns true, where the plugin calls
  /// check_stop().
  void stop_reading_when(std::function<bool()> asked);

  /// [any-thread] The images of a split, which the first call reads and all callers share. They stay in
  /// memory as long as the dataset lives.
  std::shared_ptr<const Images> images(Split split) const;

 protected:
  Dataset() = default;

  /// [any-thread] For read_impl(), between images or files: throws Interrupted when the run is to stop, so
  /// that Ctrl-C need not wait for the last of a million images.
  void check_stop() const;

  // [any-thread] Hooks: what the function of the same name returns.

  virtual Shape shape_impl() const = 0;
  virtual std::size_t classes_impl() const = 0;
  virtual std::vector<std::string> class_names_impl() const { return {}; }
  virtual Normalization normalization_impl() const = 0;
  virtual std::string preparation_impl() const { return {}; }
  virtual bool may_be_mirrored_impl() const { return true; }
  virtual Images read_impl(Split split) const = 0;

 private:
  std::function<void(Split, const Images&)> look_;
  std::function<bool()> stop_asked_;
  mutable std::mutex mutex_;
  mutable std::map<Split, std::shared_ptr<const Images>> images_;
};

}  // namespace espalier
