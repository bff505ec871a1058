#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "espalier/errors/errors.h"
#include "espalier/host/host.h"
#include "espalier/space/search_space.h"

namespace espalier::testing {

/// Tests of a bundled search space.
class SpaceTest : public ::testing::Test {
 protected:
  explicit SpaceTest(const std::string& name) : space_(host_.search_space(name)) {}

  /// How the space refuses a string.
  std::string refusal(std::string_view text) const {
    try {
      (void)space_->parse(text);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "accepted";
  }

  host::Host host_;
  std::unique_ptr<SearchSpace> space_;
};

}  // namespace espalier::testing
