#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "directory/event_log.h"
#include "espalier/host/files/write_file.h"

namespace espalier::host {

/// What a job needs to continue after a kill, as checkpoint.cbor in its folder holds it, or to grow beyond
/// its end, as growth.cbor does.
struct Checkpoint {
  nlohmann::json identity;  ///< Job::identity
  nlohmann::json subject;   ///< Job::subject
  bool kept_for_growth =
      false;                  ///< whether growth.cbor was written before: this one is for this budget alone
  EventPosition events = {};  ///< the events that belong to it
  nlohmann::json state;       ///< the trainer's
};

/// Writes it whole or not at all: its checksum and CBOR, because the state of a network is bytes. Throws
/// Error when the disk refuses, or when the state could not be read back; a file that is there stays then.
void write_checkpoint(const std::filesystem::path& file, const Checkpoint& checkpoint,
                      Durability durability = Durability::disk);

/// Reads it; nothing when there is none. Throws Error when it is damaged, was written by another version of
/// Espalier, or belongs to a job of another identity.
std::optional<Checkpoint> read_checkpoint(const std::filesystem::path& file, const nlohmann::json& identity);

/// Throws the Error of a checkpoint that cannot be used, with the reason and how to start over without it.
[[noreturn]] void refuse_checkpoint(const std::filesystem::path& file, const std::string& reason);
/// "remove FILE and run again: …"
std::string remedy_without_checkpoint(const std::filesystem::path& file);

}  // namespace espalier::host
