#include "text/class_accuracy.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "text/text.h"

namespace espalier::program {
namespace {

std::string images_text(std::uint64_t images) { return grouped(static_cast<std::int64_t>(images)); }

}  // namespace

std::string class_accuracy(const host::TrainedArchitecture& trained) {
  std::vector<std::pair<double, std::string>> classes;
  std::vector<std::uint64_t> images;
  for (std::size_t label = 0; label < trained.result.classes.size(); ++label) {
    const ClassResult& found = trained.result.classes[label];
    images.push_back(found.images);
    if (const auto accuracy = found.accuracy())
      classes.emplace_back(*accuracy, trained.class_names.at(label));
  }
  if (classes.empty()) return "";
  double sum = 0.0;
  for (const auto& [accuracy, name] : classes) sum += accuracy;
  const auto [worst, best] = std::ranges::minmax_element(classes);
  std::string text =
      fmt::format("by class       {:.2f} % ({}) to {:.2f} % ({}), mean {:.2f} %\n", worst->first,
                  worst->second, best->first, best->second, sum / static_cast<double>(classes.size()));
  // From here on the classes weigh so differently that the accuracy alone misleads.
  constexpr std::uint64_t unequal = 2;
  const auto [fewest, most] = std::ranges::minmax_element(images);
  if (*most >= unequal * *fewest)
    text += fmt::format("               the classes have {} to {} test images: the mean counts them alike\n",
                        images_text(*fewest), images_text(*most));
  return text;
}

}  // namespace espalier::program
