#include "espalier/data/dataset.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/search/interrupted.h"

namespace espalier {

Dataset::~Dataset() = default;

Shape Dataset::shape() const {
  return call_plugin(*this, "shape()", [&] { return shape_impl(); });
}

std::size_t Dataset::classes() const {
  return call_plugin(*this, "classes()", [&] { return classes_impl(); });
}

std::vector<std::string> Dataset::class_names() const {
  std::vector<std::string> names = call_plugin(*this, "class_names()", [&] { return class_names_impl(); });
  if (!names.empty() && names.size() != classes())
    throw_plugin_mistake(*this, fmt::format("the plugin's class_names() gave {} names", names.size()),
                         fmt::format("none, or one for each of {} classes", classes()));
  return names;
}

Normalization Dataset::normalization() const {
  return call_plugin(*this, "normalization()", [&] { return normalization_impl(); });
}

std::string Dataset::preparation() const {
  return call_plugin(*this, "preparation()", [&] { return preparation_impl(); });
}

bool Dataset::may_be_mirrored() const {
  return call_plugin(*this, "may_be_mirrored()", [&] { return may_be_mirrored_impl(); });
}

Images Dataset::read(Split split) const {
  Images images = call_plugin(*this, "read()", [&] { return read_impl(split); });
  const Shape expected_shape = shape();
  const auto refuse = [&](const std::string& what, const std::string& expected) {
    throw Error(
        {.what = what,
         .where = fmt::format("dataset \"{}\", split {}", name(), split == Split::train ? "train" : "test"),
         .expected = expected});
  };
  if (images.shape != expected_shape)
    refuse("images of " + to_string(images.shape), to_string(expected_shape));
  if (images.labels.empty()) refuse("there are no images", "at least one");
  const std::size_t bytes = images.size() * static_cast<std::size_t>(images.shape.elements());
  if (images.pixels.size() != bytes) {
    refuse(fmt::format("{} bytes for {} images", images.pixels.size(), images.size()),
           fmt::format("{}", bytes));
  }
  const auto largest = std::max_element(images.labels.begin(), images.labels.end());
  const std::size_t class_count = classes();
  if (*largest >= class_count) {
    refuse(fmt::format("image {} has the label {}", largest - images.labels.begin(), *largest),
           fmt::format("0 to {}", class_count - 1));
  }
  if (look_) look_(split, images);
  return images;
}

void Dataset::on_read(std::function<void(Split, const Images&)> look) {
  const std::lock_guard lock(mutex_);
  look_ = std::move(look);
  if (!look_) return;
  for (const auto& [split, images] : images_)
    if (images) look_(split, *images);
}

void Dataset::stop_reading_when(std::function<bool()> asked) { stop_asked_ = std::move(asked); }

void Dataset::check_stop() const {
  if (stop_asked_ && stop_asked_())
    throw Interrupted({.what = fmt::format("stopped while the images of \"{}\" were read", name())});
}

std::shared_ptr<const Images> Dataset::images(Split split) const {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<const Images>& images = images_[split];
  if (!images) images = std::make_shared<const Images>(read(split));
  return images;
}

}  // namespace espalier
