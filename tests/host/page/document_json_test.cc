#include "page/document_json.h"

#include <gmock/gmock.h>

#include <limits>

#include "report/sample_document.h"

namespace espalier::page {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Document with(const Figure& figure) {
  return {.title = "t",
          .subtitle = "",
          .alarms = {},
          .sections = {{.id = "s", .title = "S", .paragraphs = {}, .items = {figure}}}};
}

Document with_points(std::vector<Point> points, const std::string& name) {
  const Panel panel{.title = "", .series = {{.name = name, .style = 2, .points = std::move(points)}}};
  return with({.id = "f",
               .title = "F",
               .caption = "c",
               .content = Lines{.x = {.title = "x"}, .y = {.title = "y"}, .panels = {panel}}});
}

TEST(DocumentJson, APointIsTwoOrFourNumbers) {
  const auto json = to_json(
      with_points({{.x = 1.0, .y = 2.0}, {.x = 2.0, .y = kNaN, .band = host::Interval{1.0, 3.0}}}, "a"));
  const auto& series = json["sections"][0]["items"][0]["content"]["panels"][0]["series"][0];
  EXPECT_EQ(series["points"].dump(), "[[1.0,2.0],[2.0,null,1.0,3.0]]");
  EXPECT_EQ(series["style"], 2);
}

TEST(DocumentJson, TextsComeBackAsTheyWere) {
  const std::string hostile = "</script>\"\\\n\u202e\x01";
  const auto text = json_text(to_json(with_points({}, hostile)), 1);
  const auto json = OrderedJson::parse(text);
  EXPECT_EQ(json["sections"][0]["items"][0]["content"]["panels"][0]["series"][0]["name"], hostile);
}

TEST(DocumentJson, BytesThatAreNotUtf8AreReplaced) {
  const auto json = OrderedJson::parse(json_text(to_json(with_points({}, "a\xff")), -1));
  EXPECT_EQ(json["sections"][0]["items"][0]["content"]["panels"][0]["series"][0]["name"], "a\xef\xbf\xbd");
}

TEST(DocumentJson, WhatIsDrawnIsPrintable) {
  const auto json = figures_to_json(with_points({}, "a\n\u202e\x01"));
  EXPECT_EQ(json["figures"][0]["content"]["panels"][0]["series"][0]["name"], "a ??");
}

TEST(DocumentJson, DrawingsAreNotDrawnAgain) {
  const auto json = figures_to_json(sample_document());
  std::vector<std::string> kinds;
  for (const auto& figure : json["figures"]) kinds.push_back(figure["content"]["kind"]);
  EXPECT_THAT(kinds,
              ::testing::ElementsAre("lines", "lines", "intervals", "ranks", "lines", "heat_map", "scatter"));
}

}  // namespace
}  // namespace espalier::page
