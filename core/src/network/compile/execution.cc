#include "espalier/network/compile/execution.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <torch/cuda.h>

#include <thread>

#include "espalier/errors/errors.h"
#include "memory/caching_allocator.h"

namespace espalier {

Execution::Execution(const Config& config)
    : device_(config.choice("device", "auto", {"auto", "cpu", "cuda"},
                            "the device that networks run on; auto: a GPU where there is one, else the CPU")),
      threads_(config.integer("threads", 0,
                              "how many threads one search or training uses; 0: one for each core",
                              between(0, 4096))),
      device_where_(config.where("device")) {
  const Config compile = config.section("compile");
  reference_ = compile.boolean(
      "reference", false,
      "compute layer by layer, in NCHW and with the default allocator, as a reference for comparisons");
  const PlanOptions defaults = reference_ ? PlanOptions::none() : PlanOptions();
  compile_.passes = {
      .share =
          compile.boolean("share", defaults.share, "compute equal layers that read the same tensor once"),
      .merge = compile.boolean("merge", defaults.merge, "run convolutions that read the same tensor as one"),
      .drop = compile.boolean("drop", defaults.drop, "leave out zeros, and layers that change nothing"),
      .fuse = compile.boolean("fuse", defaults.fuse, "compute all sums that enter a node as one"),
      .gather =
          compile.boolean("gather", defaults.gather,
                          "compute all convolutions that read the same tensor image by image; CPU only"),
      .fold = compile.boolean("fold", defaults.fold,
                              "compute a batch norm within the sum that reads it; CPU only"),
      .free = compile.boolean("free", defaults.free, "release a tensor after its last reader")};
  compile_.winograd =
      compile.boolean("winograd", compile_.winograd,
                      "compute 3x3 convolutions with fewer multiplications; only where gather applies");
  const std::string recompute = compile.choice("recompute", "auto", {"auto", "never", "always"},
                                               "whether the backward pass computes activations again, to "
                                               "save memory; auto: when memory would not suffice");
  compile_.recompute = recompute == "auto"    ? Recompute::automatic
                       : recompute == "never" ? Recompute::never
                                              : Recompute::always;
  memory_format_ =
      compile.choice("memory_format", reference_ ? "nchw" : "auto", {"auto", "channels_last", "nchw"},
                     "the memory format of activations; auto: nchw on a GPU, channels_last on the CPU");
}

CompileOptions Execution::start() const {
  const bool cuda = torch::cuda::is_available();
  if (device_ == "cuda" && !cuda) {
    throw UsageError({.what = "the option device asks for CUDA, but no GPU can be used",
                      .where = to_string(device_where_),
                      .expected = "a GPU, its driver, and a LibTorch with CUDA",
                      .remedy = "write device: cpu, or build with a LibTorch that has CUDA"});
  }
  at::set_num_threads(threads_ > 0 ? threads_
                                   : static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
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
