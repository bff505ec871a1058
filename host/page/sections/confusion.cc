#include "page/sections/confusion.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "espalier/host/report/figure_text.h"
#include "espalier/host/report/table.h"

namespace espalier::page {
namespace {

/// More rows than these no reader compares.
constexpr std::size_t kMostClasses = 50;
constexpr std::size_t kMostConfusions = 15;

struct Confusion {
  std::size_t label = 0;
  std::size_t taken_for = 0;
  std::uint64_t images = 0;
  double share = 0.0;  ///< of the images of the class
};

std::vector<Confusion> confusions(const host::TrainedArchitecture& trained) {
  std::vector<Confusion> all;
  const std::vector<ClassResult>& classes = trained.result.classes;
  for (std::size_t label = 0; label < classes.size(); ++label)
    for (std::size_t other = 0; other < classes[label].predicted.size(); ++other) {
      const std::uint64_t images = classes[label].predicted[other];
      if (other == label || images == 0) continue;
      all.push_back({.label = label,
                     .taken_for = other,
                     .images = images,
                     .share = static_cast<double>(images) / static_cast<double>(classes[label].images)});
    }
  std::ranges::stable_sort(all, std::ranges::greater(), &Confusion::images);
  return all;
}

Figure matrix(const host::TrainedArchitecture& trained, const std::string& name) {
  const std::vector<ClassResult>& classes = trained.result.classes;
  HeatMap map{.x = {.title = "predicted class, by its number"},
              .columns = std::vector<double>(classes.size()),
              .meaning = "share of the images",
              .groups = {{.name = "true class", .rows = {}, .values = {}}}};
  std::iota(map.columns.begin(), map.columns.end(), 0.0);
  for (std::size_t label = 0; label < classes.size(); ++label) {
    map.groups.front().rows.push_back(fmt::format("{} {}", label, trained.class_names[label]));
    std::vector<double>& row = map.groups.front().values.emplace_back();
    row.reserve(classes.size());
    const double images = std::max(1.0, static_cast<double>(classes[label].images));
    for (const std::uint64_t taken : classes[label].predicted)
      row.push_back(static_cast<double>(taken) / images);
  }
  return {.id = "confusion",
          .title = "Confusion matrix",
          .caption = fmt::format("What {} takes the test images of each class for.", name),
          .content = std::move(map)};
}

}  // namespace

void add_confusion(const host::TrainedArchitecture& trained, const std::string& name, Section& section) {
  const std::vector<ClassResult>& classes = trained.result.classes;
  const auto tells = [&](const ClassResult& each) { return each.predicted.size() == classes.size(); };
  if (classes.empty() || !std::ranges::all_of(classes, tells)) return;
  if (classes.size() <= kMostClasses) section.items.emplace_back(matrix(trained, name));
  std::vector<Confusion> all = confusions(trained);
  if (all.empty()) return;
  const std::size_t shown = std::min(all.size(), kMostConfusions);
  Table table{.id = "confusions",
              .title = "Confusions",
              .caption = fmt::format("The {} most frequent of {} confusions of {}.", shown, all.size(), name),
              .columns = {{.title = "class"},
                          {.title = "taken for"},
                          {.title = "images", .number = true},
                          {.title = "of the class %", .number = true}},
              .rows = {}};
  for (std::size_t i = 0; i < shown; ++i) {
    constexpr double percent = 100.0;
    const double share = percent * all[i].share;
    table.rows.push_back({{.text = trained.class_names[all[i].label]},
                          {.text = trained.class_names[all[i].taken_for]},
                          {.text = host::grouped(static_cast<std::int64_t>(all[i].images)),
                           .number = static_cast<double>(all[i].images)},
                          {.text = host::shown(share), .number = share}});
  }
  section.items.emplace_back(std::move(table));
}

}  // namespace espalier::page
