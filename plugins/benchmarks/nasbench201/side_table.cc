#include "side_table.h"

#include "data_file.h"
#include "espalier/errors/errors.h"

std::optional<std::filesystem::path> SideTable::path() const {
  try {
    return found_file();
  } catch (const espalier::Error&) {
    return std::nullopt;
  }
}

double SideTable::value(const std::string& column, std::size_t architecture,
                        const std::vector<std::size_t>& rows) const {
  const std::lock_guard lock(mutex_);
  if (!table_) table_ = Table::by_row(found_file(), crc_, rows, missing_);
  return table_->column(column)[architecture];
}

std::filesystem::path SideTable::found_file() const { return data_file(file_, name_); }
