#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace espalier::host {

/// What a job needs to continue after a kill, as checkpoint.cbor in its folder holds it.
struct Checkpoint {
  std::string label;         ///< of the job that wrote it
  std::uint64_t seed = 0;    ///< the same
  std::uint64_t events = 0;  ///< the lines of events.jsonl that belong to it
  nlohmann::json state;      ///< the trainer's
};

/// Writes it whole or not at all. CBOR, because the state of a network is bytes. Throws Error when the disk
/// refuses.
void write_checkpoint(const std::filesystem::path& folder, const Checkpoint& checkpoint);

/// The checkpoint of a folder; nothing when there is none. Throws Error when it is damaged, was written by
/// another version of Espalier, or belongs to another job than that of this label and seed.
std::optional<Checkpoint> read_checkpoint(const std::filesystem::path& folder, const std::string& label,
                                          std::uint64_t seed);

void remove_checkpoint(const std::filesystem::path& folder);

/// Throws the Error of a checkpoint that cannot be used, with the reason and how to start over without it.
[[noreturn]] void refuse_checkpoint(const std::filesystem::path& folder, const std::string& reason);
/// "remove FOLDER/checkpoint.cbor and run again: …"
std::string remedy_without_checkpoint(const std::filesystem::path& folder);

}  // namespace espalier::host
