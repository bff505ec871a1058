#include <espalier/contract/search_space.h>
#include <espalier/host/host.h>
#include <gtest/gtest.h>

// What every space promises: valid samples, strings that read back, neighbours, networks for every
// architecture …
ESPALIER_SEARCH_SPACE_CONTRACT(my_search_space, {.options = "{channels: 4, classes: 7}"});

namespace {

TEST(MySearchSpaceTest, HasAsManyArchitecturesAsItShould) {
  EXPECT_EQ(espalier::host::Host().search_space("my_search_space")->size(), 4096);
}

}  // namespace
