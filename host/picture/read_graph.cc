#include "picture/read_graph.h"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <map>
#include <string_view>

namespace espalier::picture {
namespace {

/// The numbers of one graph. Graphviz keeps it by a pointer and closes it with the graph.
class Numbers {
 public:
  IDTYPE of(const char* name, bool add) {
    if (name == nullptr) return 2 * unnamed_++ + 1;  // odd, as by default
    const auto found = numbers_.find(name);
    if (found != numbers_.end()) return found->second;
    if (!add) return 0;
    names_.emplace_back(name);
    return numbers_[names_.back()] = 2 * names_.size();
  }
  /// Null for what has no name.
  char* name(IDTYPE number) {
    if (number % 2 == 1 || number == 0 || number / 2 > names_.size()) return nullptr;
    return names_[number / 2 - 1].data();
  }

 private:
  std::deque<std::string> names_;  ///< does not move them
  std::map<std::string_view, IDTYPE> numbers_;
  IDTYPE unnamed_ = 0;
};

Numbers& numbers(void* state) { return *static_cast<Numbers*>(state); }

Agiddisc_t numbering() {
  Agiddisc_t discipline = {};
  discipline.open = [](Agraph_t*, Agdisc_t*) -> void* { return new Numbers; };
  discipline.close = [](void* state) { delete static_cast<Numbers*>(state); };
  discipline.map = [](void* state, int, char* name, IDTYPE* id, int create) -> long {
    *id = numbers(state).of(name, create != 0);
    return *id != 0 ? 1 : 0;
  };
  discipline.alloc = [](void*, int, IDTYPE) -> long { return 0; };  // nobody asks for a number of its own
  discipline.free = [](void*, int, IDTYPE) {};
  discipline.print = [](void* state, int, IDTYPE id) { return numbers(state).name(id); };
  discipline.idregister = [](void*, int, void*) {};
  return discipline;
}

Agiodisc_t reading() {
  Agiodisc_t discipline = AgIoDisc;
  discipline.afread = [](void* rest, char* buffer, int size) {
    auto& text = *static_cast<std::string_view*>(rest);
    const std::size_t count = std::min(text.size(), static_cast<std::size_t>(size));
    std::copy_n(text.begin(), count, buffer);
    text.remove_prefix(count);
    return static_cast<int>(count);
  };
  return discipline;
}

}  // namespace

Agraph_t* read_graph(const std::string& description) {
  // They live as long as any graph.
  static Agiddisc_t ids = numbering();
  static Agiodisc_t io = reading();
  static Agdisc_t all = {.mem = AgDefaultDisc.mem, .id = &ids, .io = &io};
  std::string_view rest = description;
  return agread(&rest, &all);
}

}  // namespace espalier::picture
