#include "exports/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "child/run_child.h"
#include "child/working_folder.h"
#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"
#include "espalier/random/random.h"
#include "exports/assets.h"

namespace espalier::exports {
namespace {

/// How many images are compared logit by logit.
constexpr std::size_t kCompared = 200;

template <class T>
std::string_view bytes_of(const std::vector<T>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(T)};
}

[[noreturn]] void refuse_failed(const std::string& python, const std::string& why) {
  throw Error({.what = "the exported files cannot be run: " + why,
               .where = python,
               .remedy = "look at it with --no-verify, which only writes the files"});
}

VerifiedFormat verified_format(const nlohmann::json& json) {
  VerifiedFormat format;
  if (json.contains("missing")) {
    format.missing = json.at("missing").get<std::string>();
    return format;
  }
  format.difference = json.at("difference").get<double>();
  if (json.contains("accuracy")) format.accuracy = json.at("accuracy").get<double>();
  return format;
}

}  // namespace

VerifyImages random_images(const Shape& shape, std::size_t count) {
  VerifyImages images{.shape = shape, .pixels = {}, .labels = {}};
  images.pixels.resize(count * static_cast<std::size_t>(shape.elements()));
  Rng rng(0, "exports");
  constexpr std::size_t values = 256;
  for (std::uint8_t& pixel : images.pixels) pixel = static_cast<std::uint8_t>(rng.below(values));
  return images;
}

std::vector<float> normalized(std::span<const std::uint8_t> pixels, const ImageInput& input) {
  const auto plane =
      static_cast<std::size_t>(input.shape.height) * static_cast<std::size_t>(input.shape.width);
  std::vector<float> numbers(pixels.size());
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const std::size_t channel = i / plane % input.mean.size();
    constexpr float white = 255.0F;
    numbers[i] = (static_cast<float>(pixels[i]) / white - static_cast<float>(input.mean[channel])) /
                 static_cast<float>(input.standard_deviation[channel]);
  }
  return numbers;
}

std::optional<Verified> verify(const std::filesystem::path& folder, const std::vector<Format>& formats,
                               TrainedNetwork& network, const ImageInput& input, const VerifyImages& images,
                               const std::string& python) {
  const child::WorkingFolder work;
  const auto length = static_cast<std::size_t>(images.shape.elements());
  const std::size_t count = images.pixels.size() / length;
  const std::size_t compared = std::min(count, kCompared);
  work.write("pixels.bin", bytes_of(images.pixels));
  work.write("labels.bin", bytes_of(images.labels));
  work.write("logits.bin",
             bytes_of(network.logits(normalized(std::span(images.pixels).first(compared * length), input))));
  nlohmann::json names = nlohmann::json::array();
  for (const Format format : formats) names.push_back(name_of(format));
  work.write("task.json", nlohmann::json({{"formats", names}, {"labels", !images.labels.empty()}}).dump());
  work.write("verify.py", verify_py());
  constexpr std::chrono::minutes most(30);
  // -B: the export gets no files of compiled Python. -E and -s are left out: PYTHONPATH may hold the modules.
  const auto ended = child::run_child(
      python, {"-B", "verify.py", std::filesystem::absolute(folder).string(), work.path().string()},
      work.path(), std::chrono::steady_clock::now() + most);
  if (!ended) return std::nullopt;
  if (!ended->in_time) refuse_failed(python, "they took longer than 30 minutes");
  const auto result = read_file(work.path() / "verified.json");
  if (!result && ended->last_complaint.find("No module named 'numpy'") != std::string::npos)
    return std::nullopt;
  if (ended->exit_code != 0 || !result) refuse_failed(python, ended->last_complaint);
  const nlohmann::json json = nlohmann::json::parse(*result);
  Verified verified{.formats = {},
                    .largest_logit = json.at("largest").get<double>(),
                    .images = count,
                    .test_images = !images.labels.empty(),
                    .python = python};
  for (const auto& [name, format] : json.at("formats").items())
    verified.formats.emplace(name, verified_format(format));
  return verified;
}

bool agrees(const Verified& verified, const VerifiedFormat& format) {
  constexpr double tolerance = 1e-5;
  return format.difference <= tolerance * std::max(1.0, verified.largest_logit);
}

}  // namespace espalier::exports
