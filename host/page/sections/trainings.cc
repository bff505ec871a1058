#include <fmt/format.h>

#include <algorithm>

#include "espalier/errors/errors.h"
#include "espalier/host/report/epoch_history.h"
#include "espalier/host/report/figure_text.h"
#include "espalier/host/report/summary.h"
#include "espalier/host/report/table.h"
#include "page/sections/confusion.h"
#include "page/sections/sections.h"

namespace espalier::page {
namespace {

using host::EpochFigures;
using host::ReportedTraining;

/// A training and the run that it belongs to.
struct Placed {
  const host::ReportedRun* run = nullptr;
  const ReportedTraining* training = nullptr;
  std::string name;
};

std::vector<Placed> placed(const Material& material) {
  std::vector<Placed> all;
  const bool several = material.runs().size() > 1;
  for (const host::ReportedRun& run : material.runs())
    for (const ReportedTraining& training : run.trainings) {
      std::string name = run.evaluates ? host::run_name(run)
                                       : fmt::format("{}, seed {}", training.label, training.search_seed);
      if (several && !run.evaluates) name = fmt::format("{}: {}", host::run_name(run), name);
      if (training.trained && training.trained->seed != training.search_seed)
        name += fmt::format(", trained with seed {}", training.trained->seed);
      all.push_back({.run = &run, .training = &training, .name = std::move(name)});
    }
  for (const host::ReportedRun& run : material.runs())
    for (const host::ReportedBaseline& baseline : run.baselines)
      for (const ReportedTraining& training : baseline.trainings) {
        const std::string name = fmt::format("{}, seed {}", baseline.name, training.search_seed);
        all.push_back({.run = &run,
                       .training = &training,
                       .name = several ? fmt::format("{}: {}", host::run_name(run), name) : name});
      }
  return all;
}

std::vector<Cell> training_row(const Placed& placed) {
  const host::TrainedArchitecture& trained = *placed.training->trained;
  const TrainingResult& result = trained.result;
  const std::string interval =
      result.test_images > 0 ? host::interval(host::wilson_interval(result.test, result.test_images)) : "–";
  return {{.text = placed.name},
          {.text = host::grouped(result.parameters), .number = static_cast<double>(result.parameters)},
          {.text = host::shown(result.test), .number = result.test},
          {.text = interval},
          {.text = host::shown(result.test_loss), .number = result.test_loss},
          {.text = result.validation ? host::shown(*result.validation) : "–", .number = result.validation}};
}

Table trainings_table(const std::vector<Placed>& all) {
  Table table{.id = "trainings-table",
              .title = "Trainings from scratch",
              .caption =
                  "The interval (Wilson) tells how far chance in the choice of the test images reaches, and "
                  "not how far "
                  "another seed does.",
              .columns = {{.title = "training"},
                          {.title = "parameters", .number = true},
                          {.title = "test %", .number = true},
                          {.title = "95 % interval", .number = true},
                          {.title = "test loss", .number = true},
                          {.title = "validation %", .number = true}},
              .rows = {}};
  for (const Placed& each : all)
    if (each.training->trained) table.rows.push_back(training_row(each));
  return table;
}

std::vector<EpochFigures> epochs_of(const Placed& placed, Material& material) try {
  return host::read_epochs(placed.training->folder);
} catch (const Error& error) {
  material.add_gap(*placed.run, error);
  return {};
}

Series training_series(const Placed& placed, std::size_t style, const std::vector<EpochFigures>& epochs,
                       std::optional<double> EpochFigures::*figure) {
  Series series{.name = placed.name, .style = style, .points = {}};
  for (const EpochFigures& epoch : epochs)
    if (const auto value = epoch.*figure)
      series.points.push_back({.x = static_cast<double>(epoch.epoch), .y = *value});
  return series;
}

void add_curves(const std::vector<Placed>& all, Material& material, Section& section) {
  constexpr std::size_t most = 8;
  Lines accuracy{.x = {.title = "epochs"},
                 .y = {.title = "accuracy %"},
                 .right = {},
                 .panels = {{.title = "training", .series = {}}, {.title = "validation", .series = {}}}};
  Lines loss{.x = {.title = "epochs"},
             .y = {.title = "loss"},
             .right = {},
             .panels = {{.title = "training", .series = {}}, {.title = "validation", .series = {}}}};
  for (std::size_t i = 0; i < std::min(most, all.size()); ++i) {
    const auto epochs = epochs_of(all[i], material);
    const auto add = [&](Panel& panel, std::optional<double> EpochFigures::*figure) {
      Series series = training_series(all[i], i, epochs, figure);
      if (!series.points.empty()) panel.series.push_back(std::move(series));
    };
    add(accuracy.panels[0], &EpochFigures::train_accuracy);
    add(accuracy.panels[1], &EpochFigures::validation_accuracy);
    add(loss.panels[0], &EpochFigures::train_loss);
    add(loss.panels[1], &EpochFigures::validation_loss);
  }
  const auto add_figure = [&](Lines& lines, const char* id, const char* title) {
    std::erase_if(lines.panels, [](const Panel& panel) { return panel.series.empty(); });
    if (lines.panels.empty()) return;
    section.items.emplace_back(
        Figure{.id = id,
               .title = title,
               .caption = all.size() > most ? fmt::format("The first {} of {} trainings.", most, all.size())
                                            : "Means over each epoch of each training.",
               .content = std::move(lines)});
  };
  add_figure(accuracy, "training-accuracy", "Accuracy of the trainings");
  add_figure(loss, "training-loss", "Loss of the trainings");
}

void add_classes(const std::vector<Placed>& all, Section& section) {
  const auto with = std::ranges::find_if(all, [](const Placed& each) {
    return each.training->trained && !each.training->trained->result.classes.empty();
  });
  if (with == all.end()) return;
  const host::TrainedArchitecture& trained = *with->training->trained;
  Table table{.id = "classes",
              .title = "Classes",
              .caption = fmt::format("Test accuracy of each class: {}.", with->name),
              .columns = {{.title = "class"},
                          {.title = "images", .number = true},
                          {.title = "correct", .number = true},
                          {.title = "accuracy %", .number = true}},
              .rows = {}};
  for (std::size_t i = 0; i < trained.result.classes.size(); ++i) {
    const ClassResult& each = trained.result.classes[i];
    const auto accuracy = each.accuracy();
    table.rows.push_back(
        {{.text = i < trained.class_names.size() ? trained.class_names[i] : fmt::to_string(i)},
         {.text = host::grouped(static_cast<std::int64_t>(each.images)),
          .number = static_cast<double>(each.images)},
         {.text = host::grouped(static_cast<std::int64_t>(each.correct)),
          .number = static_cast<double>(each.correct)},
         {.text = accuracy ? host::shown(*accuracy) : "–", .number = accuracy}});
  }
  section.items.emplace_back(std::move(table));
  add_confusion(trained, with->name, section);
}

}  // namespace

std::optional<Section> trainings(Material& material) {
  const std::vector<Placed> all = placed(material);
  if (all.empty()) return std::nullopt;
  Section section{.id = "trainings", .title = "Trainings from scratch"};
  if (Table table = trainings_table(all); !table.rows.empty()) section.items.emplace_back(std::move(table));
  add_curves(all, material, section);
  add_classes(all, section);
  if (section.items.empty()) return std::nullopt;
  return section;
}

}  // namespace espalier::page
