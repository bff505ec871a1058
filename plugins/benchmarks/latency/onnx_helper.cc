#include "onnx_helper.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/errors/quoted.h"
#include "onnx_script.h"

using namespace espalier;
using child::Helper;

namespace {

constexpr const char* kWhere = "benchmark latency, engine: onnxruntime";
constexpr const char* kScript = "onnx_helper.py";

constexpr std::size_t kLongest = 300;  // of what the Python says

}  // namespace

OnnxHelper::OnnxHelper(EngineOptions options, Patience patience)
    : options_(std::move(options)), patience_(patience) {
  folder_.write(kScript, onnx_helper_py());
  // -B: no files of compiled Python. -E and -s are left out: PYTHONPATH may hold the modules. The folder of
  // the script, which is the first that Python searches, is a private one.
  helper_ = Helper::start(options_.python, {"-B", kScript, folder_.path().string()}, folder_.path());
  if (!helper_)
    throw UsageError({.what = fmt::format("there is no {} that could be started", options_.python),
                      .where = kWhere,
                      .expected = "a Python 3 that has the module onnxruntime",
                      .remedy = "install python3, or name another one with the option python"});
  start();
}

void OnnxHelper::start() {
  const nlohmann::json hello =
      read(helper_->listen(std::chrono::steady_clock::now() + patience_.start), patience_.start);
  const auto text = [&](const char* key) -> std::string {
    const auto found = hello.find(key);
    if (found == hello.end() || !found->is_string()) refuse_answer(hello.dump());
    return printable(found->get<std::string>(), kLongest);
  };
  if (hello.contains("missing"))
    throw UsageError({.what = fmt::format("{} has no ONNX Runtime: {}", options_.python, text("missing")),
                      .where = kWhere,
                      .remedy = fmt::format("`{} -m pip install onnxruntime` installs it; or name another "
                                            "Python with the option python",
                                            options_.python)});
  versions_ = fmt::format("ONNX Runtime {}, Python {}", text("onnxruntime"), text("python"));
}

void OnnxHelper::refuse(const std::string& what) {
  is_usable_ = false;
  throw Error({.what = fmt::format("{}, which runs ONNX Runtime, {}", options_.python, what),
               .where = kWhere,
               .remedy = "check it, or name another Python with the option python"});
}

void OnnxHelper::refuse_answer(const std::string& answer) {
  refuse("gave an answer that is not understood: " + quoted(answer, kLongest));
}

nlohmann::json OnnxHelper::read(const Helper::Answer& answer, std::chrono::milliseconds patience) {
  switch (answer.kind) {
    case Helper::Answer::Kind::ended: {
      const std::string complaint = helper_->last_complaint();
      refuse("ended" + (complaint.empty() ? "" : ": " + printable(complaint, kLongest)));
    }
    case Helper::Answer::Kind::late:
      refuse(fmt::format("gave no answer within {} s",
                         std::chrono::ceil<std::chrono::seconds>(patience).count()));
    case Helper::Answer::Kind::line:
      break;
  }
  nlohmann::json json = nlohmann::json::parse(answer.line, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) refuse_answer(answer.line);
  return json;
}

nlohmann::json OnnxHelper::ask(const nlohmann::json& question) {
  const auto deadline = std::chrono::steady_clock::now() + patience_.answer;
  return read(helper_->ask(question.dump(), deadline), patience_.answer);
}

int OnnxHelper::load(std::string_view onnx, const Shape& image) {
  const int number = loaded_++;
  const std::string file = fmt::format("{}.onnx", number);
  folder_.write(file, onnx);
  const nlohmann::json answer =
      ask({{"do", "load"},
           {"network", number},
           {"file", file},
           {"images", {options_.batch_size, image.channels, image.height, image.width}},
           {"threads", options_.threads}});
  std::error_code ignored;
  std::filesystem::remove(folder_.path() / file, ignored);
  if (const auto error = answer.find("error"); error != answer.end())
    refuse("cannot load a network: " + printable(error->dump(), kLongest));
  return number;
}

double OnnxHelper::run(int network) {
  const nlohmann::json answer = ask(
      {{"do", "run"}, {"network", network}, {"clock", options_.clock == ClockKind::cpu ? "cpu" : "wall"}});
  const auto nanoseconds = answer.find("nanoseconds");
  if (const auto error = answer.find("error"); error != answer.end())
    refuse("cannot run a network: " + printable(error->dump(), kLongest));
  if (nanoseconds == answer.end() || !nanoseconds->is_number_unsigned()) refuse_answer(answer.dump());
  constexpr double kMillisecond = 1e6;
  return nanoseconds->get<double>() / kMillisecond;
}

void OnnxHelper::drop(int network) try {
  if (is_usable()) ask({{"do", "drop"}, {"network", network}});
} catch (const Error&) {
  is_usable_ = false;  // the next question is refused
}
