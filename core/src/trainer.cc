#include "espalier/trainer.h"

#include "espalier/optimizer.h"

namespace espalier {

Interrupted::~Interrupted() = default;

Trainer::~Trainer() = default;

SearchResult Trainer::search(Optimizer& optimizer, const Resources& resources, Journal& journal) {
  if (!optimizer.adapted()) {
    throw Error({.what = "the optimizer \"" + optimizer.name() + "\" has no search space to search",
                 .remedy = "call adapt() first"});
  }
  check(optimizer, resources);
  return do_search(optimizer, resources, journal);
}

SearchResult Trainer::search(Optimizer& optimizer, const Resources& resources) {
  NullJournal journal;
  return search(optimizer, resources, journal);
}

}  // namespace espalier
