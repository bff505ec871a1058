#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "child/working_folder.h"
#include "espalier/errors/errors.h"
#include "espalier/exports/exported_network.h"
#include "espalier/exports/onnx_file.h"
#include "onnx_helper.h"
#include "paths.h"

namespace espalier {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* kHello = "echo '{\"onnxruntime\": \"9.8\", \"python\": \"3.7\"}'\n";
constexpr Shape kImage = {3, 4, 4};

/// A shell script that the engine takes for a Python.
class LatencyOnnx : public ::testing::Test {
 protected:
  EngineOptions python(const std::string& script) const {
    folder_.write("python", "#!/bin/sh\n" + script);
    const fs::path file = folder_.path() / "python";
    fs::permissions(file, fs::perms::owner_all);
    return {.python = file.string()};
  }
  /// One that answers every question alike.
  EngineOptions answering(const std::string& answer) const {
    return python(kHello + ("while read line; do echo '" + answer + "'; done\n"));
  }
  static std::string refusal(const std::function<void()>& action) {
    try {
      action();
    } catch (const Error& error) {
      return error.what();
    }
    ADD_FAILURE() << "it was not refused";
    return {};
  }
  static std::string refusal_to_start(const EngineOptions& options) {
    return refusal([&] { const OnnxHelper helper(options); });
  }

  child::WorkingFolder folder_;
};

TEST_F(LatencyOnnx, SaysItsVersionsAndTakesTheTimes) {
  OnnxHelper helper(answering("{\"nanoseconds\": 2500000}"));
  EXPECT_EQ(helper.versions(), "ONNX Runtime 9.8, Python 3.7");
  EXPECT_TRUE(helper.is_usable());
  EXPECT_EQ(helper.load("bytes", kImage), 0);
  EXPECT_EQ(helper.load("bytes", kImage), 1);
  EXPECT_EQ(helper.run(1), 2.5);
  helper.drop(0);
  EXPECT_TRUE(helper.is_usable());
}

TEST_F(LatencyOnnx, KeepsFilesNoLongerThanTheyAreNeeded) {
  const std::string record = (folder_.path() / "record").string();
  {
    OnnxHelper helper(python(kHello + ("pwd > " + record + "\nwhile read line; do ls >> " + record +
                                       "; echo '{\"nanoseconds\": 1}'; done\n")));
    const int network = helper.load("bytes", kImage);
    helper.run(network);
  }
  std::ifstream stream(record);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  ASSERT_FALSE(lines.empty());
  EXPECT_FALSE(fs::exists(lines.front())) << "the folder is gone";
  EXPECT_EQ(std::ranges::count(lines, "0.onnx"), 1) << "there while it is loaded, and not while it runs";
}

TEST_F(LatencyOnnx, WithoutPythonOrOnnxRuntimeIsRefused) {
  EXPECT_THAT(refusal_to_start({.python = "no-such-python"}),
              AllOf(HasSubstr("there is no no-such-python that could be started"),
                    HasSubstr("name another one with the option python")));
  EXPECT_THAT(refusal_to_start(python("echo '{\"missing\": \"No module named onnxruntime\"}'")),
              AllOf(HasSubstr("has no ONNX Runtime: No module named onnxruntime"),
                    HasSubstr("-m pip install onnxruntime")));
}

TEST_F(LatencyOnnx, APythonThatEndsOrHangsOrTalksNonsenseIsRefused) {
  EXPECT_THAT(refusal_to_start(python("echo Traceback >&2; echo 'OSError: broken' >&2; exit 1")),
              HasSubstr("which runs ONNX Runtime, ended: OSError: broken"));
  EXPECT_THAT(refusal_to_start(python("exit 0")), HasSubstr("ended\n"));
  EXPECT_THAT(refusal_to_start(python("echo hello")), HasSubstr("not understood: \"hello\""));
  EXPECT_THAT(refusal_to_start(python("echo '[1]'")), HasSubstr("not understood: \"[1]\""));
  EXPECT_THAT(refusal_to_start(python("echo '{\"python\": 3}'")), HasSubstr("not understood"));
  const auto slow = python("sleep 600");
  EXPECT_THAT(refusal([&] { const OnnxHelper helper(slow, {.start = std::chrono::milliseconds(50)}); }),
              HasSubstr("gave no answer within 1 s"));
}

TEST_F(LatencyOnnx, AnErrorLaterIsRefusedAndEndsItsUse) {
  const auto expect_refused = [](const EngineOptions& options, const char* expected) {
    OnnxHelper helper(options, {.answer = std::chrono::seconds(60)});
    EXPECT_THAT(refusal([&] {
                  helper.load("bytes", kImage);
                  helper.run(0);
                }),
                HasSubstr(expected));
    EXPECT_FALSE(helper.is_usable());
    helper.drop(0);
  };
  expect_refused(answering("{\"error\": \"no such operator\"}"),
                 "cannot load a network: \"no such operator\"");
  expect_refused(answering("{\"nanoseconds\": -1}"), "not understood");
  expect_refused(answering("{\"nanoseconds\": \"long\"}"), "not understood");
  expect_refused(answering("what"), "not understood: \"what\"");
  expect_refused(python(std::string(kHello) + "read line; echo '{}'; exit 0"), "ended");
  expect_refused(python(std::string(kHello) + "exit 0"), "ended");
}

/// Debian's, with the module that scripts/install --develop puts into build/onnxruntime.
TEST_F(LatencyOnnx, TheRealOneRunsNetworks) {
  ::setenv("PYTHONPATH", (fs::path(paths::source) / "build/onnxruntime").c_str(), 1);
  std::unique_ptr<OnnxHelper> helper;
  const EngineOptions options = {.batch_size = 2, .threads = 1, .python = "/usr/bin/python3"};
  try {
    helper = std::make_unique<OnnxHelper>(options);
  } catch (const UsageError& error) {
    const std::string what = error.what();
    if (what.find("has no ONNX Runtime") == std::string::npos) throw;
    GTEST_SKIP() << "scripts/install --develop installs ONNX Runtime: " << what;
  }
  EXPECT_THAT(helper->versions(), AllOf(HasSubstr("ONNX Runtime 1."), HasSubstr("Python 3.")));
  LayerGraph graph = {.input = kImage, .nodes = {}};
  graph.nodes.push_back({.name = "relu",
                         .layer = ReLU{},
                         .inputs = {LayerGraph::kInput},
                         .shape = kImage,
                         .parameters = 0,
                         .flops = 0,
                         .multiply_adds = 0,
                         .weighting = nullptr});
  const LayerGraph empty = {.input = kImage, .nodes = {}};
  for (const LayerGraph& layers : {graph, empty}) {
    const int network =
        helper->load(exports::onnx_file(exports::exported_network(layers, {}, "test")), kImage);
    EXPECT_GT(helper->run(network), 0.0);
    helper->drop(network);
  }
  EXPECT_THAT(refusal([&] { helper->load("no ONNX", kImage); }), HasSubstr("cannot load a network"));
}

}  // namespace
}  // namespace espalier
