#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "arguments.h"
#include "cli.h"
#include "commands/commands.h"
#include "espalier/data/reads_pictures.h"
#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/plugin/plugin_call.h"
#include "exports/checked_picture.h"
#include "exports/export_run.h"
#include "text/output.h"
#include "text/text.h"

namespace espalier::program {
namespace {

namespace fs = std::filesystem;

struct PredictOptions {
  Folders plugin_path;
  fs::path path;
  std::vector<fs::path> pictures;
  std::size_t top = 3;
  bool json = false;
};

/// What the network says of a picture, the likeliest class first.
struct Prediction {
  fs::path picture;
  std::vector<std::pair<std::string, double>> classes;  ///< with their probabilities
};

bool is_picture_name(const fs::path& file) {
  static const std::set<std::string> extensions = {".png", ".jpg", ".jpeg", ".webp",
                                                   ".gif", ".tif", ".tiff", ".bmp"};
  std::string extension = file.extension().string();
  std::ranges::transform(extension, extension.begin(), [](unsigned char c) { return std::tolower(c); });
  return extensions.contains(extension);
}

/// The files themselves, and of folders the pictures within them, in the order of their names.
std::vector<fs::path> picture_files(const std::vector<fs::path>& given) {
  std::vector<fs::path> files;
  for (const fs::path& path : given) {
    std::error_code failed;
    if (!fs::is_directory(path, failed)) {
      files.push_back(path);
      continue;
    }
    std::vector<fs::path> found;
    for (auto entry =
             fs::recursive_directory_iterator(path, fs::directory_options::skip_permission_denied, failed);
         !failed && entry != fs::recursive_directory_iterator(); entry.increment(failed))
      if (std::error_code ignored; entry->is_regular_file(ignored) && is_picture_name(entry->path()))
        found.push_back(entry->path());
    if (failed) throw Error({.what = "cannot read the folder: " + failed.message(), .where = path.string()});
    if (found.empty())
      throw UsageError({.what = "this folder holds no pictures",
                        .where = path.string(),
                        .expected = "PNG, JPEG, WebP, GIF, TIFF or BMP files"});
    std::ranges::sort(found);
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

/// The dataset of the run where it makes images of pictures, and else image_folder, which makes images of the
/// shape that the network takes.
std::unique_ptr<Dataset> picture_reader(const exports::UsableNetwork& network,
                                        host::PluginRegistry& registry) {
  try {
    auto own = network.dataset();
    if (ability<const ReadsPictures>(*own) != nullptr) return own;
  } catch (const Error&) {  // its plugin is not there, and is not needed
  }
  return registry.make<Dataset>("image_folder", Config(ConfigValue::map(), "dataset"));
}

std::vector<double> probabilities(std::span<const float> logits) {
  const double largest = *std::ranges::max_element(logits);
  std::vector<double> shares(logits.size());
  std::ranges::transform(logits, shares.begin(), [&](float logit) { return std::exp(logit - largest); });
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share /= sum;
  return shares;
}

Prediction prediction(const fs::path& picture, std::span<const float> logits,
                      const std::vector<std::string>& classes, std::size_t top) {
  const std::vector<double> shares = probabilities(logits);
  std::vector<std::size_t> order(shares.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return shares[a] > shares[b]; });
  Prediction made{.picture = picture, .classes = {}};
  for (std::size_t i = 0; i < std::min(top, order.size()); ++i)
    made.classes.emplace_back(classes.at(order[i]), shares[order[i]]);
  return made;
}

std::string text_of(const std::vector<Prediction>& predictions) {
  Table table({{"PICTURE"}, {"CLASS"}, {"PROBABILITY", Table::Align::right}, {"THEN"}});
  constexpr double percent = 100.0;
  for (const Prediction& made : predictions) {
    std::vector<std::string> others;
    for (std::size_t i = 1; i < made.classes.size(); ++i)
      others.push_back(fmt::format("{} {:.1f} %", made.classes[i].first, percent * made.classes[i].second));
    table.add({made.picture.string(), made.classes.front().first,
               fmt::format("{:.1f} %", percent * made.classes.front().second),
               others.empty() ? "-" : comma_list(others)});
  }
  return table.render();
}

nlohmann::ordered_json json_of(const std::vector<Prediction>& predictions) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Prediction& made : predictions) {
    nlohmann::ordered_json classes = nlohmann::ordered_json::array();
    for (const auto& [name, share] : made.classes)
      classes.push_back({{"name", name}, {"probability", share}});
    list.push_back({{"picture", made.picture.string()},
                    {"class", made.classes.front().first},
                    {"probability", made.classes.front().second},
                    {"classes", std::move(classes)}});
  }
  return list;
}

void predict(const PredictOptions& options) {
  const auto registry =
      make_registry_of_own_plugins(host::begun_run(exports::run_of(options.path)), options.plugin_path);
  exports::UsableNetwork network(options.path, *registry);
  const exports::ImageInput& input = network.input();
  const std::vector<fs::path> files = picture_files(options.pictures);
  const auto reader = picture_reader(network, *registry);
  std::vector<Prediction> predictions;
  std::vector<ErrorDetails> failures;
  for (const fs::path& file : files) {
    try {
      const std::vector<std::uint8_t> pixels = exports::read_checked_picture(*reader, file, input.shape);
      const std::vector<float> logits = network.network().logits(exports::normalized(pixels, input));
      predictions.push_back(prediction(file, logits, input.classes, options.top));
    } catch (const UsageError&) {
      throw;
    } catch (const PluginFailure&) {  // it would come for every picture
      throw;
    } catch (const Error& error) {
      failures.push_back(error.details());
    }
  }
  if (!predictions.empty() || failures.empty()) {
    if (options.json) print_json(json_of(predictions));
    if (!options.json) print(text_of(predictions));
  }
  if (failures.empty()) return;
  flush_output();
  if (failures.size() == 1) throw Error(failures.front());
  std::vector<std::string> list;
  list.reserve(failures.size());
  for (const ErrorDetails& each : failures) list.push_back(fmt::format("{} ({})", each.where, each.what));
  throw Error({.what = fmt::format("{} pictures cannot be read: {}", failures.size(), join_names(list)),
               .expected = failures.front().expected});
}

}  // namespace

void add_predict(CLI::App& program) {
  auto options = std::make_shared<PredictOptions>();
  CLI::App* command = program.add_subcommand("predict", "Classify pictures with a trained network of a run");
  command
      ->add_option("RUN", options->path,
                   "the directory of a run that trained a network, or the folder of a training within one")
      ->type_name("")
      ->required();
  command
      ->add_option("PICTURE", options->pictures,
                   "picture files (PNG, JPEG, WebP, GIF, TIFF, BMP) of any size, or folders of them")
      ->type_name("")
      ->required();
  command->add_option("--top", options->top, "how many classes to show of each picture (default 3)")
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("K");
  add_json(*command, options->json);
  add_plugin_path(*command, options->plugin_path);
  set_examples(*command,
               {"espalier predict runs/flowers holiday.jpg", "espalier predict runs/flowers photos --json"});
  command->callback([options] { predict(*options); });
}

}  // namespace espalier::program
