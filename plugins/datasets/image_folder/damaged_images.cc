#include "damaged_images.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

using espalier::Error;

std::optional<Picture> DamagedImages::decode(const std::filesystem::path& file) {
  try {
    return ::decode(file);
  } catch (const Error& error) {
    problems_.push_back(error.details());
    return std::nullopt;
  }
}

std::string DamagedImages::list() const {
  constexpr std::size_t kMost = 20;
  std::vector<std::string> images;
  for (std::size_t i = 0; i < std::min(problems_.size(), kMost); ++i)
    images.push_back(fmt::format("{} ({})", problems_[i].where, problems_[i].what));
  if (problems_.size() > kMost) images.push_back(fmt::format("and {} more", problems_.size() - kMost));
  return fmt::format("{}", fmt::join(images, ", "));
}

void DamagedImages::refuse(const std::filesystem::path& folder) const {
  const espalier::ErrorDetails& first = problems_.front();
  if (problems_.size() == 1)
    throw Error({.what = first.what,
                 .where = first.where,
                 .expected = first.expected,
                 .remedy = first.remedy + ", or pass over it with skip_damaged: true"});
  throw Error({.what = fmt::format("{} images cannot be read: {}", problems_.size(), list()),
               .where = folder.string(),
               .expected = first.expected,
               .remedy = "replace these files with undamaged copies, remove them, or pass over them with "
                         "skip_damaged: true"});
}

std::string DamagedImages::note() const {
  if (problems_.empty()) return "";
  return fmt::format(
      "{} {} passed over: {}", problems_.size(),
      problems_.size() == 1 ? "image that cannot be read was" : "images that cannot be read were", list());
}
