#include "report/trial_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/errors/quoted.h"
#include "report/event_file.h"
#include "report/parameter_count.h"

namespace espalier::host {
namespace {

constexpr std::array before_objectives = {"run",           "optimizer",  "seed",    "phase",
                                          "training_seed", "stage",      "trial",   "epoch",
                                          "architecture",  "parameters", "fidelity"};
constexpr std::array after_objectives = {"seconds", "total_seconds", "measured_seconds", "best", "report"};
/// Of EpochEvent::more, where a bundled trainer writes them.
constexpr std::array learned = {"train_loss", "train_accuracy", "validation_loss", "validation_accuracy",
                                "entropy"};
/// A column of the table may not be called as another one is: "validation_accuracy" of a benchmark is not
/// that of an epoch's images.
constexpr std::string_view learned_prefix = "learned_";

constexpr std::size_t block_size = 1 << 18;

std::string number_text(double number) { return fmt::to_string(number); }

bool is_taken(const std::string& name) {
  return std::ranges::find(before_objectives, name) != before_objectives.end() ||
         std::ranges::find(after_objectives, name) != after_objectives.end() ||
         name.starts_with(learned_prefix);
}

}  // namespace

const ArchitectureFigures::Figures& ArchitectureFigures::of(const std::string& architecture) {
  constexpr std::size_t most = 1 << 16;
  if (const auto found = known_.find(architecture); found != known_.end()) return found->second;
  if (known_.size() >= most) known_.clear();
  return known_[architecture] = look_up(architecture);
}

ArchitectureFigures::Figures ArchitectureFigures::look_up(const std::string& architecture) const {
  Figures figures;
  figures.columns.resize(columns_.size());
  if (architecture.empty()) return figures;
  figures.parameters = parameter_count(space_, architecture);
  if (columns_.empty()) return figures;
  const Architecture parsed = space_.parse(architecture);
  std::ranges::transform(columns_, figures.columns.begin(), [&](const auto& value) { return value(parsed); });
  return figures;
}

TrialRows::TrialRows(std::vector<std::string> objectives, const std::vector<std::string>& columns,
                     Write write)
    : objectives_(std::move(objectives)), write_(std::move(write)) {
  for (const char* name : before_objectives) cell(name);
  for (const std::string& name : objectives_) cell(is_taken(name) ? "objective_" + name : name);
  for (const char* name : after_objectives) cell(name);
  for (const char* name : learned) cell(fmt::format("{}{}", learned_prefix, name));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string& name = columns[i];
    const auto before = columns.begin() + static_cast<std::ptrdiff_t>(i);
    if (is_taken(name) || std::find(columns.begin(), before, name) != before ||
        std::ranges::find(objectives_, name) != objectives_.end())
      throw UsageError({.what = fmt::format("two columns would have the name {}", quoted(name, 60)),
                        .remedy = "give the new one another name"});
    cell(name);
  }
  text_.back() = '\n';
}

void TrialRows::begin_run(const std::vector<std::string>& objectives, ArchitectureFigures& figures) {
  figures_ = &figures;
  value_of_.clear();
  for (const std::string& name : objectives_) {
    const auto found = std::ranges::find(objectives, name);
    value_of_.push_back(found == objectives.end()
                            ? std::nullopt
                            : std::optional(static_cast<std::size_t>(found - objectives.begin())));
  }
}

void TrialRows::add(const TrialPlace& place, const TrialEvent& event, std::optional<double> measured) {
  begin_row(place, event.more);
  cell(fmt::to_string(event.trial));
  cell("");
  add_architecture(event.architecture, event.fidelity, event.values);
  add_costs(event.seconds, measured);
  cell(event.best);
  cell(event.best_report);
  end_row(event.architecture, event.more);
}

void TrialRows::add(const TrialPlace& place, const EpochEvent& event, std::optional<double> measured) {
  const std::string& architecture = place.architecture.empty() ? event.architecture : place.architecture;
  begin_row(place, event.more);
  cell("");
  cell(fmt::to_string(event.epoch));
  add_architecture(architecture, 0, event.values);
  add_costs(event.seconds, measured);
  cell("");
  cell(event.report);
  end_row(architecture, event.more);
}

void TrialRows::begin_row(const TrialPlace& place, const nlohmann::json& more) {
  cell(place.run);
  cell(place.optimizer);
  cell(fmt::to_string(place.seed));
  cell(place.phase);
  cell(place.training ? fmt::to_string(*place.training) : "");
  cell(number_in(more, "stage"));
}

void TrialRows::add_architecture(const std::string& architecture, int fidelity,
                                 const std::vector<double>& values) {
  cell(architecture);
  const std::optional<std::int64_t> parameters = figures_->of(architecture).parameters;
  cell(parameters ? fmt::to_string(*parameters) : "");
  cell(fidelity == 0 ? "" : fmt::to_string(fidelity));
  for (const auto& index : value_of_)
    cell(index && *index < values.size() ? std::optional(values[*index]) : std::nullopt);
}

void TrialRows::add_costs(double seconds, std::optional<double> measured) {
  total_seconds_ += seconds;
  cell(seconds);
  cell(total_seconds_);
  cell(measured);
}

void TrialRows::end_row(const std::string& architecture, const nlohmann::json& more) {
  for (const char* name : learned) cell(number_in(more, name));
  for (const std::optional<double>& value : figures_->of(architecture).columns) cell(value);
  text_.back() = '\n';
  if (text_.size() >= block_size) flush();
}

void TrialRows::flush() {
  write_(text_);
  text_.clear();
}

void TrialRows::cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == text.npos) {
    text_ += text;
  } else {
    text_ += '"';
    for (const char character : text) {
      if (character == '"') text_ += '"';
      text_ += character;
    }
    text_ += '"';
  }
  text_ += ',';
}

void TrialRows::cell(const std::optional<double>& number) { cell(number ? number_text(*number) : ""); }

}  // namespace espalier::host
