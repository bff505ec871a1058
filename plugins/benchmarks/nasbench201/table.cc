#include "table.h"

#include <algorithm>
#include <boost/crc.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <charconv>
#include <cmath>
#include <fstream>
#include <functional>
#include <string_view>

#include "espalier/errors.h"

using espalier::Error;

namespace {

constexpr const char* kRestore = "restore the file from the distribution";
constexpr const char* kOwnTable =
    "restore the file from the distribution, or say verify: false for a table of your own";

/// No table of this benchmark is near it; a small file that inflates without end is none.
constexpr std::size_t kLargestText = std::size_t{64} << 20;

std::string inflate(const std::filesystem::path& file) {
  namespace io = boost::iostreams;
  std::ifstream stream(file, std::ios::binary);
  if (!std::filesystem::is_regular_file(file) || !stream) {
    throw Error({.what = "the table cannot be read",
                 .where = file.string(),
                 .expected = "a readable file",
                 .remedy = "check the option file and the file's permissions"});
  }
  std::string text;
  text.reserve(std::size_t{4} << 20);
  try {
    io::filtering_istream in;
    in.push(io::gzip_decompressor());
    in.push(stream);
    char buffer[1 << 16];
    while (in.read(buffer, sizeof buffer), in.gcount() > 0) {
      text.append(buffer, static_cast<std::size_t>(in.gcount()));
      if (text.size() > kLargestText) throw Error({.what = "the table is too large", .where = file.string()});
    }
    if (in.bad()) throw io::gzip_error(io::gzip::bad_crc);
  } catch (const std::ios_base::failure& error) {
    throw Error({.what = std::string("the table is damaged or cut short: ") + error.what(),
                 .where = file.string(),
                 .expected = "a whole gzip file",
                 .remedy = kRestore});
  }
  return text;
}

void check_sum(const std::string& text, std::uint32_t crc, const std::filesystem::path& file) {
  if (crc == 0) return;
  boost::crc_32_type sum;
  sum.process_bytes(text.data(), text.size());
  if (sum.checksum() == crc) return;
  throw Error({.what = "the table is not the one that was published: its checksum differs",
               .where = file.string(),
               .remedy = kOwnTable});
}

/// The cells of a line; views into it.
void split(std::string_view line, std::vector<std::string_view>& cells) {
  cells.clear();
  if (line.ends_with('\r')) line.remove_suffix(1);
  for (;;) {
    const std::size_t comma = line.find(',');
    cells.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return;
    line.remove_prefix(comma + 1);
  }
}

template <class T>
bool parse(std::string_view cell, T& value) {
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  return error == std::errc() && end == cell.data() + cell.size();
}

/// Walks the lines of a table and fills its columns.
struct Reader {
  std::filesystem::path file;
  std::string text = {};
  std::vector<std::string> header = {};
  std::size_t line = 1;

  [[noreturn]] void refuse(const std::string& what, const std::string& expected = {}) const {
    throw Error({.what = what,
                 .where = file.string() + ":" + std::to_string(line),
                 .expected = expected,
                 .remedy = kRestore});
  }

  std::size_t position(const char* name) const {
    const auto found = std::find(header.begin(), header.end(), name);
    if (found == header.end()) refuse(std::string("the table has no column \"") + name + "\"");
    return static_cast<std::size_t>(found - header.begin());
  }

  /// `key` gives the slot of a row from its cells.
  void read(const std::function<std::size_t(const std::vector<std::string_view>&)>& key, std::size_t slots,
            const std::vector<std::size_t>& numeric, std::vector<std::vector<double>>& columns) {
    std::vector<bool> filled(slots, false);
    std::vector<std::string_view> cells;
    std::string_view rest = text;
    rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
    while (!rest.empty()) {
      ++line;
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      split(rest.substr(0, end), cells);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (cells.size() != header.size()) {
        refuse("a row has " + std::to_string(cells.size()) + " cells", std::to_string(header.size()));
      }
      const std::size_t slot = key(cells);
      if (filled[slot]) refuse("an architecture stands in the table twice");
      filled[slot] = true;
      for (std::size_t i = 0; i < numeric.size(); ++i) {
        double& value = columns[i][slot];
        if (!parse(cells[numeric[i]], value) || !std::isfinite(value)) {
          refuse("\"" + std::string(cells[numeric[i]]) + "\" in the column " + header[numeric[i]] +
                 " is no number");
        }
      }
    }
    const auto missing = std::count(filled.begin(), filled.end(), false);
    if (missing > 0)
      refuse("the table lacks " + std::to_string(missing) + " architectures",
             std::to_string(slots) + " rows");
  }
};

Reader open(const std::filesystem::path& file, std::uint32_t crc) {
  Reader reader{.file = file, .text = inflate(file)};
  check_sum(reader.text, crc, file);
  if (reader.text.empty()) reader.refuse("the table is empty");
  std::vector<std::string_view> cells;
  split(std::string_view(reader.text).substr(0, reader.text.find('\n')), cells);
  reader.header.assign(cells.begin(), cells.end());
  return reader;
}

}  // namespace

Table Table::by_architecture(const std::filesystem::path& file, std::uint32_t crc,
                             const espalier::SearchSpace& space) {
  Reader reader = open(file, crc);
  const std::size_t arch = reader.position("arch");
  const std::size_t index = reader.position("index");
  const auto size = static_cast<std::size_t>(space.size());

  Table table;
  table.file_ = file;
  table.rows_.assign(size, size);
  std::vector<std::size_t> numeric;
  for (std::size_t i = 0; i < reader.header.size(); ++i) {
    if (i == arch || i == index) continue;
    numeric.push_back(i);
    table.names_.push_back(reader.header[i]);
  }
  table.columns_.assign(numeric.size(), std::vector<double>(size));
  reader.read(
      [&](const std::vector<std::string_view>& cells) {
        std::size_t row = 0;
        if (!parse(cells[index], row) || row >= size || table.rows_[row] != size) {
          reader.refuse("\"" + std::string(cells[index]) + "\" is no index of its own",
                        "each of 0 … " + std::to_string(size - 1) + " once");
        }
        try {
          table.rows_[row] = static_cast<std::size_t>(space.index_of(space.parse(cells[arch])));
        } catch (const Error& error) {
          reader.refuse(error.details().what);
        }
        return table.rows_[row];
      },
      size, numeric, table.columns_);
  return table;
}

Table Table::by_row(const std::filesystem::path& file, std::uint32_t crc,
                    const std::vector<std::size_t>& rows) {
  Reader reader = open(file, crc);
  const std::size_t index = reader.position("index");

  Table table;
  table.file_ = file;
  table.rows_ = rows;
  std::vector<std::size_t> numeric;
  for (std::size_t i = 0; i < reader.header.size(); ++i) {
    if (i == index) continue;
    numeric.push_back(i);
    table.names_.push_back(reader.header[i]);
  }
  table.columns_.assign(numeric.size(), std::vector<double>(rows.size()));
  reader.read(
      [&](const std::vector<std::string_view>& cells) {
        std::size_t row = 0;
        if (!parse(cells[index], row) || row >= rows.size()) {
          reader.refuse("\"" + std::string(cells[index]) + "\" is no index",
                        "0 … " + std::to_string(rows.size() - 1));
        }
        return rows[row];
      },
      rows.size(), numeric, table.columns_);
  return table;
}

const std::vector<double>& Table::column(const std::string& name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) {
    throw Error(
        {.what = "the table has no column \"" + name + "\"", .where = file_.string(), .remedy = kRestore});
  }
  return columns_[static_cast<std::size_t>(found - names_.begin())];
}
