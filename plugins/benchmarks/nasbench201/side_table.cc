#include "side_table.h"

#include "espalier/data/data_path.h"

std::optional<std::filesystem::path> SideTable::path() const {
  try {
    return file_.empty() ? espalier::find_data(name_) : file_;
  } catch (const espalier::Error&) {
    return std::nullopt;
  }
}

double SideTable::value(const std::string& column, std::size_t architecture,
                        const std::vector<std::size_t>& rows) const {
  const std::lock_guard lock(mutex_);
  if (!table_)
    table_ = Table::by_row(file_.empty() ? espalier::find_data(name_) : file_, crc_, rows, missing_);
  return table_->column(column)[architecture];
}
