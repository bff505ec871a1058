#include "official_surrogate.h"

#include <cmath>
#include <numeric>

#include "official_encoding.h"

namespace nasbench301 {

OfficialSurrogate::OfficialSurrogate(const std::filesystem::path& folder, SurrogateTarget target) {
  const SurrogateFolder read = read_surrogate_folder(folder, target);
  for (const SurrogateFolder::Member& member : read.members) {
    const std::string bytes = read_member(member);
    if (read.library == SurrogateFolder::Library::lightgbm)
      members_.emplace_back(LightGBMTrees(bytes, member.file.string(), kEncodingSize, member.trees));
    else
      members_.emplace_back(XGBoostTrees(bytes, member.file.string(), kEncodingSize));
  }
}

OfficialSurrogate::Prediction OfficialSurrogate::predict(const Genotype& genotype) const {
  const Encoding encoding = official_encoding(genotype);
  std::vector<double> values;
  values.reserve(members_.size());
  for (const auto& member : members_)
    values.push_back(std::visit([&](const auto& model) { return model.predict(encoding); }, member));
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {.mean = mean, .deviation = std::sqrt(squares / count)};
}

std::vector<std::filesystem::path> surrogate_files(const std::filesystem::path& folder,
                                                   SurrogateTarget target) {
  std::vector<std::filesystem::path> files{folder / "surrogate.json"};
  for (const SurrogateFolder::Member& member : read_surrogate_folder(folder, target).members)
    files.push_back(member.file);
  return files;
}

}  // namespace nasbench301
