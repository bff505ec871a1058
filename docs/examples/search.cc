#include <iostream>

#include "espalier/host/host.h"

int main() {
  espalier::host::Host host;
  auto space = host.search_space("nasbench201");
  auto optimizer = host.optimizer("regularized_evolution", "{population_size: 50}");
  auto benchmark = host.benchmark("nasbench201", *space, "{dataset: cifar10}");
  auto trainer = host.trainer("discrete", "{trials: 500}");

  optimizer->adapt(*space, /*seed=*/0);
  const auto result = trainer->search(*optimizer, {.benchmark = benchmark.get()});
  std::cout << space->to_string(result.architecture) << "\n"
            << "test accuracy: " << benchmark->test(result.architecture).value() << " %\n";
}
