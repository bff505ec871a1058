#include <algorithm>

#include "espalier/host/config/run_config.h"
#include "espalier/host/config/yaml.h"
#include "fuzz.h"

/// The first line is what a command line says ("key.path=value"), the rest is the config.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace espalier;
  const std::string_view text = fuzz::text_of(data, size);
  const std::size_t end = std::min(text.find('\n'), size);
  fuzz::succeeds<UsageError>([&] {
    ConfigValue config = host::parse_yaml(text.substr(end), "input.yaml");
    host::apply_override(config, text.substr(0, end));
    const ConfigValue once = config;
    host::apply_override(config, text.substr(0, end));
    fuzz::require(fuzz::same(once, config), "an override applies once");
    host::RunConfig::from(config);
  });
  return 0;
}
