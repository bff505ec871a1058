#pragma once

#include <cstddef>
#include <exception>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace espalier::program {

/// Whoever read standard output is gone (`| head`): no mistake, but nothing is left to do.
class OutputClosed : public std::exception {
 public:
  const char* what() const noexcept override { return "standard output is closed"; }
};

/// Opens what the caller closed of the three standard streams, so that no file of ours takes their
/// place, and lets writes to a closed pipe fail instead of killing the process.
void prepare_streams();

/// Writes results to standard output. Throws Error when that fails, OutputClosed when nobody reads.
void print(std::string_view text);
void print_json(const nlohmann::ordered_json& json);
/// How many characters a line of standard output has: those of the terminal, or any number elsewhere.
std::size_t output_width();
/// Everything printed so far has arrived when this returns.
void flush_output();

}  // namespace espalier::program
