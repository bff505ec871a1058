#pragma once

#include "espalier/host/report/summary.h"
#include "files/json_optional.h"

namespace espalier::host {

/// What result.json and summary.json both say of a finished search.
inline OrderedJson to_json(const SeedResult& result) {
  return {{"seed", result.seed},
          {"architecture", result.architecture},
          {"validation", to_json_or_null(result.validation)},
          {"test", to_json_or_null(result.test)},
          {"trials", result.trials},
          {"epochs", result.epochs},
          {"seconds", result.seconds}};
}

}  // namespace espalier::host
