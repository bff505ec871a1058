#pragma once

#include <cstdint>
#include <string>

#include "run/job.h"
#include "run/prepared_run.h"

namespace espalier::host {

/// One optimizer with one seed.
struct Search {
  const Method* method;
  std::uint64_t seed;

  const std::string& label() const { return method->label(); }
};

/// The job of a search, in `folder`. All that it refers to outlives it.
Job search_job(const Search& search, const std::filesystem::path& folder, const PreparedRun& run);

}  // namespace espalier::host
