#pragma once

#include <string>

#include "picture/palette.h"
#include "picture/panels.h"

namespace espalier::picture {

/// The markup above a panel: its title, and what its stripes and dots stand for.
std::string panel_label(const Panels::Panel& panel, const Panels& panels, const Palette& palette);

}  // namespace espalier::picture
