#pragma once

// The one way in to CLI11: its headers need each other in this order.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
