#include "table_text.h"

#include <boost/crc.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <fstream>

#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"

using espalier::Error;

namespace {

constexpr const char* kOtherTable =
    "restore the file from the distribution, or write verify: false to use another table";

/// Far above any table: a small file that inflates without end is refused.
constexpr std::size_t kLargestText = std::size_t{64} << 20;

std::string inflate(const std::filesystem::path& file, const char* remedy) {
  namespace io = boost::iostreams;
  std::ifstream stream = espalier::open_file(file);
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
                 .remedy = remedy});
  }
  return text;
}

void check_sum(const std::string& text, std::uint32_t crc, const std::filesystem::path& file) {
  if (crc == 0) return;
  boost::crc_32_type sum;
  sum.process_bytes(text.data(), text.size());
  if (sum.checksum() == crc) return;
  throw Error({.what = "the table is not the published one: its checksum differs",
               .where = file.string(),
               .remedy = kOtherTable});
}

}  // namespace

std::string table_text(const std::filesystem::path& file, std::uint32_t crc) {
  std::string text = inflate(file, remedy_for_table(crc));
  check_sum(text, crc, file);
  return text;
}
