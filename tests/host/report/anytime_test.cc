#include "espalier/host/report/anytime.h"

#include <gmock/gmock.h>

namespace espalier::host::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

SearchCurve curve_of(std::vector<CurvePoint> points, std::uint64_t steps, bool ended = true) {
  return {.points = std::move(points),
          .steps = steps,
          .seconds = 10.0 * static_cast<double>(steps),
          .ended = ended};
}

CurvePoint point(std::uint64_t step, double value) {
  return {.step = step, .seconds = 10.0 * static_cast<double>(step), .value = value, .report = {}};
}

TEST(Anytime, HoldsAValueUntilTheNextPoint) {
  const SearchCurve curve = curve_of({point(1, 50.0), point(4, 60.0)}, 10);
  const auto at = [&](double x) { return value_at(curve, x, CurveAxis::steps, CurveValue::objective); };
  EXPECT_EQ(at(0.5), std::nullopt);
  EXPECT_EQ(at(1.0), 50.0);
  EXPECT_EQ(at(3.9), 50.0);
  EXPECT_EQ(at(4.0), 60.0);
  EXPECT_EQ(at(1000.0), 60.0);
  EXPECT_EQ(value_at(curve, 39.0, CurveAxis::seconds, CurveValue::objective), 50.0);
  EXPECT_EQ(value_at(curve, 1.0, CurveAxis::steps, CurveValue::report), std::nullopt);
}

TEST(Anytime, ASearchThatGoesOnSaysNothingOfWhatComes) {
  const SearchCurve curve = curve_of({point(1, 50.0)}, 10, false);
  EXPECT_EQ(value_at(curve, 10.0, CurveAxis::steps, CurveValue::objective), 50.0);
  EXPECT_EQ(value_at(curve, 11.0, CurveAxis::steps, CurveValue::objective), std::nullopt);
}

TEST(Anytime, EveryPointIsOfAllSearches) {
  const std::vector<SearchCurve> curves = {curve_of({point(1, 50.0), point(4, 60.0)}, 10),
                                           curve_of({point(2, 54.0)}, 5)};
  const auto points = anytime(curves, {1.0, 2.0, 4.0, 10.0}, CurveAxis::steps, CurveValue::objective);
  ASSERT_EQ(points.size(), 3U);  // the second search has none after one trial
  EXPECT_EQ(points[0].x, 2.0);
  EXPECT_EQ(points[0].figure.mean, 52.0);
  EXPECT_EQ(points[1].figure.mean, 57.0);
  EXPECT_EQ(points[2].figure.count(), 2U);  // the second counts with what it ended with
}

TEST(Anytime, PositionsAreEveryStepOfAShortSearchAndSpreadOverALongOne) {
  EXPECT_THAT(curve_positions({curve_of({point(1, 50.0)}, 4)}, CurveAxis::steps), ElementsAre(1, 2, 3, 4));
  const auto many = curve_positions({curve_of({point(1, 50.0)}, 1'000'000)}, CurveAxis::steps, 50);
  EXPECT_LE(many.size(), 50U);
  EXPECT_EQ(many.front(), 1.0);
  EXPECT_EQ(many.back(), 1'000'000.0);
  EXPECT_TRUE(std::ranges::is_sorted(many, std::less_equal<>()));
  EXPECT_EQ(curve_positions({curve_of({point(3, 50.0)}, 4)}, CurveAxis::seconds).back(), 40.0);
  EXPECT_THAT(curve_positions({curve_of({}, 0)}, CurveAxis::steps), IsEmpty());
  EXPECT_THAT(curve_positions({}, CurveAxis::seconds), IsEmpty());
}

}  // namespace
}  // namespace espalier::host::testing
