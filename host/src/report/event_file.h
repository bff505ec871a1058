#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <variant>

#include "espalier/config/config_value.h"
#include "espalier/search/events.h"

namespace espalier::host {

using Event = std::variant<TrialEvent, EpochEvent>;

/// Hands on each line of an events.jsonl with its number, from 1 on; nothing where the file is not there. The
/// last line of a search that goes on may not be whole yet, and is passed over. Throws Error where reading
/// fails.
void for_each_line(const std::filesystem::path& file,
                   const std::function<void(std::uint64_t number, const std::string& line)>& take);

/// The event of a line. Throws Error that names the place where it is damaged.
Event read_event(const std::string& line, const std::filesystem::path& file, std::uint64_t number);

/// Throws Error where a folder has a result and its events.jsonl is not the one that the result names.
void check_events(const std::filesystem::path& folder);

/// A number that a trainer wrote beside the members of an event; nothing where it did not.
std::optional<double> number_in(const nlohmann::json& more, const char* name);

/// for_each_line() and read_event() at once.
void for_each_event(const std::filesystem::path& file,
                    const std::function<void(std::uint64_t number, const Event& event)>& take);

}  // namespace espalier::host
