#include "run/training_key.h"

#include "cache/cache_entry.h"
#include "espalier/host/config/yaml.h"

namespace espalier::host {

CacheKey cache_key(const TrainingKey& key) {
  return CacheKey({{"format", cache_format},
                   {"espalier", key.version},
                   {"search_space", to_yaml(key.search_space)},
                   {"architecture", key.architecture},
                   {"trainer", key.trainer},
                   {"options", to_yaml(key.options)},
                   {"dataset", nlohmann::json(key.dataset)},
                   {"train_images", key.train_images},
                   {"test_images", key.test_images},
                   {"plugins", key.plugins},
                   {"files", key.files},
                   {"libraries", key.libraries},
                   {"machine", key.machine},
                   {"dependencies", key.dependencies},
                   {"seed", key.seed}});
}

}  // namespace espalier::host
