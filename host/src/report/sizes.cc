#include "espalier/host/report/sizes.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <variant>

#include "directory/job_files.h"
#include "report/event_file.h"
#include "report/parameter_count.h"

namespace espalier::host {
namespace {

/// Looks each architecture up once.
class ParameterCounts {
 public:
  explicit ParameterCounts(const SearchSpace& space) : space_(space) {}

  std::optional<std::int64_t> of(const std::string& architecture) {
    const auto [place, is_new] = known_.try_emplace(architecture);
    if (is_new) place->second = parameter_count(space_, architecture);
    return place->second;
  }

 private:
  const SearchSpace& space_;
  std::unordered_map<std::string, std::optional<std::int64_t>> known_;
};

/// How many of `count` things one of `most` stands for.
std::uint64_t stride(std::uint64_t count, std::size_t most) {
  return std::max<std::uint64_t>(1, (count + most - 1) / most);
}

}  // namespace

std::vector<SizedArchitecture> found_sizes(const ReportedRun& run, std::size_t method, std::size_t most) {
  std::vector<SizedArchitecture> all;
  if (!run.space || method >= run.summary.rows.size()) return all;
  const std::vector<SeedResult>& results = run.summary.rows[method].results;
  ParameterCounts counts(*run.space);
  for (std::size_t i = 0; i < results.size(); i += stride(results.size(), most)) {
    if (results[i].values.empty()) continue;
    if (const auto parameters = counts.of(results[i].architecture))
      all.push_back({.architecture = results[i].architecture,
                     .parameters = *parameters,
                     .value = results[i].values.front(),
                     .seed = results[i].seed});
  }
  return all;
}

std::vector<SizedArchitecture> tried_sizes(const ReportedRun& run, std::size_t method, std::size_t most) {
  std::vector<SizedArchitecture> all;
  if (!run.space || run.methods[method].searches.empty()) return all;
  const ReportedSearch& search = run.methods[method].searches.front();
  const std::uint64_t every = stride(search.curve.steps, most);
  check_events(search.folder);
  const auto file = search.folder / JobFiles::events;
  ParameterCounts counts(*run.space);
  for_each_line(file, [&](std::uint64_t number, const std::string& line) {
    if (number % every != 0) return;
    const Event event = read_event(line, file, number);
    const auto* trial = std::get_if<TrialEvent>(&event);
    if (trial == nullptr || trial->values.empty()) return;
    if (const auto parameters = counts.of(trial->architecture))
      all.push_back({.architecture = trial->architecture,
                     .parameters = *parameters,
                     .value = trial->values.front(),
                     .seed = search.seed});
  });
  return all;
}

}  // namespace espalier::host
