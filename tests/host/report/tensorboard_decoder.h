#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Reads event files of TensorBoard with nothing of what writes them: after the documents of Protocol Buffers
// (protobuf.dev/programming-guides/encoding), of TFRecord, and RFC 3720 for CRC-32C.
namespace espalier::host::testing {

/// Bit by bit, as the polynomial is defined.
inline std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t crc = ~0U;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0x82F63B78U : 0U);
  }
  return ~crc;
}

template <class Number>
Number little_endian(std::string_view& bytes) {
  if (bytes.size() < sizeof(Number)) throw std::runtime_error("cut short");
  Number number = 0;
  for (std::size_t i = sizeof(Number); i-- > 0;)
    number = static_cast<Number>(number << 8 | static_cast<unsigned char>(bytes[i]));
  bytes.remove_prefix(sizeof(Number));
  return number;
}

inline std::string_view take_front(std::string_view& bytes, std::uint64_t size) {
  if (bytes.size() < size) throw std::runtime_error("cut short");
  const std::string_view front = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return front;
}

inline void check_masked_crc(std::string_view bytes, std::uint32_t masked) {
  const std::uint32_t turned = masked - 0xa282ead8U;
  if (((turned >> 17) | (turned << 15)) != crc32c(bytes)) throw std::runtime_error("a wrong checksum");
}

/// The messages of a file of TFRecords.
inline std::vector<std::string_view> record_messages(std::string_view file) {
  std::vector<std::string_view> messages;
  while (!file.empty()) {
    const std::string_view length_bytes = file.substr(0, 8);
    const auto length = little_endian<std::uint64_t>(file);
    check_masked_crc(length_bytes, little_endian<std::uint32_t>(file));
    messages.push_back(take_front(file, length));
    check_masked_crc(messages.back(), little_endian<std::uint32_t>(file));
  }
  return messages;
}

inline std::uint64_t varint(std::string_view& bytes) {
  std::uint64_t number = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(take_front(bytes, 1).front());
    number |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80U) return number;
  }
  throw std::runtime_error("a varint that does not end");
}

/// The fields of a message by number; a number as its bits.
struct Fields {
  std::multimap<std::uint64_t, std::uint64_t> numbers;
  std::multimap<std::uint64_t, std::string_view> texts;

  explicit Fields(std::string_view message) {
    while (!message.empty()) {
      const std::uint64_t key = varint(message);
      switch (key & 7U) {
        case 0:
          numbers.emplace(key >> 3, varint(message));
          break;
        case 1:
          numbers.emplace(key >> 3, little_endian<std::uint64_t>(message));
          break;
        case 2:
          texts.emplace(key >> 3, take_front(message, varint(message)));
          break;
        case 5:
          numbers.emplace(key >> 3, little_endian<std::uint32_t>(message));
          break;
        default:
          throw std::runtime_error("an unknown type");
      }
    }
  }
  std::uint64_t number(std::uint64_t field) const {
    const auto found = numbers.find(field);
    return found == numbers.end() ? 0 : found->second;
  }
  std::string_view text(std::uint64_t field) const {
    const auto found = texts.find(field);
    return found == texts.end() ? std::string_view() : found->second;
  }
};

struct DecodedEvent {
  double wall_time = 0.0;
  std::int64_t step = 0;
  std::string version;
  std::map<std::string, float> scalars;
  std::map<std::string, std::string> texts;  ///< of the plugin "text"
  /// Of the plugin "hparams".
  std::string group;
  std::map<std::string, std::string> strings;
  std::map<std::string, double> numbers;
  std::map<std::string, bool> booleans;
};

inline void decode_hyperparameters(std::string_view content, DecodedEvent& event) {
  const Fields session(Fields(content).text(3));
  event.group = session.text(4);
  const auto [begin, end] = session.texts.equal_range(1);
  for (auto each = begin; each != end; ++each) {
    const Fields entry(each->second);
    const std::string key(entry.text(1));
    const Fields value(entry.text(2));
    if (value.numbers.contains(2)) event.numbers[key] = std::bit_cast<double>(value.number(2));
    if (value.texts.contains(3)) event.strings[key] = value.text(3);
    if (value.numbers.contains(4)) event.booleans[key] = value.number(4) != 0;
  }
}

inline void decode_value(const Fields& value, DecodedEvent& event) {
  const std::string tag(value.text(1));
  const Fields plugin(Fields(value.text(9)).text(1));
  if (value.numbers.contains(2))
    event.scalars[tag] = std::bit_cast<float>(static_cast<std::uint32_t>(value.number(2)));
  if (plugin.text(1) == "text") {
    const Fields tensor(value.text(8));
    if (tensor.number(1) != 7) throw std::runtime_error("a text that is no string");
    event.texts[tag] = tensor.text(8);
  }
  if (plugin.text(1) == "hparams") decode_hyperparameters(plugin.text(2), event);
}

inline std::vector<DecodedEvent> decoded_events(std::string_view file) {
  std::vector<DecodedEvent> events;
  for (const std::string_view message : record_messages(file)) {
    const Fields fields(message);
    DecodedEvent& event = events.emplace_back();
    event.wall_time = std::bit_cast<double>(fields.number(1));
    event.step = static_cast<std::int64_t>(fields.number(2));
    event.version = fields.text(3);
    const Fields summary(fields.text(5));
    for (const auto& [field, value] : summary.texts) decode_value(Fields(value), event);
  }
  return events;
}

}  // namespace espalier::host::testing
