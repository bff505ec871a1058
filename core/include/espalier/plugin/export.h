#pragma once

/// Everything is hidden by default; what a plugin may link against carries this mark.
#define ESPALIER_EXPORT __attribute__((visibility("default")))
