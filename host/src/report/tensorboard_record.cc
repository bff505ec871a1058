#include "report/tensorboard_record.h"

#include <boost/crc.hpp>
#include <boost/endian/conversion.hpp>
#include <boost/locale/encoding_utf.hpp>
#include <cmath>
#include <limits>
#include <protozero/pbf_builder.hpp>

namespace espalier::host {
namespace {

using protozero::pbf_builder;
using Tag = protozero::pbf_tag_type;

// The fields that are written of TensorFlow's core/util/event.proto and core/framework/{summary,tensor,
// tensor_shape}.proto, of TensorBoard's plugins/hparams/plugin_data.proto, and of Google's struct.proto.
enum class EventField : Tag { wall_time = 1, step = 2, file_version = 3, summary = 5 };
enum class SummaryField : Tag { value = 1 };
enum class ValueField : Tag { tag = 1, simple_value = 2, tensor = 8, metadata = 9 };
enum class MetadataField : Tag { plugin_data = 1 };
enum class PluginDataField : Tag { plugin_name = 1, content = 2 };
enum class TensorField : Tag { dtype = 1, shape = 2, string_values = 8 };
enum class HparamsField : Tag { session_start = 3 };
enum class SessionStartField : Tag { hparams = 1, group_name = 4 };
enum class MapEntryField : Tag { key = 1, value = 2 };
enum class StructValueField : Tag { number = 2, string = 3, boolean = 4 };

constexpr std::int32_t string_dtype = 7;

/// CRC-32C (Castagnoli), as of RFC 3720.
using Crc32c = boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true>;

/// A checksum over data that hold checksums themselves says little, so TFRecord turns and shifts its own.
std::uint32_t masked_crc32c(std::string_view bytes) {
  Crc32c crc;
  crc.process_bytes(bytes.data(), bytes.size());
  const std::uint32_t sum = crc.checksum();
  return ((sum >> 15) | (sum << 17)) + 0xa282ead8U;
}

template <class Number>
void append_little_endian(std::string& bytes, Number number) {
  const Number little = boost::endian::native_to_little(number);
  bytes.append(reinterpret_cast<const char*>(&little), sizeof little);
}

/// A TFRecord: the length, its checksum, the message, its checksum.
std::string framed(std::string_view message) {
  std::string record;
  record.reserve(message.size() + 16);
  append_little_endian(record, std::uint64_t{message.size()});
  append_little_endian(record, masked_crc32c(record));
  record += message;
  append_little_endian(record, masked_crc32c(message));
  return record;
}

/// What is beyond a float becomes infinite, which TensorBoard marks.
float as_float(double value) {
  using Float = std::numeric_limits<float>;
  if (std::abs(value) > Float::max()) return std::copysign(Float::infinity(), value < 0.0 ? -1.0F : 1.0F);
  return static_cast<float>(value);
}

void add_plugin(pbf_builder<ValueField>& value, const char* plugin, const std::string& content = {}) {
  pbf_builder<MetadataField> metadata(value, ValueField::metadata);
  pbf_builder<PluginDataField> data(metadata, MetadataField::plugin_data);
  data.add_string(PluginDataField::plugin_name, plugin);
  if (!content.empty()) data.add_bytes(PluginDataField::content, content);
}

void add_entry(pbf_builder<SessionStartField>& session, const Hyperparameter& parameter) {
  pbf_builder<MapEntryField> entry(session, SessionStartField::hparams);
  entry.add_string(MapEntryField::key, valid_utf8(parameter.first));
  pbf_builder<StructValueField> value(entry, MapEntryField::value);
  if (const auto* number = std::get_if<double>(&parameter.second))
    value.add_double(StructValueField::number, *number);
  else if (const auto* boolean = std::get_if<bool>(&parameter.second))
    value.add_bool(StructValueField::boolean, *boolean);
  else
    value.add_string(StructValueField::string, valid_utf8(std::get<std::string>(parameter.second)));
}

}  // namespace

std::string valid_utf8(std::string_view text) {
  return boost::locale::conv::utf_to_utf<char>(text.data(), text.data() + text.size());
}

std::string TensorboardRecord::version() {
  std::string message;
  pbf_builder<EventField> event(message);
  event.add_double(EventField::wall_time, 0.0);
  event.add_string(EventField::file_version, "brain.Event:2");
  return framed(message);
}

void TensorboardRecord::add_scalar(std::string_view tag, double number) {
  pbf_builder<SummaryField> summary(summary_);
  pbf_builder<ValueField> value(summary, SummaryField::value);
  value.add_string(ValueField::tag, valid_utf8(tag));
  value.add_float(ValueField::simple_value, as_float(number));
}

void TensorboardRecord::add_text(std::string_view tag, std::string_view text) {
  pbf_builder<SummaryField> summary(summary_);
  pbf_builder<ValueField> value(summary, SummaryField::value);
  value.add_string(ValueField::tag, valid_utf8(tag));
  {
    pbf_builder<TensorField> tensor(value, ValueField::tensor);
    tensor.add_enum(TensorField::dtype, string_dtype);
    tensor.add_message(TensorField::shape, std::string());  // a scalar
    tensor.add_bytes(TensorField::string_values, valid_utf8(text));
  }
  add_plugin(value, "text");
}

void TensorboardRecord::add_hyperparameters(const std::vector<Hyperparameter>& parameters,
                                            std::string_view group) {
  std::string content;
  {
    pbf_builder<HparamsField> hparams(content);
    pbf_builder<SessionStartField> session(hparams, HparamsField::session_start);
    for (const Hyperparameter& parameter : parameters) add_entry(session, parameter);
    session.add_string(SessionStartField::group_name, valid_utf8(group));
  }
  pbf_builder<SummaryField> summary(summary_);
  pbf_builder<ValueField> value(summary, SummaryField::value);
  value.add_string(ValueField::tag, "_hparams_/session_start_info");
  add_plugin(value, "hparams", content);
}

std::string TensorboardRecord::finish() const {
  std::string message;
  pbf_builder<EventField> event(message);
  event.add_double(EventField::wall_time, wall_time_);
  event.add_int64(EventField::step, static_cast<std::int64_t>(step_));
  event.add_message(EventField::summary, summary_);
  return framed(message);
}

}  // namespace espalier::host
