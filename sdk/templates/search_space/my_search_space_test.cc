#include <espalier/contract/search_space.h>
#include <espalier/host/host.h>
#include <gtest/gtest.h>

// The rules that every space must keep: its samples are valid, its strings can be read back, every
// architecture has a network, and so on.
ESPALIER_SEARCH_SPACE_CONTRACT(my_search_space, {.options = "{channels: 4, classes: 7}"});

namespace {

TEST(MySearchSpaceTest, HasTheRightNumberOfArchitectures) {
  EXPECT_EQ(espalier::host::Host().search_space("my_search_space")->size(), 4096);
}

}  // namespace
