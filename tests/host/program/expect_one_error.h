#pragma once

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "host/program/program_fixture.h"

namespace espalier::testing {

/// One error for people that says all of `says`: no second one, no trace of a crash.
inline void expect_one_error(const ProgramResult& result, int exit_code,
                             const std::vector<std::string>& says) {
  using ::testing::HasSubstr;
  EXPECT_EQ(result.exit_code, exit_code) << result.err;
  EXPECT_THAT(result.err, ::testing::StartsWith("espalier: "));
  EXPECT_EQ(result.err.find("\nespalier: "), std::string::npos) << result.err;
  EXPECT_LE(std::count(result.err.begin(), result.err.end(), '\n'), 6) << result.err;
  for (const char* trace : {"terminate called", "what():", "AddressSanitizer", "runtime error", "frame #"})
    EXPECT_THAT(result.err, ::testing::Not(HasSubstr(trace)));
  for (const std::string& part : says) EXPECT_THAT(result.err, HasSubstr(part));
}

}  // namespace espalier::testing
