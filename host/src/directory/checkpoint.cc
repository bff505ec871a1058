#include "directory/checkpoint.h"

#include <fmt/format.h>

#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"
#include "files/atomic_file.h"
#include "files/cbor.h"
#include "files/sha256.h"

namespace espalier::host {
namespace {

constexpr std::size_t sum_length = 64;

/// With room for the checksum before it.
std::string to_bytes(const Checkpoint& checkpoint) {
  const nlohmann::json json = {{"espalier", ESPALIER_VERSION},
                               {"of", checkpoint.identity},
                               {"subject", checkpoint.subject},
                               {"kept_for_growth", checkpoint.kept_for_growth},
                               {"events", checkpoint.events.events},
                               {"events_bytes", checkpoint.events.bytes},
                               {"events_sha256", checkpoint.events.sha256},
                               {"state", checkpoint.state}};
  std::string bytes(sum_length, '\0');
  nlohmann::json::to_cbor(json, bytes);
  return bytes;
}

}  // namespace

void write_checkpoint(const std::filesystem::path& file, const Checkpoint& checkpoint,
                      Durability durability) {
  std::string bytes = to_bytes(checkpoint);
  const std::string_view content = std::string_view(bytes).substr(sum_length);
  if (!is_parsable_cbor(content))
    throw Error({.what = "the state of the search cannot be kept: nothing could read it back",
                 .where = file.string(),
                 .expected = "a state of at most 100 nested levels, with no binary data of a subtype",
                 .remedy = "this is a mistake in the trainer: report it to its author"});
  bytes.replace(0, sum_length, sha256_of(content));
  write_file(file, bytes, durability);
}

std::optional<Checkpoint> read_checkpoint(const std::filesystem::path& file,
                                          const nlohmann::json& identity) try {
  const auto text = read_file(file);
  if (!text) return std::nullopt;
  const std::string_view bytes = std::string_view(*text).substr(std::min(sum_length, text->size()));
  if (text->compare(0, sum_length, sha256_of(bytes)) != 0)
    refuse_checkpoint(file, "it is damaged or cut short");
  const auto read = parse_cbor(bytes);
  if (!read) refuse_checkpoint(file, "it is damaged or cut short");
  const nlohmann::json& json = *read;
  if (const auto version = json.value("espalier", "another version"); version != ESPALIER_VERSION)
    refuse_checkpoint(file, fmt::format("espalier {} wrote it, and this is {}", version, ESPALIER_VERSION));
  if (json.at("of") != identity) refuse_checkpoint(file, "it belongs to another search");
  return Checkpoint{.identity = identity,
                    .subject = json.at("subject"),
                    .kept_for_growth = json.at("kept_for_growth").get<bool>(),
                    .events = {.events = json.at("events").get<std::uint64_t>(),
                               .bytes = json.at("events_bytes").get<std::uint64_t>(),
                               .sha256 = json.at("events_sha256").get<std::string>()},
                    .state = json.at("state")};
} catch (const nlohmann::json::exception& error) {
  refuse_checkpoint(file, error.what());
}

void refuse_checkpoint(const std::filesystem::path& file, const std::string& reason) {
  throw Error({.what = fmt::format("this checkpoint is not usable: {}", reason),
               .where = file.string(),
               .expected = "the checkpoint that this search wrote",
               .remedy = remedy_without_checkpoint(file)});
}

std::string remedy_without_checkpoint(const std::filesystem::path& file) {
  return fmt::format("remove {} and run again: this search starts over", file.string());
}

}  // namespace espalier::host
