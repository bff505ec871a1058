#include "espalier/files/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string bytes_of(const std::vector<float>& numbers) {
  std::string bytes(numbers.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

std::string file_of(const std::string& header, const std::string& data) {
  const std::uint64_t length = header.size();
  std::string bytes(sizeof(length), '\0');
  std::memcpy(bytes.data(), &length, sizeof(length));
  return bytes + header + data;
}

StoredTensors example() {
  return {.about = {{"what", "\"quoted\" ünïcode"}},
          .tensors = {{"stem.conv.weight", {"F32", {2, 1}, bytes_of({1.5F, -2.0F})}},
                      {"stem.steps", {"I64", {}, std::string(8, '\7')}},
                      {"stem.empty", {"F32", {0, 3}, ""}}}};
}

std::string error_of(const std::string& bytes) {
  try {
    read_safetensors(bytes, "some.safetensors");
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Safetensors, AreReadAsTheyWereWritten) {
  EXPECT_EQ(read_safetensors(write_safetensors(example()), ""), example());
  EXPECT_EQ(read_safetensors(write_safetensors({}), ""), StoredTensors{});
}

TEST(Safetensors, HaveTheFormatOfTheirDefinition) {
  const std::string bytes =
      write_safetensors({.about = {}, .tensors = {{"a", {"F32", {1}, bytes_of({1.0F})}}}});
  EXPECT_EQ(bytes, file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  )", bytes_of({1.0F})));
}

TEST(Safetensors, NumbersBeginAtMultiplesOfEight) {
  const std::string bytes = write_safetensors(example());
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof(length));
  EXPECT_EQ(length % 8, 0U);
}

TEST(Safetensors, EveryCutIsNoticed) {
  const std::string bytes = write_safetensors(example());
  for (std::size_t length = 0; length < bytes.size(); ++length)
    EXPECT_NE(error_of(bytes.substr(0, length)), "no error") << length;
  EXPECT_THAT(error_of(bytes + "x"), HasSubstr("longer than their header says"));
}

TEST(Safetensors, AHeaderThatDoesNotDescribeTheBytesIsRefused) {
  const auto with = [](const std::string& entry) {
    return error_of(file_of("{\"a\":" + entry + "}", "12345678"));
  };
  EXPECT_EQ(with(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})"), "no error");
  for (const char* wrong : {R"({"dtype":"F32","shape":[3],"data_offsets":[0,8]})",
                            R"({"dtype":"F33","shape":[2],"data_offsets":[0,8]})",
                            R"({"dtype":"F32","shape":[-2],"data_offsets":[0,8]})",
                            R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})",
                            R"({"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]})"})
    EXPECT_THAT(with(wrong), HasSubstr("the tensor \"a\" do not fit together")) << wrong;
  for (const char* damaged : {"7", "{}", R"({"dtype":7,"shape":[2],"data_offsets":[0,8]})",
                              R"({"dtype":"F32","shape":[2],"data_offsets":[0]})"})
    EXPECT_THAT(with(damaged), HasSubstr("their header is damaged")) << damaged;
  EXPECT_THAT(error_of(file_of("[]", "")), HasSubstr("their header is no map"));
  EXPECT_THAT(
      error_of(file_of(
          R"({"a":{"dtype":"U8","shape":[5],"data_offsets":[0,5]},"b":{"dtype":"U8","shape":[5],"data_offsets":[3,8]}})",
          "12345678")),
      HasSubstr("the tensor \"b\" is not where the one before it ends"));
  EXPECT_THAT(error_of(std::string(8, '\xff') + "{}"), HasSubstr("cut short"));
  EXPECT_THAT(error_of("x"), HasSubstr("some.safetensors"));
}

TEST(Safetensors, EveryKindOfRealNumberBecomesAFloat) {
  EXPECT_THAT(to_floats({"F32", {2}, bytes_of({0.5F, -3.0F})}), ElementsAre(0.5F, -3.0F));
  const double third = 1.0 / 3.0;
  std::string eight(sizeof(third), '\0');
  std::memcpy(eight.data(), &third, sizeof(third));
  EXPECT_THAT(to_floats({"F64", {1}, eight}), ElementsAre(1.0F / 3.0F));
  // 1, -2, the largest, the smallest above 0, infinity
  const std::string halves("\x00\x3c\x00\xc0\xff\x7b\x01\x00\x00\x7c", 10);
  EXPECT_THAT(to_floats({"F16", {5}, halves}),
              ElementsAre(1.0F, -2.0F, 65504.0F, std::ldexp(1.0F, -24), INFINITY));
  EXPECT_TRUE(std::isnan(to_floats({"F16", {1}, std::string("\x01\x7c", 2)}).front()));
  EXPECT_THAT(to_floats({"BF16", {2}, std::string("\x80\x3f\x00\xc0", 4)}), ElementsAre(1.0F, -2.0F));
  EXPECT_THROW(to_floats({"I64", {1}, std::string(8, '\0')}), Error);
}

}  // namespace
}  // namespace espalier
