#include <gmock/gmock.h>

#include "espalier/contract/layer.h"
#include "espalier/errors/errors.h"
#include "espalier/host/host.h"
#include "paths.h"

namespace espalier::testing {
namespace {

using contract::find_layer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string refusal(const SearchSpace& space, const std::string& kind) {
  try {
    find_layer(space, kind);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

TEST(FindLayer, KnowsWhatEntersTheLayerInItsSpace) {
  host::Host host({std::string(paths::fixture_plugins) + "/contract"});
  const auto space = host.search_space("broken_networks");
  const contract::FoundLayer found = find_layer(*space, "scale");
  EXPECT_EQ(found.layer->kind(), "scale");
  EXPECT_THAT(found.inputs, ElementsAre(Shape{2, 6, 6}));
  EXPECT_EQ(find_layer(*space).layer->kind(), "scale") << "the first of a plugin's own";
  EXPECT_THAT(refusal(*space, "scales"),
              HasSubstr("no layer of the kind \"scales\"\n  expected: one of scale"));
}

TEST(FindLayer, SaysThatASpaceUsesNone) {
  host::Host host;
  const auto space = host.search_space("nasbench201");
  EXPECT_THAT(refusal(*space, ""), HasSubstr("\"nasbench201\" uses no layer of a plugin's own"));
}

}  // namespace
}  // namespace espalier::testing
