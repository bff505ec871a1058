#include "text/line_list.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "text/output.h"

namespace espalier::program {

void LineList::add(const std::string& line) {
  if (!json_) return print(line + "\n");
  const auto lenient = nlohmann::json::error_handler_t::replace;
  print((std::exchange(empty_, false) ? "[\n  " : ",\n  ") +
        nlohmann::json(line).dump(-1, ' ', false, lenient));
}

void LineList::end() const {
  if (json_) print(empty_ ? "[]\n" : "\n]\n");
}

}  // namespace espalier::program
