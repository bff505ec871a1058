#include "espalier/search/journal.h"

#include <nlohmann/json.hpp>

namespace espalier {

Journal::~Journal() = default;

std::optional<nlohmann::json> NullJournal::restore() { return std::nullopt; }

}  // namespace espalier
