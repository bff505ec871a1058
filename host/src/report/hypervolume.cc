#include "report/hypervolume.h"

#include <algorithm>
#include <span>

// By slices of the last objective: from the best value down, each slice between two neighboring values is as
// high as they are apart, and its base is the hypervolume, in one dimension less, of the points that reach
// it. That takes n^(d-1) steps for n points in d dimensions, which is little for fronts of hundreds of
// points.
namespace espalier::host {
namespace {

using Points = std::vector<std::vector<double>>;

double volume(Points points, std::span<const double> reference) {
  const std::size_t last = reference.size() - 1;
  std::ranges::sort(points, std::ranges::greater(), [last](const auto& point) { return point[last]; });
  if (last == 0) return points.empty() ? 0.0 : points.front()[0] - reference[0];
  double total = 0.0;
  Points base;
  for (std::size_t i = 0; i < points.size(); ++i) {
    base.push_back(points[i]);
    const double below = i + 1 < points.size() ? points[i + 1][last] : reference[last];
    const double height = points[i][last] - below;
    if (height > 0.0) total += height * volume(base, reference.first(last));
  }
  return total;
}

}  // namespace

double hypervolume(Points points, const std::vector<double>& reference) {
  std::erase_if(points, [&](const std::vector<double>& point) {
    return !std::ranges::equal(point, reference, std::ranges::greater());
  });
  return points.empty() ? 0.0 : volume(std::move(points), reference);
}

}  // namespace espalier::host
