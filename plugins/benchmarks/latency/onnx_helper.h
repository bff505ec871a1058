#pragma once

#include <chrono>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "child/helper.h"
#include "child/working_folder.h"
#include "engine_options.h"
#include "espalier/layers/shape.h"

/// A Python with ONNX Runtime, which runs onnx_helper.py beside this program until this object ends. All
/// functions are [one-thread], and throw Error when the Python ends, gives no answer in time, or one that is
/// not understood; it is of no use from then on.
class OnnxHelper {
 public:
  /// How long the Python may take before it counts as hanging.
  struct Patience {
    std::chrono::milliseconds start = std::chrono::minutes(2);
    std::chrono::milliseconds answer = std::chrono::minutes(10);
  };

  /// Starts options.python. Throws UsageError where there is none, or it lacks ONNX Runtime.
  explicit OnnxHelper(const EngineOptions& options) : OnnxHelper(options, Patience()) {}
  OnnxHelper(EngineOptions options, Patience patience);

  /// "ONNX Runtime 1.32.0, Python 3.11.2"
  const std::string& versions() const { return versions_; }
  /// Whether this process started it and nothing went wrong.
  bool is_usable() const { return is_usable_ && helper_->is_own(); }

  /// Loads an ONNX file, whose input is a batch of such images, and returns a number for it. Throws Error
  /// where ONNX Runtime cannot.
  int load(std::string_view onnx, const espalier::Shape& image);
  /// Runs one batch and returns how long that took, in milliseconds.
  double run(int network);
  /// Throws nothing.
  void drop(int network);

 private:
  [[noreturn]] void refuse(const std::string& what);
  [[noreturn]] void refuse_answer(const std::string& answer);
  nlohmann::json ask(const nlohmann::json& question);
  nlohmann::json read(const espalier::child::Helper::Answer& answer, std::chrono::milliseconds patience);
  void start();

  EngineOptions options_;
  Patience patience_;
  espalier::child::WorkingFolder folder_;  // outlives the helper, which works in it
  std::unique_ptr<espalier::child::Helper> helper_;
  std::string versions_;
  int loaded_ = 0;  ///< networks so far
  bool is_usable_ = true;
};
