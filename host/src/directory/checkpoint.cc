#include "directory/checkpoint.h"

#include <fmt/format.h>

#include "directory/job_files.h"
#include "espalier/errors/errors.h"
#include "files/atomic_file.h"
#include "files/cbor.h"

namespace espalier::host {
namespace {

std::filesystem::path file_in(const std::filesystem::path& folder) { return folder / JobFiles::checkpoint; }

}  // namespace

void write_checkpoint(const std::filesystem::path& folder, const Checkpoint& checkpoint) {
  const nlohmann::json json = {{"espalier", ESPALIER_VERSION},
                               {"optimizer", checkpoint.label},
                               {"seed", checkpoint.seed},
                               {"events", checkpoint.events},
                               {"state", checkpoint.state}};
  std::string bytes;
  nlohmann::json::to_cbor(json, bytes);
  write_file(file_in(folder), bytes);
}

std::optional<Checkpoint> read_checkpoint(const std::filesystem::path& folder, const std::string& label,
                                          std::uint64_t seed) try {
  const auto text = read_file(file_in(folder));
  if (!text) return std::nullopt;
  const auto read = parse_cbor(*text);
  if (!read) refuse_checkpoint(folder, "it is damaged or cut short");
  const nlohmann::json& json = *read;
  if (const auto version = json.value("espalier", "another version"); version != ESPALIER_VERSION)
    refuse_checkpoint(folder, fmt::format("espalier {} wrote it, and this is {}", version, ESPALIER_VERSION));
  if (json.at("optimizer").get<std::string>() != label || json.at("seed").get<std::uint64_t>() != seed)
    refuse_checkpoint(folder, "it belongs to another search");
  return Checkpoint{.label = label,
                    .seed = seed,
                    .events = json.at("events").get<std::uint64_t>(),
                    .state = json.at("state")};
} catch (const nlohmann::json::exception& error) {
  refuse_checkpoint(folder, error.what());
}

void remove_checkpoint(const std::filesystem::path& folder) { remove_file(file_in(folder)); }

void refuse_checkpoint(const std::filesystem::path& folder, const std::string& reason) {
  throw Error({.what = fmt::format("this checkpoint is not usable: {}", reason),
               .where = file_in(folder).string(),
               .expected = "the checkpoint that this search wrote",
               .remedy = remedy_without_checkpoint(folder)});
}

std::string remedy_without_checkpoint(const std::filesystem::path& folder) {
  return fmt::format("remove {} and run again: this search starts over", file_in(folder).string());
}

}  // namespace espalier::host
