#pragma once

#include "page/document.h"

namespace espalier::page {

/// A report with every kind of part, made of formulas: curves of eleven methods, panels, a second axis,
/// intervals, a heat map, points, ranks, a drawing, tables, listings.
Document sample_document();

/// A small document with every kind of part, whose every text tries to become markup that sets a variable
/// `evil`.
Document hostile_document();

}  // namespace espalier::page
