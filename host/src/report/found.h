#pragma once

#include <cstddef>
#include <string>

#include "espalier/host/report/summary.h"
#include "espalier/space/search_space.h"

namespace espalier::host {

/// Says in each row what its optimizer found, in the search that is best by what searches may see: the short
/// trainings that select, or else the first objective. Of equal ones it is the first. With several objectives
/// a front is found, and nothing is said.
void add_found(Summary& summary, const SearchSpace& space);

/// What a person reads of that below the table, in lines of at most `width` characters; architectures stay
/// whole, because they are copied. Empty where nothing was found.
std::string found_text(const Summary& summary, std::size_t width);

}  // namespace espalier::host
