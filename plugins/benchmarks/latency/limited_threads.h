#pragma once

#include <ATen/Parallel.h>
#include <dlfcn.h>

/// OpenBLAS has threads of its own, which ATen does not limit.
class BlasThreads {
 public:
  int get() const { return get_ != nullptr ? get_() : 0; }
  void set(int threads) const {
    if (set_ != nullptr && get_ != nullptr) set_(threads);
  }

 private:
  int (*get_)() = reinterpret_cast<int (*)()>(::dlsym(RTLD_DEFAULT, "openblas_get_num_threads"));
  void (*set_)(int) = reinterpret_cast<void (*)(int)>(::dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
};

/// The threads of LibTorch while networks are made or timed. Afterwards they are as before, for whatever
/// trains in this thread.
class LimitedThreads {
 public:
  explicit LimitedThreads(int threads) : before_(at::get_num_threads()), blas_before_(blas_.get()) {
    at::set_num_threads(threads);
    blas_.set(threads);
  }
  ~LimitedThreads() {
    at::set_num_threads(before_);
    blas_.set(blas_before_);
  }
  LimitedThreads(const LimitedThreads&) = delete;
  LimitedThreads& operator=(const LimitedThreads&) = delete;

 private:
  BlasThreads blas_;
  int before_;
  int blas_before_;
};
