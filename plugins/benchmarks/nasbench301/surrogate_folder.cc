#include "surrogate_folder.h"

#include <fmt/format.h>
#include <boost/crc.hpp>
#include <nlohmann/json.hpp>

#include "espalier/errors/errors.h"
#include "espalier/errors/quoted.h"
#include "espalier/files/read_file.h"

using espalier::Error;
using espalier::UsageError;
using nlohmann::json;

namespace nasbench301 {

namespace {

constexpr const char* kFormat = "espalier nasbench301 surrogate 1";
constexpr const char* kConvertAgain = "convert the surrogate again with scripts/convert-nasbench301";

const char* name_of(SurrogateTarget target) {
  return target == SurrogateTarget::validation_accuracy ? "validation_accuracy" : "train_seconds";
}

[[noreturn]] void refuse_list(const std::filesystem::path& list, const std::string& what,
                              const std::string& expected = {}) {
  throw Error({.what = what, .where = list.string(), .expected = expected, .remedy = kConvertAgain});
}

/// The value of `key`, which must have the type T.
template <class T>
T member_of(const json& object, const char* key, const std::filesystem::path& list) {
  const auto found = object.find(key);
  if constexpr (std::is_same_v<T, std::size_t>) {
    if (found == object.end() || !found->is_number_unsigned())
      refuse_list(list, fmt::format("\"{}\" is not a count", key));
  } else {
    if (found == object.end() || !found->is_string())
      refuse_list(list, fmt::format("\"{}\" is not a text", key));
  }
  return found->get<T>();
}

json parsed(const std::filesystem::path& list) {
  const std::optional<std::string> text = espalier::read_file(list);
  if (!text) {
    throw UsageError({.what = "no converted surrogate of NAS-Bench-301",
                      .where = list.parent_path().string(),
                      .expected = "a folder with surrogate.json",
                      .remedy = "convert an official one: scripts/convert-nasbench301 FOLDER -o OUT"});
  }
  json object = json::parse(*text, nullptr, false);
  if (!object.is_object()) refuse_list(list, "not a JSON object");
  return object;
}

}  // namespace

SurrogateFolder read_surrogate_folder(const std::filesystem::path& folder, SurrogateTarget target) {
  const std::filesystem::path list = folder / "surrogate.json";
  const json object = parsed(list);
  const auto text = [&](const char* key) { return member_of<std::string>(object, key, list); };
  if (const std::string format = text("format"); format != kFormat)
    refuse_list(list, fmt::format("the format is {}", espalier::quoted(format, 60)), kFormat);
  if (const std::string predicted = text("target"); predicted != name_of(target)) {
    throw UsageError({.what = fmt::format("the surrogate predicts {}", espalier::quoted(predicted, 40)),
                      .where = folder.string(),
                      .expected = fmt::format("one that predicts {}", name_of(target)),
                      .remedy = "accuracy_model names one such as xgb_v0.9, runtime_model one such as "
                                "lgb_runtime_v0.9"});
  }
  SurrogateFolder result;
  const std::string library = text("library");
  if (library != "xgboost" && library != "lightgbm")
    refuse_list(list, fmt::format("the library is {}", espalier::quoted(library, 40)),
                "\"xgboost\" or \"lightgbm\"");
  result.library =
      library == "xgboost" ? SurrogateFolder::Library::xgboost : SurrogateFolder::Library::lightgbm;
  const auto members = object.find("members");
  if (members == object.end() || !members->is_array() || members->empty())
    refuse_list(list, "\"members\" is not a list of members");
  for (const json& member : *members) {
    if (!member.is_object()) refuse_list(list, "\"members\" is not a list of members");
    const std::string file = member_of<std::string>(member, "file", list);
    // A folder from elsewhere may not have other files read.
    if (file.empty() || file.front() == '.' || file.find('/') != std::string::npos)
      refuse_list(list,
                  fmt::format("{} is not the name of a file in this folder", espalier::quoted(file, 60)));
    result.members.push_back({.file = folder / file,
                              .trees = member_of<std::size_t>(member, "trees", list),
                              .bytes = member_of<std::size_t>(member, "bytes", list),
                              .crc32 = member_of<std::string>(member, "crc32", list)});
  }
  return result;
}

std::string read_member(const SurrogateFolder::Member& member) {
  std::optional<std::string> bytes = espalier::read_file(member.file);
  if (!bytes)
    throw Error({.what = "a member of the surrogate is missing",
                 .where = member.file.string(),
                 .remedy = kConvertAgain});
  boost::crc_32_type crc;
  crc.process_bytes(bytes->data(), bytes->size());
  if (bytes->size() != member.bytes || fmt::format("{:08x}", crc.checksum()) != member.crc32) {
    throw Error({.what = "the file differs from what was converted",
                 .where = member.file.string(),
                 .expected = fmt::format("{} bytes with the CRC-32 {}", member.bytes,
                                         espalier::printable(member.crc32, 40)),
                 .remedy = kConvertAgain});
  }
  return *std::move(bytes);
}

}  // namespace nasbench301
