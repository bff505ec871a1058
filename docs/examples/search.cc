#include <iostream>

#include "espalier/host/host.h"

int main() {
  espalier::host::Host host;
  auto space = host.search_space("nasbench201");
  auto optimizer = host.optimizer("regularized_evolution", "{population_size: 50}");
  auto benchmark = host.benchmark("nasbench201", *space, "{dataset: cifar10}");
  auto trainer = host.trainer("discrete", "{trials: 500}");

  const espalier::ObjectiveFunction objective(*benchmark);
  const espalier::Report report(*benchmark);
  optimizer->adapt(objective.problem(/*seed=*/0));
  const auto result = trainer->search(*optimizer, {.objective = &objective, .report = &report});
  std::cout << space->to_string(result.architecture) << "\n"
            << "test accuracy: " << result.report.value() << " %\n";
}
