#include "espalier/space/architecture_json.h"
#include "rules/option_rules.h"
#include "rules/rule_list.h"
#include "search/recording_journal.h"
#include "search/search_rules.h"
#include "search/trainer_case.h"
#include "search/training_rules.h"

namespace espalier::contract {
namespace {

using nlohmann::json;

void runs_to_the_end(const TrainerTrial& trial) {
  for (const Job& job : jobs_of(trial)) {
    RecordingJournal journal;
    const json result = during(job.what(), [&] { return job.run(journal); });
    if (job.searches)
      during("checking what the search found",
             [&] { job.place.space->check(result.at("architecture").get<Architecture>()); });
  }
}

/// What a job leaves, all in all.
json outcome(const Job& job, RecordingJournal& journal, std::uint64_t seed = 3) {
  const json result = job.run(journal, seed);
  json weights = json::array();
  for (const std::string& bytes : journal.weights) weights.push_back(std::hash<std::string>()(bytes));
  return {{"result", result}, {"events", journal.events}, {"weights", weights}};
}

/// Says in what the two differ.
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
    throw Violation(fmt::format("{}: of its {}, one is\n{}\nand not\n{}", what, key, part(one), part(other)));
  }
}

void depends_on_the_seed_alone(const TrainerTrial& trial) {
  for (const Job& job : jobs_of(trial)) {
    RecordingJournal first;
    const json expected = outcome(job, first);
    RecordingJournal between;
    outcome(job, between, 4);
    RecordingJournal second;
    expect_same(outcome(job, second), expected, job.what() + " again with one seed");
  }
}

void needs_no_journal(const TrainerTrial& trial) {
  for (const Job& job : jobs_of(trial)) {
    RecordingJournal journal;
    const json expected = job.run(journal);
    NullJournal none;
    const json found = job.run(none);
    expect(found == expected, "{} without a journal gives {}, and {} with one", job.what(), found.dump(),
           expected.dump());
  }
}

void resumes_from_every_checkpoint(const TrainerTrial& trial) {
  constexpr std::size_t kMost = 6;
  for (const Job& job : jobs_of(trial)) {
    RecordingJournal whole;
    const json expected = outcome(job, whole);
    const std::size_t count = whole.checkpoints.size();
    expect(count > 0, "{} to the end it made no checkpoint", job.what());
    const std::size_t stride = (count + kMost - 1) / kMost;
    for (std::size_t i = count; i > 0; i -= std::min(i, stride)) {
      const std::string when = fmt::format("{} from checkpoint {} of {}", job.what(), i, count);
      RecordingJournal resumed(whole.checkpoints[i - 1]);
      expect_same(during(when, [&] { return outcome(job, resumed); }), expected, when);
    }
  }
}

void stops_when_asked(const TrainerTrial& trial) {
  for (const Job& job : jobs_of(trial)) {
    RecordingJournal whole;
    const json expected = outcome(job, whole);
    for (const std::size_t after : {std::size_t{0}, whole.steps.size() / 2}) {
      const std::string when =
          fmt::format("{}, asked to stop after {} reports of progress", job.what(), after);
      RecordingJournal stopped;
      stopped.stop_after = after;
      expect_refusal<Interrupted>(when, "Interrupted", [&] { job.run(stopped); });
      expect(stopped.checkpoints_after_stop > 0, "{}, it made no checkpoint", when);
      RecordingJournal resumed(stopped.checkpoints.back());
      expect_same(during(when + ", and run again", [&] { return outcome(job, resumed); }), expected,
                  when + ", and run again");
    }
  }
}

void writes_events_in_order(const TrainerTrial& trial) {
  for (const Job& job : jobs_of(trial)) {
    RecordingJournal journal;
    job.run(journal);
    expect(!journal.events.empty(), "{} left no event", job.what());
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

void tells_the_best_so_far(const TrainerTrial& trial) {
  for (const Job& job : jobs_of(trial)) {
    RecordingJournal journal;
    job.run(journal);
    std::optional<double> best;
    for (const json& line : journal.events) {
      const auto event = espalier::trial_event(line);
      if (!event) continue;
      best = std::max(best.value_or(event->validation), event->validation);
      expect(event->best_validation == *best,
             "after trial {} the best validation is {}, and the event says {}", event->trial, *best,
             event->best_validation);
    }
  }
}

void reports_progress(const TrainerTrial& trial) {
  for (const Job& job : jobs_of(trial)) {
    RecordingJournal journal;
    job.run(journal);
    expect(!journal.steps.empty(), "{} reported no progress", job.what());
    double before = 0.0;
    for (const auto& [done, total] : journal.steps) {
      expect(total > 0 && done <= total, "it reported {} of {}", done, total);
      const double fraction = static_cast<double>(done) / static_cast<double>(total);
      expect(fraction >= before, "it reported {} of {} after a share of {}", done, total, before);
      before = fraction;
    }
    expect(before == 1.0, "its last report is a share of {}", before);
  }
}

}  // namespace

std::vector<Rule> trainer_rules(const std::string& name, const TrainerCase& tested) {
  const auto trial = std::make_shared<const TrainerTrial>(name, tested);
  const auto use = [trial](std::unique_ptr<Plugin> plugin) {
    const auto trainer = Tested::as<Trainer>(std::move(plugin));
    for (const Job& job : jobs_of(*trial)) {
      NullJournal journal;
      if (job.searches)
        trainer->search(*trial->make_optimizer(*job.place.space, 1), job.place.resources(), journal);
      else
        trainer->evaluate(*job.place.space, job.place.space->at(0), *job.place.dataset, 1, journal);
    }
  };
  RuleList<TrainerTrial> rules(trial, option_rules(trial->tested, use));
  rules.add(
      {"RunsToTheEnd", "a search ends with an architecture of the space, a training with a result",
       "nothing can be run with the trainer", "read what was thrown; the case names what the trainer needs"},
      runs_to_the_end);
  rules.add({"DependsOnTheSeedAlone",
             "events, result and weights are a function of options, seed and what it is given",
             "a run cannot be repeated, and ends differently on another number of workers",
             "derive every Rng from the seed; write no wall time into events"},
            depends_on_the_seed_alone);
  rules.add({"NeedsNoJournal", "a journal that keeps nothing changes no result",
             "a C++ program gets other results than a run", "let checkpoints copy the state, not change it"},
            needs_no_journal);
  rules.add(
      {"ResumesFromEveryCheckpoint", "from every checkpoint it goes on to the same events and result",
       "a run that was killed ends in other results than one that was not",
       "put everything that the loop depends on into the checkpoint, and read it back before the first step"},
      resumes_from_every_checkpoint);
  rules.add({"StopsWhenAsked", "where stop_requested() is true it makes a checkpoint and throws Interrupted",
             "Ctrl-C waits for the end, or loses the work since the last checkpoint",
             "ask journal.stop_requested() after each step; checkpoint(), then throw "
             "Interrupted::after_checkpoint()"},
            stops_when_asked);
  rules.add(
      {"WritesEventsInOrder", "the events count trials or epochs from 1, and their architectures read back",
       "anytime curves and what reads events.jsonl go wrong", "write one event a step, once it is over"},
      writes_events_in_order);
  rules.add({"TellsTheBestSoFar", "`best_validation` of a trial's event is the highest validation so far",
             "the anytime curve of the search is wrong",
             "keep the best outcome in the checkpoint, and compare each with it"},
            tells_the_best_so_far);
  rules.add({"ReportsProgress", "progress() never falls and ends at its total",
             "the bar of `espalier run` stands still or runs backwards",
             "report the steps done after each, and the number of all"},
            reports_progress);
  if (tested.search) add_search_rules(rules);
  if (tested.training) add_training_rules(rules);
  return rules.take();
}

}  // namespace espalier::contract
