#include "espalier/search/trial_json.h"

#include <gtest/gtest.h>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

using nlohmann::json;

TEST(TrialJson, RoundTripsExactly) {
  const Trial trial{.id = 7, .architecture = {0, 3, 1}, .fidelity = 200};
  const auto read = json::parse(json(trial).dump()).get<Trial>();
  EXPECT_EQ(read.id, 7U);
  EXPECT_EQ(read.architecture, trial.architecture);
  EXPECT_EQ(read.fidelity, 200);

  const Outcome outcome{.values = {91.6066666667, -1e-300}, .seconds = 0.1};
  const auto told = json::parse(json(outcome).dump()).get<Outcome>();
  EXPECT_EQ(told.values, outcome.values);
  EXPECT_EQ(told.seconds, outcome.seconds);
}

TEST(TrialJson, RefusesWhatIsNoTrial) {
  for (const char* text : {"null", "3", "[]", "{}", R"({"id": 1, "architecture": [0]})",
                           R"({"id": -1, "architecture": [0], "fidelity": 0})",
                           R"({"id": 1, "architecture": [-1], "fidelity": 0})",
                           R"({"id": 1, "architecture": [0], "fidelity": 1.5})"}) {
    EXPECT_THROW((void)json::parse(text).get<Trial>(), Error) << text;
  }
}

TEST(TrialJson, RefusesWhatIsNoOutcome) {
  for (const char* text : {"null", "3", "[]", "{}", R"({"values": [1]})", R"({"values": 1, "seconds": 0})",
                           R"({"values": [], "seconds": 0})", R"({"values": ["1"], "seconds": 0})",
                           R"({"values": [null], "seconds": 0})", R"({"values": [1], "seconds": null})"}) {
    EXPECT_THROW((void)json::parse(text).get<Outcome>(), Error) << text;
  }
}

}  // namespace
}  // namespace espalier
