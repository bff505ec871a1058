#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "espalier/plugin/export.h"

namespace espalier {

/// The name of a stream of random numbers. A constant one, `static constexpr RngStream stream("optimizer")`,
/// is hashed when the program is compiled.
class RngStream {
 public:
  template <class Text>
  requires std::convertible_to<const Text&, std::string_view>
  constexpr RngStream(const Text& name) noexcept  // NOLINT(google-explicit-constructor): a name is a stream
      : hash_(fnv1a(name)) {}

  constexpr std::uint64_t hash() const noexcept { return hash_; }

 private:
  static constexpr std::uint64_t fnv1a(std::string_view text) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : text) {
      hash ^= static_cast<unsigned char>(c);
      hash *= 0x100000001b3U;
    }
    return hash;
  }

  std::uint64_t hash_;
};

/// A random number generator whose draws are a function of (seed, stream, index) alone, on every platform.
///
/// Parts of a run that draw from different streams, or at different indices of a stream, never affect one
/// another, so that a run gives the same result on any number of workers and after it was resumed. A
/// generator has 32 bytes and is cheap to make: make a new one for each independent decision instead of
/// passing one on.
///
/// It is a UniformRandomBitGenerator: xoshiro256** (Blackman & Vigna, 2018), whose state SplitMix64 (Steele,
/// Lea & Flood, 2014) initializes. Drawing is [one-thread].
class ESPALIER_EXPORT Rng {
 public:
  using result_type = std::uint64_t;

  Rng(std::uint64_t seed, RngStream stream, std::uint64_t index = 0) noexcept;

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }
  result_type operator()() noexcept {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  /// A uniform integer in [0, bound). Requires bound > 0.
  std::size_t below(std::size_t bound);
  /// A uniform number in [0, 1), a multiple of 2^-53.
  double uniform();
  /// A normally distributed number of mean 0 and standard deviation 1.
  double normal();

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace espalier
