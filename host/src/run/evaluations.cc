#include "run/evaluations.h"

#include "espalier/search/trainer.h"
#include "run/progress.h"
#include "run/result_file.h"

namespace espalier::host {

void run_evaluation(const std::string& architecture, const SeedJournal::Search& place,
                    const EvaluationContext& context, Progress& progress) {
  SeedJournal journal(place, progress, context.stop_requested);
  const auto trainer =
      context.registry.trainer(context.trainer.name, Config(context.trainer.options, "evaluate"));
  TrainedArchitecture trained{.seed = place.seed, .architecture = architecture, .result = {}};
  const Architecture parsed = context.space.parse(architecture);
  try {
    trained.result = trainer->evaluate(context.space, parsed, context.dataset, place.seed, journal);
  } catch (...) {
    journal.rethrow();
  }
  journal.finish(to_result_text(trained, place.label));
}

}  // namespace espalier::host
