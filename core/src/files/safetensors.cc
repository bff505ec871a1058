#include "espalier/files/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

using Json = nlohmann::json;

static_assert(std::endian::native == std::endian::little, "safetensors are little-endian");

constexpr std::size_t kLengthBytes = 8;
constexpr const char* kAbout = "__metadata__";

struct StoredType {
  std::string_view name;
  std::uint64_t bytes;
};
constexpr std::array<StoredType, 12> kTypes = {{{"BOOL", 1},
                                                {"U8", 1},
                                                {"I8", 1},
                                                {"I16", 2},
                                                {"U16", 2},
                                                {"F16", 2},
                                                {"BF16", 2},
                                                {"I32", 4},
                                                {"U32", 4},
                                                {"F32", 4},
                                                {"F64", 8},
                                                {"I64", 8}}};

[[noreturn]] void refuse(const std::string& where, const std::string& why) {
  throw Error({.what = "the weights cannot be read: " + why,
               .where = where,
               .expected = "a file in the format safetensors"});
}

/// The bytes of a tensor; nothing where the type is unknown, or the shape is none or too large.
std::optional<std::uint64_t> bytes_of(std::string_view type, const std::vector<std::int64_t>& shape) {
  const auto* const known = std::ranges::find(kTypes, type, &StoredType::name);
  if (known == kTypes.end()) return std::nullopt;
  std::uint64_t count = known->bytes;
  for (const std::int64_t length : shape) {
    if (length < 0) return std::nullopt;
    const auto factor = static_cast<std::uint64_t>(length);
    if (factor != 0 && count > std::numeric_limits<std::int64_t>::max() / factor) return std::nullopt;
    count *= factor;
  }
  return count;
}

struct Placed {
  std::string name;
  StoredTensor tensor;
  std::uint64_t begin;
  std::uint64_t end;
};

Placed read_entry(const std::string& name, const Json& entry, const std::string& where) {
  Placed placed{.name = name,
                .tensor = {.type = entry.at("dtype").get<std::string>(),
                           .shape = entry.at("shape").get<std::vector<std::int64_t>>(),
                           .bytes = {}},
                .begin = entry.at("data_offsets").at(0).get<std::uint64_t>(),
                .end = entry.at("data_offsets").at(1).get<std::uint64_t>()};
  const auto expected = bytes_of(placed.tensor.type, placed.tensor.shape);
  if (!expected || placed.end < placed.begin || placed.end - placed.begin != *expected)
    refuse(where, fmt::format("the type, shape and place of the tensor \"{}\" do not fit together", name));
  return placed;
}

float from_half(std::uint16_t half) {
  constexpr int fraction_bits = 10;
  constexpr int bias = 15;
  constexpr int infinite = 31;
  const int exponent = (half >> fraction_bits) & infinite;
  const auto fraction = static_cast<float>(half & ((1U << fraction_bits) - 1U)) / (1U << fraction_bits);
  const float sign = (half >> 15U) != 0 ? -1.0F : 1.0F;
  if (exponent == infinite)
    return fraction == 0.0F ? sign * std::numeric_limits<float>::infinity()
                            : std::numeric_limits<float>::quiet_NaN();
  if (exponent == 0) return sign * std::ldexp(fraction, 1 - bias);
  return sign * std::ldexp(1.0F + fraction, exponent - bias);
}

float from_bfloat(std::uint16_t upper) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(upper) << 16U);
}

template <class T, class Convert>
std::vector<float> converted(const std::string& bytes, Convert convert) {
  std::vector<float> numbers(bytes.size() / sizeof(T));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    T element;
    std::memcpy(&element, bytes.data() + i * sizeof(T), sizeof(T));
    numbers[i] = convert(element);
  }
  return numbers;
}

}  // namespace

std::string write_safetensors(const StoredTensors& tensors) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!tensors.about.empty()) header[kAbout] = tensors.about;
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : tensors.tensors) {
    const std::uint64_t end = offset + tensor.bytes.size();
    header[name] = {{"dtype", tensor.type}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
  text.append((kLengthBytes - text.size() % kLengthBytes) % kLengthBytes,
              ' ');  // so that numbers are aligned
  const std::uint64_t length = text.size();
  std::string bytes(kLengthBytes, '\0');
  std::memcpy(bytes.data(), &length, kLengthBytes);
  bytes.reserve(kLengthBytes + length + offset);
  bytes += text;
  for (const auto& [name, tensor] : tensors.tensors) bytes += tensor.bytes;
  return bytes;
}

StoredTensors read_safetensors(std::string_view bytes, const std::string& where) try {
  std::uint64_t length = 0;
  if (bytes.size() < kLengthBytes) refuse(where, "they are cut short");
  std::memcpy(&length, bytes.data(), kLengthBytes);
  if (length > bytes.size() - kLengthBytes) refuse(where, "they are cut short, or no safetensors");
  const Json header = Json::parse(bytes.substr(kLengthBytes, length));
  if (!header.is_object()) refuse(where, "their header is no map");
  const std::string_view data = bytes.substr(kLengthBytes + length);
  StoredTensors read;
  std::vector<Placed> all;
  all.reserve(header.size());
  for (const auto& [name, entry] : header.items()) {
    if (name == kAbout) {
      read.about = entry.get<std::map<std::string, std::string>>();
    } else {
      all.push_back(read_entry(name, entry, where));
    }
  }
  std::ranges::sort(all, [](const Placed& a, const Placed& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  std::uint64_t offset = 0;
  for (Placed& placed : all) {
    if (placed.begin != offset || placed.end > data.size())
      refuse(where, fmt::format("the tensor \"{}\" is not where the one before it ends", placed.name));
    placed.tensor.bytes = data.substr(placed.begin, placed.end - placed.begin);
    offset = placed.end;
    read.tensors.emplace(std::move(placed.name), std::move(placed.tensor));
  }
  if (offset != data.size()) refuse(where, "they are longer than their header says");
  return read;
} catch (const Json::exception& error) {
  refuse(where, fmt::format("their header is damaged ({})", error.what()));
}

std::vector<float> to_floats(const StoredTensor& tensor) {
  if (tensor.type == "F32") return converted<float>(tensor.bytes, [](float number) { return number; });
  if (tensor.type == "F64")
    return converted<double>(tensor.bytes, [](double number) { return static_cast<float>(number); });
  if (tensor.type == "F16") return converted<std::uint16_t>(tensor.bytes, from_half);
  if (tensor.type == "BF16") return converted<std::uint16_t>(tensor.bytes, from_bfloat);
  throw Error({.what = fmt::format("the elements of a tensor have the type {}", tensor.type),
               .expected = "F32, F16, BF16 or F64"});
}

}  // namespace espalier
