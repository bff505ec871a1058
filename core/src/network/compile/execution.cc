#include "espalier/network/compile/execution.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <spdlog/spdlog.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <algorithm>
#include <mutex>
#include <thread>

#include "espalier/errors/errors.h"
#include "memory/caching_allocator.h"
#include "memory/recompute_decision.h"

namespace espalier {
namespace {

int cores() { return static_cast<int>(std::max(1U, std::thread::hardware_concurrency())); }

/// More threads than cores only wait for one another.
int thread_count(int asked) {
  if (asked > cores()) {
    static std::once_flag said;
    std::call_once(said, [&] {
      spdlog::warn(
          "threads: {} is more than the {} cores of this machine, so {} threads are used; the results are "
          "those of {} threads",
          asked, cores(), cores(), cores());
    });
  }
  return asked == 0 ? cores() : std::min(asked, cores());
}

/// Other programs take "gpu" and "cuda:1", so the remedy says how to write these here.
std::string read_device(const Config& config) {
  try {
    return config.choice("device", "auto", {"auto", "cpu", "cuda"},
                         "the device that networks run on; auto: a GPU where there is one, else the CPU");
  } catch (const UsageError& error) {
    ErrorDetails details = error.details();
    const auto found = [&](const char* name) {
      return details.what.find(std::string("'") + name) != std::string::npos;
    };
    if (!found("gpu") && !found("GPU") && !found("cuda") && !found("CUDA")) throw;
    details.nearest.clear();  // "cpu" is not what "gpu" means
    details.remedy =
        "write device: cuda for a GPU; the environment variable CUDA_VISIBLE_DEVICES=1 makes it the second "
        "one of several";
    throw UsageError(details);
  }
}

}  // namespace

Execution::Execution(const Config& config)
    : device_(read_device(config)),
      threads_(config.integer("threads", 0,
                              "how many CPU threads one search or training uses, at most one for each core; "
                              "0: one for each core",
                              between(0, 4096))),
      device_where_(config.where("device")) {
  const Config compile = config.section("compile");
  reference_ = compile.boolean(
      "reference", false, "switch off all passes, channels_last and the caching allocator, for comparisons");
  const PlanOptions defaults = reference_ ? PlanOptions::none() : PlanOptions();
  compile_.passes = {
      .drop_identities = compile.boolean("drop_identities", defaults.drop_identities,
                                         "leave out identities, and zeros where they are summed"),
      .share_layers = compile.boolean("share_layers", defaults.share_layers,
                                      "compute equal layers without weights that read one tensor only once"),
      .flatten_sums = compile.boolean("flatten_sums", defaults.flatten_sums,
                                      "compute all weighted sums that enter a node as one sum"),
      .fan_out = compile.boolean(
          "fan_out", defaults.fan_out,
          "run the convolutions that read one tensor together, a few images at a time; CPU only"),
      .fold_batch_norms = compile.boolean("fold_batch_norms", defaults.fold_batch_norms,
                                          "compute batch norms as part of the sums that read them; CPU only"),
      .merge_convolutions = compile.boolean("merge_convolutions", defaults.merge_convolutions,
                                            "run equal convolutions that read one tensor as one convolution"),
      .release_tensors = compile.boolean("release_tensors", defaults.release_tensors,
                                         "release each tensor after its last reader")};
  compile_.winograd = compile.boolean("winograd", compile_.winograd,
                                      "compute 3x3 convolutions of `fan_out` with fewer multiplications");
  const std::string recompute =
      compile.choice("recompute", "auto", {"auto", "never", "always"},
                     "compute activations again in the backward pass, which takes less memory and more time; "
                     "auto: where memory would not suffice otherwise");
  compile_.recompute = recompute == "auto"    ? Recompute::automatic
                       : recompute == "never" ? Recompute::never
                                              : Recompute::always;
  memory_format_ =
      compile.choice("memory_format", reference_ ? "nchw" : "auto", {"auto", "channels_last", "nchw"},
                     "the memory format of activations; auto: nchw on a GPU, channels_last on the CPU");
}

bool Execution::uses_all_cores() const { return threads_ == 0 || threads_ >= cores(); }

std::optional<std::map<std::string, std::string>> Execution::dependencies() const {
  if (!start().device.is_cpu() || memory_decided()) return std::nullopt;
  return std::map<std::string, std::string>{{"device", "cpu"},
                                            {"threads", std::to_string(thread_count(threads_))},
                                            {"libtorch", TORCH_VERSION},
                                            {"libtorch_code", at::show_config()}};
}

CompileOptions Execution::start() const {
  const bool cuda = torch::cuda::is_available();
  if (device_ == "cuda" && !cuda) {
    throw UsageError({.what = "the option device asks for CUDA, but no GPU can be used",
                      .where = to_string(device_where_),
                      .expected = "a GPU, its driver, and a LibTorch with CUDA",
                      .remedy = "write device: cpu, or build with a LibTorch that has CUDA"});
  }
  at::set_num_threads(thread_count(threads_));
  if (!reference_) install_caching_allocator();
  CompileOptions options = compile_;
  options.device = device_ != "cpu" && cuda ? at::kCUDA : at::kCPU;
  options.channels_last =
      memory_format_ == "auto" ? options.device.is_cpu() : memory_format_ == "channels_last";
  // Otherwise two runs differ in the last digits, and a search that was resumed ends differently.
  if (options.device.is_cuda()) at::globalContext().setDeterministicCuDNN(true);
  return options;
}

}  // namespace espalier
