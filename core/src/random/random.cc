#include "espalier/random/random.h"

#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_int_distribution.hpp>

namespace espalier {
namespace {

// SplitMix64 (Steele, Lea & Flood 2014): advances the state and returns its next output.
std::uint64_t split_mix(std::uint64_t& state) noexcept {
  state += 0x9e3779b97f4a7c15U;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

// Each step is a bijection of the value that it mixes in, so that no two indices of a stream give the same
// state.
std::uint64_t mixed(std::uint64_t seed, RngStream stream, std::uint64_t index) noexcept {
  std::uint64_t state = seed;
  state = split_mix(state) ^ stream.hash();
  state = split_mix(state) ^ index;
  return split_mix(state);
}

}  // namespace

Rng::Rng(std::uint64_t seed, RngStream stream, std::uint64_t index) noexcept : state_{} {
  std::uint64_t state = mixed(seed, stream, index);
  for (std::uint64_t& word : state_) word = split_mix(state);
}

std::size_t Rng::below(std::size_t bound) {
  return boost::random::uniform_int_distribution<std::size_t>(0, bound - 1)(*this);
}

double Rng::uniform() {
  return static_cast<double>((*this)() >> 11) * 0x1p-53;  // the 53 bits that a double holds
}

double Rng::normal() { return boost::random::normal_distribution<double>()(*this); }

}  // namespace espalier
