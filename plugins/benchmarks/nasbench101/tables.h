#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

/// The figures of NAS-Bench-101, in the order of the search space.
namespace nasbench101 {

/// Each is a schedule of its own.
inline constexpr std::array<int, 4> kEpochs = {4, 12, 36, 108};
inline constexpr int kFullEpochs = kEpochs.back();

/// Of every cell.
struct AllCells {
  std::vector<double> test_accuracy;  ///< in percent, after 108 epochs
  std::vector<double> parameters;

  /// Reads `file`, whose text must have the published checksum if `verify`. Throws Error, naming the file and
  /// line, for a file that is missing, damaged or altered, or has not a row for each of `cells` cells.
  static AllCells read(const std::filesystem::path& file, bool verify, std::size_t cells);
};

/// Of the cells whose validation accuracy is known.
struct ValidatedCells {
  std::vector<std::size_t> cells;                                       ///< their indices, ascending
  std::array<std::vector<double>, kEpochs.size()> validation_accuracy;  ///< by row, in percent
  std::vector<double> train_seconds;                                    ///< by row, for 108 epochs

  /// The same for a table whose rows have the index of a cell.
  static ValidatedCells read(const std::filesystem::path& file, bool verify, std::size_t cells);

  /// Nothing for a cell that is not among them.
  std::optional<std::size_t> row_of(std::uint64_t cell) const;
};

}  // namespace nasbench101
