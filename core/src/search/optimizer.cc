#include "espalier/search/optimizer.h"

#include <nlohmann/json.hpp>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "plugin/plugin_answer.h"

namespace espalier {

Optimizer::~Optimizer() = default;

void Optimizer::adapt(const SearchSpace& space, std::uint64_t seed) {
  if (adapted()) {
    throw Error({.what = "the optimizer \"" + name() + "\" has been adapted to a search space already",
                 .remedy = "create a new optimizer for each search"});
  }
  space_ = &space;
  seed_ = seed;
  call_plugin(*this, "adapt()", [&] { on_adapt(); });
}

Architecture Optimizer::final_architecture() const {
  Architecture found = call_plugin(*this, "final_architecture()", [&] { return do_final_architecture(); });
  if (adapted()) check_answer(*this, "final_architecture()", space(), found);
  return found;
}

nlohmann::json Optimizer::save() const {
  return call_plugin(*this, "save()", [&] { return do_save(); });
}

void Optimizer::load(const nlohmann::json& state) {
  call_plugin(*this, "load()", [&] { do_load(state); });
}

}  // namespace espalier
