#include "arithmetic.h"

#include <algorithm>
#include <array>
#include <cstring>

// Sanitizers do not get on with the functions that choose an instruction set while a library is loaded.
// GCC says so by macros of its own, clang by a feature, which libraries define to be 0 elsewhere.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define NASBENCH301_SANITIZED
#elif defined(__clang__)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define NASBENCH301_SANITIZED
#endif
#endif
#if defined(__x86_64__) && !defined(NASBENCH301_SANITIZED)
#define NASBENCH301_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define NASBENCH301_CLONES
#endif

namespace nasbench301 {
namespace {

// Vectors of one size for all instruction sets: the compiler divides them where registers are smaller.
using Floats = float __attribute__((vector_size(4 * kLanes)));
using Ints = int __attribute__((vector_size(4 * kLanes)));

// Memory need not be aligned. These are macros in effect: they become part of the clones.
[[gnu::always_inline]] inline void load(Floats& to, const float* from) { std::memcpy(&to, from, sizeof to); }
[[gnu::always_inline]] inline void store(const Floats& from, float* to) {
  std::memcpy(to, &from, sizeof from);
}

template <std::size_t kVectors>
[[gnu::always_inline]] inline void add_block(const float* columns, const float* x, std::size_t inputs,
                                             float* sum) {
  std::array<Floats, kVectors> total;
  for (std::size_t i = 0; i < kVectors; ++i) load(total[i], sum + i * kLanes);
  for (std::size_t j = 0; j < inputs; ++j, columns += kVectors * kLanes) {
    const float factor = x[j];
    for (std::size_t i = 0; i < kVectors; ++i) {
      Floats column;
      load(column, columns + i * kLanes);
      total[i] += column * factor;
    }
  }
  for (std::size_t i = 0; i < kVectors; ++i) store(total[i], sum + i * kLanes);
}

constexpr std::size_t kBlockVectors = 4;  ///< vectors of a block, where the outputs are so many

}  // namespace

Matrix::Matrix(std::size_t outputs, std::size_t inputs)
    : inputs_(inputs),
      padded_outputs_(padded(outputs)),
      block_(padded_outputs_ % (kBlockVectors * kLanes) == 0 ? kBlockVectors * kLanes : kLanes),
      numbers_(padded_outputs_ * inputs) {}

void Matrix::set(std::size_t output, std::size_t input, float value) {
  numbers_[(output / block_ * inputs_ + input) * block_ + output % block_] = value;
}

NASBENCH301_CLONES void add_product(const Matrix& matrix, const float* x, float* sum) {
  const std::size_t inputs = matrix.inputs();
  const std::size_t block = matrix.block();
  const float* columns = matrix.numbers();
  for (std::size_t i = 0; i < matrix.padded_outputs(); i += block, columns += block * inputs) {
    if (block == kBlockVectors * kLanes)
      add_block<kBlockVectors>(columns, x, inputs, sum + i);
    else
      add_block<1>(columns, x, inputs, sum + i);
  }
}

NASBENCH301_CLONES void add_row(const float* row, std::size_t size, float* sum) {
  for (std::size_t i = 0; i < size; i += kLanes) {
    Floats a;
    Floats b;
    load(a, row + i);
    load(b, sum + i);
    store(a + b, sum + i);
  }
}

// exp(x) = 2^n · exp(r) with n = round(x/ln 2) and |r| <= ln(2)/2, where six terms of the series suffice.
NASBENCH301_CLONES void apply_selu(float* numbers, std::size_t size) {
  constexpr float kScale = 1.0507009873554805F;
  constexpr float kAlpha = 1.6732632423543772F;
  constexpr float kInverseLn2 = 1.442695041F;
  constexpr float kLn2High = 0.693145752F;
  constexpr float kLn2Low = 1.42860677e-6F;
  constexpr float kLowest = -30.0F;  // its exponential is nothing beside 1
  constexpr int kExponentBits = 23;
  constexpr int kExponentBias = 127;
  for (std::size_t i = 0; i < size; i += kLanes) {
    Floats x;
    load(x, numbers + i);
    Floats negative = x < 0.0F ? x : x * 0.0F;
    negative = negative > kLowest ? negative : negative * 0.0F + kLowest;
    const Ints n = __builtin_convertvector(negative * kInverseLn2 - 0.5F, Ints);  // rounds towards 0
    const Floats whole = __builtin_convertvector(n, Floats);
    const Floats r = (negative - whole * kLn2High) - whole * kLn2Low;
    Floats series = r * (1.0F / 720.0F) + 1.0F / 120.0F;
    series = series * r + 1.0F / 24.0F;
    series = series * r + 1.0F / 6.0F;
    series = series * r + 0.5F;
    series = series * r + 1.0F;
    series = series * r + 1.0F;
    const Ints bits = (n + kExponentBias) << kExponentBits;
    Floats power;
    std::memcpy(&power, &bits, sizeof power);
    const Floats below = (series * power - 1.0F) * kAlpha;
    store((x > 0.0F ? x : below) * kScale, numbers + i);
  }
}

NASBENCH301_CLONES double weigh_similarities(std::span<const float> x, const float* points,
                                             const float* weights, std::size_t size) {
  Floats total = {};
  for (std::size_t i = 0; i < size; i += kLanes) {
    Floats square = {};
    for (std::size_t j = 0; j < x.size(); ++j) {
      Floats point;
      load(point, points + j * size + i);
      const Floats away = point - x[j];
      square += away * away;
    }
    Floats weight;
    load(weight, weights + i);
    total += weight / (square + 1.0F);
  }
  double sum = 0.0;
  for (std::size_t lane = 0; lane < kLanes; ++lane) sum += double{total[lane]};
  return sum;
}

}  // namespace nasbench301
