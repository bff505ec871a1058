#include "espalier/space/architecture_json.h"
#include "rules/option_rules.h"
#include "rules/rule_list.h"
#include "search/recording_journal.h"
#include "search/trainer_search_rules.h"
#include "search/trainer_training_rules.h"
#include "search/trainer_under_test.h"

namespace espalier::contract {
namespace {

using nlohmann::json;

void runs_to_the_end(const TrainerUnderTest& tested) {
  for (const Job& job : jobs_of(tested)) {
    RecordingJournal journal;
    const json result = during(job.what(), [&] { return job.run(journal); });
    if (job.searches)
      during("checking what the search found",
             [&] { job.place.space->check(result.at("architecture").get<Architecture>()); });
  }
}

/// Everything that a job leaves behind.
json traces_of(const Job& job, RecordingJournal& journal, std::uint64_t seed = 3) {
  const json result = job.run(journal, seed);
  json weights = json::array();
  for (const std::string& bytes : journal.weights) weights.push_back(std::hash<std::string>()(bytes));
  return {{"result", result}, {"events", journal.events}, {"weights", weights}};
}

/// Throws Violation that says where the two differ.
void expect_same(const json& found, const json& expected, const std::string& what) {
  for (const char* key : {"events", "result", "weights"}) {
    if (found.at(key) == expected.at(key)) continue;
    const json& one = found.at(key);
    const json& other = expected.at(key);
    std::size_t at = 0;
    if (one.is_array())
      while (at < std::min(one.size(), other.size()) && one[at] == other[at]) ++at;
    const auto part = [&](const json& of) {
      if (!of.is_array()) return of.dump();
      return at < of.size() ? of[at].dump() : std::string("nothing");
    };
    throw Violation(
        fmt::format("{}: an entry of its {} is\n{}\nand not\n{}", what, key, part(one), part(other)));
  }
}

void depends_on_the_seed_alone(const TrainerUnderTest& tested) {
  for (const Job& job : jobs_of(tested)) {
    RecordingJournal first;
    const json expected = traces_of(job, first);
    RecordingJournal between;
    traces_of(job, between, 4);
    RecordingJournal second;
    expect_same(traces_of(job, second), expected, job.what() + " again with the same seed");
  }
}

void needs_no_journal(const TrainerUnderTest& tested) {
  for (const Job& job : jobs_of(tested)) {
    RecordingJournal journal;
    const json expected = job.run(journal);
    NullJournal none;
    const json found = job.run(none);
    expect(found == expected, "{} without a journal ends with {}, and with {} otherwise", job.what(),
           found.dump(), expected.dump());
  }
}

void resumes_from_every_checkpoint(const TrainerUnderTest& tested) {
  constexpr std::size_t kMost = 6;
  for (const Job& job : jobs_of(tested)) {
    RecordingJournal whole;
    const json expected = traces_of(job, whole);
    const std::size_t count = whole.checkpoints.size();
    expect(count > 0, "{} to the end, it wrote no checkpoint", job.what());
    const std::size_t stride = (count + kMost - 1) / kMost;
    for (std::size_t i = count; i > 0; i -= std::min(i, stride)) {
      const std::string when = fmt::format("{} from checkpoint {} of {}", job.what(), i, count);
      RecordingJournal resumed(whole.checkpoints[i - 1]);
      expect_same(during(when, [&] { return traces_of(job, resumed); }), expected, when);
    }
  }
}

void stops_when_asked(const TrainerUnderTest& tested) {
  for (const Job& job : jobs_of(tested)) {
    RecordingJournal whole;
    const json expected = traces_of(job, whole);
    for (const std::size_t after : {std::size_t{0}, whole.steps.size() / 2}) {
      const std::string when =
          fmt::format("{}, asked to stop after {} reports of progress", job.what(), after);
      RecordingJournal stopped;
      stopped.stop_after = after;
      expect_refusal<Interrupted>(when, "Interrupted", [&] { job.run(stopped); });
      expect(stopped.checkpoints_after_stop > 0, "{}, it wrote no checkpoint", when);
      RecordingJournal resumed(stopped.checkpoints.back());
      expect_same(during(when + ", and run again", [&] { return traces_of(job, resumed); }), expected,
                  when + ", and run again");
    }
  }
}

void writes_events_in_order(const TrainerUnderTest& tested) {
  for (const Job& job : jobs_of(tested)) {
    RecordingJournal journal;
    job.run(journal);
    expect(!journal.events.empty(), "{} wrote no event", job.what());
    for (std::size_t i = 0; i < journal.events.size(); ++i) {
      const json& line = journal.events[i];
      const auto trial_event = espalier::trial_event(line);
      const auto epoch_event = espalier::epoch_event(line);
      const std::uint64_t number = trial_event ? trial_event->trial : epoch_event->epoch;
      expect(number == i + 1, "event {} has the number {}", i + 1, number);
      const std::string& architecture = trial_event ? trial_event->architecture : epoch_event->architecture;
      if (trial_event || !architecture.empty())
        during(fmt::format("reading the architecture of event {}", i + 1),
               [&] { (void)job.place.space->parse(architecture); });
    }
  }
}

void tells_the_best_so_far(const TrainerUnderTest& tested) {
  for (const Job& job : jobs_of(tested)) {
    RecordingJournal journal;
    job.run(journal);
    std::optional<TrialEvent> best;
    std::optional<double> report;
    for (const json& line : journal.events) {
      const auto event = espalier::trial_event(line);
      if (!event) continue;
      expect(job.place.objective && event->values.size() == job.place.objective->metrics().size(),
             "the event of trial {} has {} values, not one for each objective", event->trial,
             event->values.size());
      const Metric& metric = job.place.objective->metrics().front();
      const auto rank = [&](const TrialEvent& trial) {
        return std::pair(trial.fidelity, higher_is_better(metric, trial.values.front()));
      };
      if (!best || rank(*event) > rank(*best)) {
        best = event;
        report = job.place.report ? job.place.report->value(job.place.space->parse(event->architecture))
                                  : std::nullopt;
      }
      expect(event->best == best->values.front(),
             "after trial {} the best value is {}, and the event says {}", event->trial, best->values.front(),
             event->best);
      expect(!event->best_report || event->best_report == report,
             "after trial {} the report of the best trial is {}, and the event says {}", event->trial,
             report ? fmt::to_string(*report) : "nothing", event->best_report.value_or(0.0));
    }
  }
}

void reports_progress(const TrainerUnderTest& tested) {
  for (const Job& job : jobs_of(tested)) {
    RecordingJournal journal;
    job.run(journal);
    expect(!journal.steps.empty(), "{} reported no progress", job.what());
    double before = 0.0;
    for (const auto& [done, total] : journal.steps) {
      expect(total > 0 && done <= total, "it reported {} of {}", done, total);
      const double fraction = static_cast<double>(done) / static_cast<double>(total);
      expect(fraction >= before, "it reported {} of {}, which is less than the share {} before", done, total,
             before);
      before = fraction;
    }
    expect(before == 1.0, "its last report is the share {}, not 1", before);
  }
}

}  // namespace

std::vector<Rule> trainer_rules(const std::string& name, const TrainerCase& how) {
  const auto tested = std::make_shared<const TrainerUnderTest>(name, how);
  const auto use = [tested](std::unique_ptr<Plugin> plugin) {
    const auto trainer = PluginUnderTest::as<Trainer>(std::move(plugin));
    for (const Job& job : jobs_of(*tested)) {
      NullJournal journal;
      if (job.searches)
        trainer->search(*tested->make_optimizer(job.place, 1), job.place.resources(), journal);
      else
        trainer->evaluate(*job.place.space, job.place.space->at(0), *job.place.dataset, 1, journal);
    }
  };
  RuleList<TrainerUnderTest> rules(tested, option_rules(tested->plugin, use));
  rules.add({"RunsToTheEnd", "a search ends with an architecture of the space, and a training with a result",
             "nothing can be run with the trainer",
             "read the exception; the case must name everything that the trainer needs"},
            runs_to_the_end);
  rules.add({"DependsOnTheSeedAlone",
             "events, result and weights depend only on the options, the seed and the arguments",
             "a run cannot be repeated, and ends differently with another number of workers",
             "derive every Rng from the seed, and write no measured time into events"},
            depends_on_the_seed_alone);
  rules.add(
      {"NeedsNoJournal", "the result is the same without a journal",
       "a C++ program gets other results than a run", "a checkpoint must copy the state, not change it"},
      needs_no_journal);
  rules.add(
      {"ResumesFromEveryCheckpoint",
       "from every checkpoint the trainer continues to the same events and result",
       "a run that was killed ends with other results than one that was not",
       "put everything that the loop depends on into the checkpoint, and read it back before the first step"},
      resumes_from_every_checkpoint);
  rules.add({"StopsWhenAsked",
             "when stop_requested() is true, the trainer writes a checkpoint and throws Interrupted",
             "Ctrl-C waits for the end, or loses the work since the last checkpoint",
             "ask journal.stop_requested() after each step; call checkpoint(), then throw "
             "Interrupted::after_checkpoint()"},
            stops_when_asked);
  rules.add({"WritesEventsInOrder",
             "events number the trials or epochs from 1, and parse() reads their architectures",
             "anytime curves and whatever else reads events.jsonl go wrong",
             "write one event per step, when the step is over"},
            writes_events_in_order);
  rules.add({"TellsTheBestSoFar",
             "`best` of a trial's event is the best value of the first objective so far, at the highest "
             "fidelity reached, and `best_report` what the report says of that trial",
             "the anytime curves of the search are wrong",
             "keep the best trial in the checkpoint, and compare each outcome with it"},
            tells_the_best_so_far);
  rules.add({"ReportsProgress", "progress() never falls, and ends at its total",
             "the progress bar of `espalier run` stands still or runs backwards",
             "report after each step how many steps are done, and how many there are"},
            reports_progress);
  if (how.search) add_search_rules(rules);
  if (how.training) add_training_rules(rules);
  return rules.take();
}

}  // namespace espalier::contract
