#pragma once

namespace espalier {

class Benchmark;
class Dataset;

/// What a trainer is given to search with, beside the optimizer. A pointer is null where the config names
/// none.
struct Resources {
  const Benchmark* benchmark = nullptr;
  const Dataset* dataset = nullptr;
};

}  // namespace espalier
