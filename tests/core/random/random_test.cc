#include "espalier/random/random.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <set>
#include <string_view>
#include <vector>

namespace espalier {
namespace {

// Independent implementations of the published algorithms.
struct SplitMix64 {
  std::uint64_t x;
  std::uint64_t next() {
    x += 0x9e3779b97f4a7c15;
    std::uint64_t z = x;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
};

struct Xoshiro256StarStar {
  std::array<std::uint64_t, 4> s;
  static std::uint64_t rotl(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
  std::uint64_t next() {
    const std::uint64_t result = rotl(s[1] * 5, 7) * 9;
    const std::uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return result;
  }
};

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return hash;
}

Xoshiro256StarStar reference(std::uint64_t seed, std::string_view stream, std::uint64_t index) {
  SplitMix64 mix{seed};
  mix.x = mix.next() ^ fnv1a(stream);
  mix.x = mix.next() ^ index;
  SplitMix64 state{mix.next()};
  return {{state.next(), state.next(), state.next(), state.next()}};
}

double correlation(Rng a, Rng b) {
  constexpr int n = 20000;
  double sum = 0.0;
  for (int i = 0; i < n; ++i) sum += (a.uniform() - 0.5) * (b.uniform() - 0.5);
  return sum / n * 12.0;
}

TEST(Reference, HasThePublishedValues) {
  SplitMix64 mix{1234567};
  EXPECT_EQ(mix.next(), 6457827717110365317U);
  EXPECT_EQ(mix.next(), 3203168211198807973U);
  EXPECT_EQ(mix.next(), 9817491932198370423U);
  Xoshiro256StarStar generator{{1, 2, 3, 4}};
  for (const std::uint64_t expected : {11520U, 0U, 1509978240U}) {
    EXPECT_EQ(generator.next(), expected);
  }
  EXPECT_EQ(generator.next(), 1215971899390074240U);
  EXPECT_EQ(generator.next(), 1216172134540287360U);
  EXPECT_EQ(fnv1a("foobar"), 0x85944171f73967e8U);
}

TEST(Rng, IsTheReferenceForEverySeedStreamAndIndex) {
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{7}, ~std::uint64_t{0}}) {
    for (const std::string_view stream : {"", "sample", "mutate"}) {
      for (const std::uint64_t index : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}}) {
        Rng rng(seed, stream, index);
        Xoshiro256StarStar expected = reference(seed, stream, index);
        for (int i = 0; i < 100; ++i) ASSERT_EQ(rng(), expected.next());
      }
    }
  }
}

TEST(Rng, IsAFunctionOfItsArguments) {
  Rng first(3, "sample", 5);
  Rng again(3, "sample", 5);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(first(), again());
}

TEST(Rng, StartsDifferentlyForEverySeedStreamAndIndex) {
  std::set<std::uint64_t> firsts;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (const std::string_view stream : {"sample", "mutate", "tournament"}) {
      for (std::uint64_t index = 0; index < 50; ++index) firsts.insert(Rng(seed, stream, index)());
    }
  }
  EXPECT_EQ(firsts.size(), 20U * 3U * 50U);
}

TEST(Rng, NeighboringStreamsAreUncorrelated) {
  constexpr double five_sigma = 5.0 / 141.0;  // 20,000 draws
  EXPECT_LT(std::abs(correlation(Rng(0, "sample", 0), Rng(0, "sample", 1))), five_sigma);
  EXPECT_LT(std::abs(correlation(Rng(0, "sample"), Rng(1, "sample"))), five_sigma);
  EXPECT_LT(std::abs(correlation(Rng(0, "sample"), Rng(0, "mutate"))), five_sigma);
  EXPECT_LT(std::abs(correlation(Rng(0, "sample", 1), Rng(1, "sample", 0))), five_sigma);
}

TEST(Rng, FirstDrawsOverIndicesAreUniform) {
  std::array<int, 16> counts = {};
  for (std::uint64_t index = 0; index < 16000; ++index) ++counts.at(Rng(1, "sample", index).below(16));
  double chi_squared = 0.0;
  for (const int count : counts) chi_squared += (count - 1000.0) * (count - 1000.0) / 1000.0;
  EXPECT_LT(chi_squared, 44.3);  // p = 1e-4 with 15 degrees of freedom
}

TEST(Rng, BelowIsUniformWithinItsBound) {
  Rng rng(2, "below");
  std::array<int, 7> counts = {};
  for (int i = 0; i < 14000; ++i) {
    const std::size_t value = rng.below(7);
    ASSERT_LT(value, 7U);
    ++counts.at(value);
  }
  double chi_squared = 0.0;
  for (const int count : counts) chi_squared += (count - 2000.0) * (count - 2000.0) / 2000.0;
  EXPECT_LT(chi_squared, 27.9);  // p = 1e-4 with 6 degrees of freedom
}

TEST(Rng, BelowTakesTheExtremeBounds) {
  Rng rng(2, "below");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(rng.below(1), 0U);
  constexpr std::size_t huge = std::size_t{3} << 62;
  for (int i = 0; i < 1000; ++i) ASSERT_LT(rng.below(huge), huge);
}

TEST(Rng, UniformHasTheRightMoments) {
  Rng rng(4, "uniform");
  constexpr int n = 100000;
  double sum = 0.0;
  double squares = 0.0;
  for (int i = 0; i < n; ++i) {
    const double value = rng.uniform();
    ASSERT_GE(value, 0.0);
    ASSERT_LT(value, 1.0);
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / n, 1.0 / 2.0, 0.005);
  EXPECT_NEAR(squares / n, 1.0 / 3.0, 0.005);
}

TEST(Rng, NormalHasTheRightMoments) {
  Rng rng(5, "normal");
  constexpr int n = 100000;
  std::array<double, 5> moments = {};
  for (int i = 0; i < n; ++i) {
    const double value = rng.normal();
    ASSERT_TRUE(std::isfinite(value));
    for (int k = 1; k <= 4; ++k) moments.at(k) += std::pow(value, k) / n;
  }
  EXPECT_NEAR(moments[1], 0.0, 0.02);
  EXPECT_NEAR(moments[2], 1.0, 0.03);
  EXPECT_NEAR(moments[3], 0.0, 0.08);
  EXPECT_NEAR(moments[4], 3.0, 0.2);
}

// Recorded values. If they change, all seeds give other results than before.
TEST(Rng, GivesTheSameNumbersOnEveryPlatform) {
  Rng rng(0, "sample");
  std::vector<std::size_t> values(8);
  for (std::size_t& value : values) value = rng.below(5);
  EXPECT_EQ(values, (std::vector<std::size_t>{3, 0, 1, 3, 4, 1, 1, 3}));
}

TEST(Rng, IsAStandardGenerator) {
  static_assert(std::uniform_random_bit_generator<Rng>);
  static_assert(sizeof(Rng) == 32);
  Rng rng(0, "coin");
  std::bernoulli_distribution coin(0.5);
  int heads = 0;
  for (int i = 0; i < 1000; ++i) heads += coin(rng) ? 1 : 0;
  EXPECT_NEAR(heads, 500, 80);
}

}  // namespace
}  // namespace espalier
