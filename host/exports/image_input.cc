#include "exports/image_input.h"

#include <fmt/format.h>

#include "espalier/errors/errors.h"

namespace espalier::exports {

ImageInput image_input(const std::string& text, const std::string& where) try {
  const nlohmann::json json = nlohmann::json::parse(text);
  const nlohmann::json& input = json.at("input");
  ImageInput read{.dataset = input.at("dataset").get<std::string>(),
                  .preparation = input.at("preparation").get<std::string>(),
                  .shape = {.channels = input.at("shape").at(0).get<int>(),
                            .height = input.at("shape").at(1).get<int>(),
                            .width = input.at("shape").at(2).get<int>()},
                  .mean = input.at("mean").get<std::vector<double>>(),
                  .standard_deviation = input.at("standard_deviation").get<std::vector<double>>(),
                  .classes = json.at("classes").get<std::vector<std::string>>()};
  const auto channels = static_cast<std::size_t>(std::max(read.shape.channels, 0));
  if (read.mean.size() != channels || read.standard_deviation.size() != channels || channels == 0)
    throw Error({.what = "the description of a network does not fit together: its mean and deviation have "
                         "other numbers of channels than its shape",
                 .where = where,
                 .expected = "the network.json that a training left"});
  return read;
} catch (const nlohmann::json::exception& error) {
  throw Error({.what = fmt::format("the description of a network is damaged ({})", error.what()),
               .where = where,
               .expected = "the network.json that a training left"});
}

std::string preprocess_json(const ImageInput& input) {
  const nlohmann::ordered_json json = {
      {"classes", input.classes},
      {"channels", input.shape.channels},
      {"height", input.shape.height},
      {"width", input.shape.width},
      {"color", input.shape.channels == 1 ? "L" : "RGB"},
      {"transparency", "on white"},
      {"crop", "the largest part in the middle that has the proportions of the input"},
      {"resampling", "bilinear, over all pixels that become one (PIL.Image.BILINEAR with box)"},
      {"normalization", "(pixel / 255 - mean) / standard_deviation"},
      {"mean", input.mean},
      {"standard_deviation", input.standard_deviation}};
  constexpr int indentation = 2;
  return json.dump(indentation, ' ', /*ensure_ascii=*/false,
                   nlohmann::ordered_json::error_handler_t::replace) +
         "\n";
}

}  // namespace espalier::exports
