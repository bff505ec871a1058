#include "espalier/trainer.h"

#include "espalier/optimizer.h"

namespace espalier {

Interrupted::~Interrupted() = default;

Trainer::~Trainer() = default;

SearchResult Trainer::search(Optimizer& optimizer, const Benchmark* benchmark, Journal& journal) {
  if (!optimizer.adapted()) {
    throw Error({.what = "the optimizer \"" + optimizer.name() + "\" has no search space to search",
                 .remedy = "call adapt() first"});
  }
  check(optimizer, benchmark);
  return do_search(optimizer, benchmark, journal);
}

SearchResult Trainer::search(Optimizer& optimizer, const Benchmark* benchmark) {
  NullJournal journal;
  return search(optimizer, benchmark, journal);
}

}  // namespace espalier
