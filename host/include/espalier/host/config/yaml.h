#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "espalier/config/config_value.h"
#include "espalier/plugin/export.h"

namespace espalier::host {

/// [any-thread] Reads a YAML file into a config tree in which every part knows its place. Throws UsageError
/// when the file is missing or malformed, repeats a key, or is too large or too deep to be a config, aliases
/// expanded.
ESPALIER_EXPORT ConfigValue load_yaml(const std::filesystem::path& file);
/// [any-thread] The same for text; `name` stands for the file in messages.
ESPALIER_EXPORT ConfigValue parse_yaml(std::string_view text, const std::string& name);

/// [any-thread] Replaces what the file says by "key.path=value", whose value is YAML; "optimizer.1.tau=3"
/// reaches into a list, and the index behind the last item appends one. "evaluate=null" removes a key.
/// "seeds=…" replaces a `seed` and the other way round, and "trainer.name=…" leaves out the options of
/// another trainer, with a note in the log; what stands at the same place stays. `written` is that place in a
/// file; without it, the assignment stands on the command line. Throws UsageError.
ESPALIER_EXPORT void apply_override(ConfigValue& config, std::string_view assignment,
                                    const Location& written = {});

/// [any-thread] YAML text that reads back to the same tree.
ESPALIER_EXPORT std::string to_yaml(const ConfigValue& config);

}  // namespace espalier::host
