#pragma once

namespace espalier {

class Dataset;
class ObjectiveFunction;
class Report;

/// What a trainer is given to search with, beside the optimizer. A pointer is null where the config names
/// nothing for it.
struct Resources {
  const ObjectiveFunction* objective = nullptr;  ///< what the benchmarks of the search know
  const Report* report = nullptr;                ///< judges what was found; no optimizer sees it
  const Dataset* dataset = nullptr;
};

}  // namespace espalier
