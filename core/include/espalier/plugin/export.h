#pragma once

/// Marks what other libraries and plugins may link; all other symbols are hidden.
#define ESPALIER_EXPORT __attribute__((visibility("default")))
