#include <gmock/gmock.h>

#include <optional>
#include <stdexcept>

#include "espalier/data/reads_pictures.h"
#include "espalier/host/host.h"
#include "espalier/plugin/plugin_call.h"
#include "exports/checked_network.h"
#include "exports/checked_picture.h"
#include "host/run/run_fixture.h"

// What export and predict ask of a plugin's abilities, where the plugin makes a mistake.
namespace espalier::exports {
namespace {

using host::testing::message_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Gives so many logits, or throws where it is told none.
class Logits final : public TrainedNetwork {
 public:
  explicit Logits(std::optional<std::size_t> count) : count_(count) {}
  std::vector<float> logits(std::span<const float>) override {
    if (!count_) throw std::runtime_error("the matrix is upside down");
    return std::vector<float>(*count_, 0.5F);
  }

 private:
  std::optional<std::size_t> count_;
};

class Trains final : public Trainer, public UsesWeights {
 public:
  explicit Trains(std::optional<std::size_t> count, bool opens = true) : count_(count), opens_(opens) {
    set_origin("trainer 'trains' (trains.so)");
  }
  std::unique_ptr<TrainedNetwork> open_network(const SearchSpace&, const Architecture&, const StoredTensors&,
                                               const std::string&) const override {
    return opens_ ? std::make_unique<Logits>(count_) : nullptr;
  }
  std::string state_dict(const StoredTensors&) const override { return {}; }
  std::string torch_script(std::string_view, const StoredTensors&) const override { return {}; }

 private:
  std::optional<std::size_t> count_;
  bool opens_;
};

/// Two images of three numbers, in two classes.
std::vector<float> logits_of(const Trains& trains) {
  host::Host host;
  const auto space = host.search_space("nasbench201");
  const ImageInput input{.dataset = "any",
                         .preparation = "",
                         .shape = {.channels = 3, .height = 1, .width = 1},
                         .mean = {},
                         .standard_deviation = {},
                         .classes = {"a", "b"}};
  const auto network = open_checked_network(trains, *space, {}, {}, "weights", input);
  return network->logits(std::vector<float>(6));
}

TEST(CheckedNetwork, GivesWhatThePluginGives) {
  EXPECT_THAT(logits_of(Trains(4)), ElementsAre(0.5F, 0.5F, 0.5F, 0.5F));
}

TEST(CheckedNetwork, NamesThePluginThatGivesAnotherNumberOfLogits) {
  for (const std::size_t count : {0, 3, 5}) {
    const std::string message = message_of<PluginFailure>([&] { logits_of(Trains(count)); });
    EXPECT_THAT(message, HasSubstr("trainer 'trains' (trains.so): the plugin's logits() gave " +
                                   std::to_string(count) + " numbers"));
    EXPECT_THAT(message, HasSubstr("4, for images × classes = 2 × 2"));
  }
}

TEST(CheckedNetwork, NamesThePluginThatFails) {
  EXPECT_THAT(
      message_of<PluginFailure>([] { logits_of(Trains(std::nullopt)); }),
      HasSubstr("trainer 'trains' (trains.so): the plugin's logits() failed: the matrix is upside down"));
  EXPECT_THAT(message_of<PluginFailure>([] { logits_of(Trains(4, /*opens=*/false)); }),
              HasSubstr("trainer 'trains' (trains.so): the plugin's open_network() gave no network"));
}

class Pictures final : public Dataset, public ReadsPictures {
 public:
  explicit Pictures(std::optional<std::size_t> pixels) : pixels_(pixels) {
    set_origin("dataset 'pictures' (pictures.so)");
  }
  std::vector<std::uint8_t> read_picture(const std::filesystem::path&, const Shape&) const override {
    if (!pixels_) throw std::runtime_error("no film");
    return std::vector<std::uint8_t>(*pixels_);
  }

 private:
  Shape shape_impl() const override { return {.channels = 3, .height = 2, .width = 2}; }
  std::size_t classes_impl() const override { return 2; }
  Normalization normalization_impl() const override { return {}; }
  Images read_impl(Split) const override { return {}; }

  std::optional<std::size_t> pixels_;
};

TEST(CheckedPicture, HasThePixelsOfItsShape) {
  const auto read = [](std::optional<std::size_t> pixels) {
    return read_checked_picture(Pictures(pixels), "one.png", {.channels = 3, .height = 2, .width = 2});
  };
  EXPECT_EQ(read(12).size(), 12U);
  for (const std::size_t count : {0, 11, 13}) {
    const std::string message = message_of<PluginFailure>([&] { read(count); });
    EXPECT_THAT(message, HasSubstr("dataset 'pictures' (pictures.so): the plugin's read_picture() gave " +
                                   std::to_string(count) + " numbers"));
    EXPECT_THAT(message, HasSubstr("12, for an image of 3×2×2"));
  }
  EXPECT_THAT(message_of<PluginFailure>([&] { read(std::nullopt); }),
              HasSubstr("dataset 'pictures' (pictures.so): the plugin's read_picture() failed: no film"));
}

}  // namespace
}  // namespace espalier::exports
