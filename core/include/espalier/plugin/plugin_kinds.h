#pragma once

#include <span>
#include <string>
#include <string_view>

#include "espalier/plugin/export.h"

/// The kinds of plugins, listed here and nowhere else in C++: the name that configs and files use, and the
/// interface that a plugin of the kind implements. A new kind is a line here, a macro below, and a line in
/// cmake/EspalierPlugin.cmake.
#define ESPALIER_PLUGIN_KINDS(apply)                                                       \
  apply(search_space, SearchSpace) apply(optimizer, Optimizer) apply(benchmark, Benchmark) \
      apply(trainer, Trainer) apply(dataset, Dataset) apply(predictor, Predictor)

namespace espalier {

#define ESPALIER_DECLARE_KIND(kind, Interface) class Interface;  // NOLINT(bugprone-macro-parentheses)
ESPALIER_PLUGIN_KINDS(ESPALIER_DECLARE_KIND)
#undef ESPALIER_DECLARE_KIND

/// The name of an interface's kind: plugin_kind<Optimizer> is "optimizer".
template <class Interface>
inline constexpr const char* plugin_kind = nullptr;
#define ESPALIER_NAME_KIND(kind, Interface) \
  template <>                               \
  inline constexpr const char* plugin_kind<Interface> = #kind;
ESPALIER_PLUGIN_KINDS(ESPALIER_NAME_KIND)
#undef ESPALIER_NAME_KIND

/// All names, in the order of the list. [any-thread]
ESPALIER_EXPORT std::span<const std::string> plugin_kinds();
/// A kind in a sentence: "search space". [any-thread]
ESPALIER_EXPORT std::string spoken_kind(std::string_view kind);

}  // namespace espalier

#define ESPALIER_SEARCH_SPACE(name, Class, version) \
  ESPALIER_PLUGIN("search_space", #name, ::espalier::SearchSpace, Class, version)
#define ESPALIER_OPTIMIZER(name, Class, version) \
  ESPALIER_PLUGIN("optimizer", #name, ::espalier::Optimizer, Class, version)
#define ESPALIER_BENCHMARK(name, Class, version) \
  ESPALIER_PLUGIN("benchmark", #name, ::espalier::Benchmark, Class, version)
#define ESPALIER_TRAINER(name, Class, version) \
  ESPALIER_PLUGIN("trainer", #name, ::espalier::Trainer, Class, version)
#define ESPALIER_DATASET(name, Class, version) \
  ESPALIER_PLUGIN("dataset", #name, ::espalier::Dataset, Class, version)
#define ESPALIER_PREDICTOR(name, Class, version) \
  ESPALIER_PLUGIN("predictor", #name, ::espalier::Predictor, Class, version)
