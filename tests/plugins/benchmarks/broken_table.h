#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "espalier/data/data_path.h"
#include "espalier/errors/errors.h"
#include "espalier/search/benchmark.h"
#include "own_path.h"
#include "plugins/datasets/gzip_file.h"

namespace espalier::testing {

/// The message of what `action` throws; "no error" when it throws nothing.
inline std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

/// Tables that are not what they should be, each made from a real one.
class BrokenTable {
 public:
  using Open = std::function<std::unique_ptr<Benchmark>(const std::string& options)>;
  /// `open` makes the benchmark with these options.
  BrokenTable(const std::string& name, Open open)
      : open_(std::move(open)),
        bytes_(read_bytes(find_data(name))),
        text_(inflated(find_data(name))),
        file_(own_path("broken_" + name)) {}
  BrokenTable(const BrokenTable&) = delete;
  BrokenTable& operator=(const BrokenTable&) = delete;
  ~BrokenTable() { std::filesystem::remove(file_); }

  using Change = std::pair<std::string, std::string>;  ///< from, to
  struct Damage {
    std::string column;       ///< one that the benchmark needs
    Change altered;           ///< a figure
    Change architecture;      ///< no architecture of the space
    std::string other_table;  ///< of another space
  };

  void expect_refusals(const Damage& damage) const {
    using ::testing::AllOf;
    using ::testing::HasSubstr;
    EXPECT_THAT(error_for_bytes(bytes_.substr(0, bytes_.size() / 2)), HasSubstr("damaged or cut short"));
    EXPECT_THAT(error_for_bytes(deflated(changed(damage.altered))),
                AllOf(HasSubstr("its checksum differs"), HasSubstr("verify: false")));
    EXPECT_THAT(error_for_bytes(read_bytes(find_data(damage.other_table))),
                HasSubstr("its checksum differs"));
    EXPECT_THAT(error_for_text(inflated(find_data(damage.other_table))),
                AllOf(HasSubstr(":2: not a"), HasSubstr("correct the table")));
    EXPECT_THAT(error_for_text(changed(damage.architecture)), HasSubstr(":2: not a"));
    EXPECT_THAT(error_for_text(changed({damage.column, "other"})),
                HasSubstr("no column \"" + damage.column + "\""));
    EXPECT_THAT(error_for_text(text_.substr(0, text_.rfind('\n', text_.size() - 2) + 1)),
                HasSubstr("lacks 1 architectures"));
    const std::string last = text_.substr(text_.rfind('\n', text_.size() - 2) + 1);
    EXPECT_THAT(error_for_text(text_ + last), HasSubstr("the architecture is in the table twice"));
    write_bytes(file_, deflated(changed(damage.altered)));
    EXPECT_NO_THROW(open_(options() + ", verify: false}")) << "a table of one's own";
  }

 private:
  std::string options() const { return "{file: " + file_.string(); }
  std::string changed(const Change& change) const {
    std::string text = text_;
    return text.replace(text.find(change.first), change.first.size(), change.second);
  }
  /// The error for a table of these bytes; it must name the file.
  std::string error_for_bytes(const std::string& bytes, const std::string& more = "}") const {
    write_bytes(file_, bytes);
    const std::string message = error_of([&] { open_(options() + more); });
    EXPECT_THAT(message, ::testing::HasSubstr(file_.string()));
    return message;
  }
  /// The error for a whole gzip file of this text, the published checksum not asked for.
  std::string error_for_text(const std::string& text) const {
    return error_for_bytes(deflated(text), ", verify: false}");
  }

  Open open_;
  std::string bytes_;
  std::string text_;
  std::filesystem::path file_;
};

}  // namespace espalier::testing
