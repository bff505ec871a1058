#include "espalier/network/compile/execution.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <torch/cuda.h>

#include <thread>

#include "espalier/errors/errors.h"
#include "memory/caching_allocator.h"

namespace espalier {

Execution::Execution(const Config& config)
    : device_(config.choice("device", "auto", {"auto", "cpu", "cuda"}, "auto: a GPU where there is one")),
      threads_(static_cast<int>(
          config.integer("threads", 0, "of one search; 0: all cores", between<std::int64_t>(0, 4096)))),
      device_where_(config.where("device")) {
  const Config compile = config.section("compile");
  reference_ =
      compile.boolean("reference", false, "no pass, NCHW and the default allocator: to compare with");
  const PlanOptions defaults = reference_ ? PlanOptions::none() : PlanOptions();
  compile_.passes = {
      .share = compile.boolean("share", defaults.share, "compute equal layers that read one tensor once"),
      .merge = compile.boolean("merge", defaults.merge, "run convolutions that read one tensor as one"),
      .drop = compile.boolean("drop", defaults.drop, "leave out what weighs nothing"),
      .fuse = compile.boolean("fuse", defaults.fuse, "make all sums that enter a node one"),
      .gather = compile.boolean("gather", defaults.gather,
                                "make convolutions that read one tensor one function, image by image; CPU"),
      .fold = compile.boolean("fold", defaults.fold, "make batch norms part of the sums that read them; CPU"),
      .free = compile.boolean("free", defaults.free, "release a tensor after its last reader")};
  compile_.winograd = compile.boolean("winograd", compile_.winograd,
                                      "fewer multiplications for 3x3 convolutions; with `gather`");
  const std::string recompute =
      compile.choice("recompute", "auto", {"auto", "never", "always"},
                     "activations in the backward pass, for less memory; auto: where it would not suffice");
  compile_.recompute = recompute == "auto"    ? Recompute::automatic
                       : recompute == "never" ? Recompute::never
                                              : Recompute::always;
  memory_format_ =
      compile.choice("memory_format", reference_ ? "nchw" : "auto", {"auto", "channels_last", "nchw"},
                     "of activations; auto: nchw on a GPU, channels_last on a CPU");
}

CompileOptions Execution::start() const {
  const bool cuda = torch::cuda::is_available();
  if (device_ == "cuda" && !cuda) {
    throw UsageError({.what = "CUDA is asked for, and there is none",
                      .where = to_string(device_where_),
                      .expected = "a GPU, its driver, and a LibTorch that was built with CUDA",
                      .remedy = "write device: cpu, or point the build to such a LibTorch"});
  }
  at::set_num_threads(threads_ > 0 ? threads_
                                   : static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
  if (!reference_) install_caching_allocator();
  CompileOptions options = compile_;
  options.device = device_ != "cpu" && cuda ? at::kCUDA : at::kCPU;
  options.channels_last =
      memory_format_ == "auto" ? options.device.is_cpu() : memory_format_ == "channels_last";
  // Else two runs differ in the last digits, and a search that was resumed is another one.
  if (options.device.is_cuda()) at::globalContext().setDeterministicCuDNN(true);
  return options;
}

}  // namespace espalier
