#include <algorithm>

#include "espalier/errors/errors.h"
#include "page/sections/one_shot_methods.h"
#include "page/sections/sections.h"

namespace espalier::page {
namespace {

using host::EpochFigures;
using host::OneShotHistory;

/// Panels of one figure each; those without a curve are left out.
std::optional<Figure> epoch_figure(const std::string& id, const std::string& title,
                                   const std::string& caption, const std::string& y,
                                   const std::vector<std::pair<std::string, EpochFigure>>& panels,
                                   const std::vector<OneShotMethod>& methods) {
  Lines lines{.x = {.title = "search epochs"}, .y = {.title = y}, .right = {}, .panels = {}};
  for (const auto& [name, get] : panels) {
    Panel panel{.title = name, .series = {}};
    for (const OneShotMethod& method : methods)
      add_series(panel, method, get, {.name = "", .unit = y.ends_with('%') ? "%" : ""});
    if (!panel.series.empty()) lines.panels.push_back(std::move(panel));
  }
  if (lines.panels.empty()) return std::nullopt;
  return Figure{.id = id, .title = title, .caption = caption, .content = std::move(lines)};
}

std::optional<double> skip_share(const OneShotHistory& history, const EpochFigures& epoch) try {
  if (!history.run->space || epoch.architecture.empty()) return std::nullopt;
  const host::SkipCount count = host::count_skips(*history.run->space, epoch.architecture);
  return 100.0 * static_cast<double>(count.skips) /
         static_cast<double>(std::max<std::size_t>(1, count.choices));
} catch (const Error&) {
  return std::nullopt;
}

std::optional<std::uint64_t> common_epochs(const std::vector<OneShotMethod>& methods) {
  std::uint64_t shortest = methods.front().searches.front()->epochs.size();
  std::uint64_t longest = shortest;
  for (const OneShotMethod& method : methods) {
    shortest = std::min<std::uint64_t>(shortest, method.searches.front()->epochs.size());
    longest = std::max<std::uint64_t>(longest, method.searches.front()->epochs.size());
  }
  return shortest < longest ? std::optional(shortest) : std::nullopt;
}

}  // namespace

std::optional<Section> one_shot(Material& material) {
  const std::vector<OneShotMethod> methods = methods_of(material);
  if (methods.empty()) return std::nullopt;
  Section section{.id = "one-shot", .title = "One-shot searches"};
  const auto add = [&](std::optional<Figure> figure) {
    if (figure) section.items.emplace_back(*std::move(figure));
  };
  const auto figure = [](std::optional<double> EpochFigures::*member) {
    return [member](const OneShotHistory&, const EpochFigures& epoch) { return epoch.*member; };
  };
  if (const auto common = common_epochs(methods)) add(supernet_gap(material, methods, common));
  add(supernet_gap(material, methods, std::nullopt));
  add(epoch_figure(
      "supernet-accuracy", "Accuracy of the supernet",
      "Accuracy of the supernet on the images that its weights learn from, and on those that the "
      "architecture "
      "learns from.",
      "accuracy %",
      {{"training", figure(&EpochFigures::train_accuracy)},
       {"validation", figure(&EpochFigures::validation_accuracy)}},
      methods));
  add(epoch_figure("supernet-loss", "Loss of the supernet", "Mean loss of the supernet in each epoch.",
                   "loss",
                   {{"training", figure(&EpochFigures::train_loss)},
                    {"validation", figure(&EpochFigures::validation_loss)}},
                   methods));
  add(epoch_figure(
      "entropy", "Entropy of the strengths",
      "The mean entropy of the strengths over all choices: it falls as the search decides, and is 0 when "
      "everything is decided.",
      "entropy (nats)", {{"", figure(&EpochFigures::entropy)}}, methods));
  add(epoch_figure(
      "skip-connections", "Skip connections",
      "The share of the choices that take a skip connection in the architecture that the search stands for.",
      "choices %", {{"", skip_share}}, methods));
  for (Figure& each : strengths(methods)) section.items.emplace_back(std::move(each));
  if (section.items.empty()) return std::nullopt;
  return section;
}

}  // namespace espalier::page
