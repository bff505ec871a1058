#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "arguments.h"
#include "cli.h"
#include "commands/commands.h"
#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/host/report/shell_quoted.h"
#include "exports/export_run.h"
#include "text/output.h"
#include "text/text.h"

namespace espalier::program {
namespace {

namespace fs = std::filesystem;
using exports::Format;

struct ExportOptions {
  Folders plugin_path;
  fs::path path;
  fs::path folder;
  std::vector<std::string> formats;
  bool verify = false;
  bool no_verify = false;
  std::string python = "python3";
  bool inherited = false;
  bool json = false;
};

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  names.reserve(exports::kFormats.size());
  for (const Format format : exports::kFormats) names.emplace_back(exports::name_of(format));
  return names;
}

std::vector<Format> formats_of(const std::vector<std::string>& names) {
  if (names.empty()) return {exports::kFormats.begin(), exports::kFormats.end()};
  std::vector<Format> formats;
  for (const std::string& name : names) {
    const auto found = std::ranges::find(exports::kFormats, name, exports::name_of);
    if (found == exports::kFormats.end())
      throw UsageError({.what = fmt::format("there is no format \"{}\"", name),
                        .where = "option --format",
                        .expected = comma_list(format_names()),
                        .nearest = nearest(name, format_names())});
    if (std::ranges::find(formats, *found) == formats.end()) formats.push_back(*found);
  }
  return formats;
}

/// The file of a format that counts, by which its size is shown.
std::string main_file(Format format) {
  switch (format) {
    case Format::pytorch:
      return "weights.pt";
    case Format::torchscript:
      return "model.pt";
    case Format::onnx:
      return "model.onnx";
    case Format::safetensors:
      return "weights.safetensors";
  }
  return {};
}

std::string size_text(std::size_t bytes) {
  constexpr double kilo = 1000.0;
  const auto size = static_cast<double>(bytes);
  if (size < kilo) return fmt::format("{} bytes", bytes);
  if (size < kilo * kilo) return fmt::format("{:.1f} kB", size / kilo);
  return fmt::format("{:.1f} MB", size / kilo / kilo);
}

/// Throws Error where an exported file computes something else.
void check_verified(const exports::Verified& verified, const exports::TestedAccuracy& tested) {
  for (const auto& [name, format] : verified.formats) {
    if (!format.missing.empty()) continue;
    if (!agrees(verified, format))
      throw Error({.what = fmt::format(
                       "the exported {} computes other logits: they differ by {:.1e}, of at most {:.1f}",
                       name, format.difference, verified.largest_logit),
                   .expected = "a difference of at most 1e-5 of the largest logit",
                   .remedy = "this is a fault of Espalier or of the plugin of a layer: please report it"});
    constexpr double two_images = 2.0;
    const double rounding =
        100.0 * two_images / static_cast<double>(std::max<std::size_t>(verified.images, 1));
    if (format.accuracy && verified.images == tested.images &&
        std::abs(*format.accuracy - tested.percent) > rounding)
      throw Error(
          {.what =
               fmt::format("the exported {} has a test accuracy of {:.2f} %, and the run recorded {:.2f} %",
                           name, *format.accuracy, tested.percent),
           .expected = "the same",
           .remedy = "check whether the dataset holds other images than when the network was trained"});
  }
}

std::string verified_text(const exports::Verified& verified, const std::string& remark) {
  std::set<std::string> missing;
  for (const auto& [name, format] : verified.formats)
    if (!format.missing.empty()) missing.insert(format.missing);
  std::string text = fmt::format("verified with {} on {} {} images\n", verified.python, verified.images,
                                 verified.test_images ? "test" : "random");
  for (const std::string& module : missing)
    text += fmt::format(
        "not verified where Python's module {} is needed, which {} lacks (--python names another)\n", module,
        verified.python);
  return text + (remark.empty() ? "" : remark + "\n");
}

std::string text_of(const ExportOptions& options, const exports::UsableNetwork& network,
                    const std::vector<Format>& formats, const std::map<std::string, std::string>& files,
                    const std::optional<exports::Verified>& verified, const std::string& remark) {
  Table table({{"FORMAT"},
               {"FILE"},
               {"SIZE", Table::Align::right},
               {"LARGEST DIFFERENCE", Table::Align::right},
               {"TEST ACCURACY", Table::Align::right}});
  for (const Format format : formats) {
    std::string difference = "-";
    std::string accuracy = "-";
    if (verified) {
      const exports::VerifiedFormat& ran = verified->formats.at(std::string(exports::name_of(format)));
      if (ran.missing.empty()) difference = fmt::format("{:.1e}", ran.difference);
      if (ran.accuracy) accuracy = fmt::format("{:.2f} %", *ran.accuracy);
    }
    const std::string file = main_file(format);
    table.add({std::string(exports::name_of(format)), file, size_text(files.at(file).size()), difference,
               accuracy});
  }
  std::string text =
      fmt::format("{} · {} classes · {} parameters · {:.2f} % of the test images\n\n{}\n",
                  network.space().name(), network.input().classes.size(),
                  grouped(network.tested().parameters), network.tested().percent, table.render());
  if (verified) {
    text += verified_text(*verified, remark);
  } else if (!options.no_verify) {
    text += fmt::format("not verified: there is no {} with numpy (--python names another)\n", options.python);
  }
  return text + fmt::format("\nexported to {}; its README.md says how to use it\n", options.folder.string());
}

nlohmann::ordered_json json_of(const exports::UsableNetwork& network, const std::vector<Format>& formats,
                               const std::map<std::string, std::string>& files, const fs::path& folder,
                               const std::optional<exports::Verified>& verified) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Format format : formats) {
    nlohmann::ordered_json entry = {{"format", exports::name_of(format)},
                                    {"file", (folder / main_file(format)).string()},
                                    {"bytes", files.at(main_file(format)).size()}};
    if (verified) {
      const exports::VerifiedFormat& ran = verified->formats.at(std::string(exports::name_of(format)));
      if (ran.missing.empty()) entry["difference"] = ran.difference;
      if (ran.accuracy) entry["test_accuracy"] = *ran.accuracy;
      if (!ran.missing.empty()) entry["missing"] = ran.missing;
    }
    list.push_back(std::move(entry));
  }
  nlohmann::ordered_json json = {{"search_space", network.space().name()},
                                 {"architecture", network.architecture()},
                                 {"parameters", network.tested().parameters},
                                 {"test_accuracy", network.tested().percent},
                                 {"formats", std::move(list)}};
  if (verified) json["largest_logit"] = verified->largest_logit;
  return json;
}

void export_network(const ExportOptions& options) {
  const std::vector<Format> formats = formats_of(options.formats);
  const auto registry =
      make_registry_of_own_plugins(host::begun_run(exports::run_of(options.path)), options.plugin_path);
  exports::UsableNetwork network(
      options.path, *registry,
      options.inherited ? exports::WeightsOf::supernet : exports::WeightsOf::training);
  const exports::ExportedNetwork exported = network.exported();
  const auto files =
      exports::export_files(exported, network.input(), network.tested(), formats, network.trainer());
  exports::write_export(files, options.folder);
  std::optional<exports::Verified> verified;
  std::string remark;
  if (!options.no_verify) {
    exports::ImagesToVerify images = exports::images_to_verify(network);
    remark = images.remark;
    verified = exports::verify(options.folder, formats, network.network(), network.input(), images.images,
                               options.python);
    if (!verified && options.verify)
      throw UsageError(
          {.what = fmt::format("there is no {} with numpy to verify the export with", options.python),
           .where = "option --verify",
           .expected = "a Python that has numpy, and torch or onnxruntime",
           .remedy = "install python3-torch, or name another with --python"});
    if (verified) check_verified(*verified, network.tested());
    if (verified && options.verify)
      for (const auto& [name, format] : verified->formats)
        if (!format.missing.empty())
          throw UsageError(
              {.what = fmt::format("the format {} cannot be verified: {} has no module {}", name,
                                   options.python, format.missing),
               .where = "option --verify",
               .expected = "a Python that has it",
               .remedy = "install it, name another Python with --python, or leave the format out"});
  }
  if (options.json) return print_json(json_of(network, formats, files, options.folder, verified));
  print(text_of(options, network, formats, files, verified, remark));
}

}  // namespace

void add_export(CLI::App& program) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* command = program.add_subcommand(
      "export", "Write a trained network as files for PyTorch, ONNX and C++ that work without Espalier");
  command
      ->add_option("RUN", options->path,
                   "the directory of a run that trained a network, or the folder of a training within one")
      ->type_name("")
      ->required();
  command
      ->add_option("-o,--out", options->folder, "the folder of the files: new, empty, or of an older export")
      ->type_name("DIR")
      ->required();
  command
      ->add_option(
          "--format", options->formats,
          "what to write, separated by commas: pytorch, torchscript, onnx, safetensors (default: all)")
      ->delimiter(',')
      ->type_name("F");
  command->add_flag(
      "--inherited", options->inherited,
      "export what a one-shot search found, with the weights of its supernet instead of trained ones");
  CLI::Option* const verify = command->add_flag(
      "--verify", options->verify,
      "fail where a file cannot be run and compared; without this option, what the Python at hand can run is "
      "compared");
  command->add_flag("--no-verify", options->no_verify, "only write the files, and execute nothing of the run")
      ->excludes(verify);
  command
      ->add_option("--python", options->python,
                   "the Python that runs the files to compare them (default python3)")
      ->type_name("P");
  add_json(*command, options->json);
  add_plugin_path(*command, options->plugin_path);
  set_examples(*command, {"espalier export runs/flowers -o flowers-network",
                          "espalier export runs/flowers/gdas/seed_0/evaluation -o net --format onnx"});
  command->callback([options] { export_network(*options); });
}

}  // namespace espalier::program
