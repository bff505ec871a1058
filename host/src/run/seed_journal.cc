#include "run/seed_journal.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/search/trainer.h"
#include "files/atomic_file.h"
#include "files/cbor.h"
#include "files/json_optional.h"
#include "run/progress.h"
#include "run/run_directory.h"

namespace espalier::host {
namespace {

constexpr std::uint64_t report_every = 64;  // events; the counters are shared by all threads

std::string dump(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

SeedJournal::SeedJournal(Search search, Progress& progress, std::function<bool()> stop_requested)
    : search_(std::move(search)), progress_(progress), stop_requested_(std::move(stop_requested)) {
  make_directories(search_.folder);
}

template <class Event>
void SeedJournal::append(const Event& event) {
  events_ += dump(to_line(event));
  events_ += '\n';
  ++event_count_;
  just_restored_ = false;
  curve_.add(event);
  if (++unreported_ >= report_every) flush_trials();
}

bool SeedJournal::checkpoint_due() {
  return std::chrono::steady_clock::now() - last_checkpoint_ >= search_.checkpoint_interval;
}

void SeedJournal::checkpoint(const nlohmann::json& state) {
  // In this order a kill between the two leaves events beyond the checkpoint, which restore() cuts off.
  write_file(search_.folder / SearchFiles::events, events_);
  const nlohmann::json checkpoint = {{"espalier", ESPALIER_VERSION},
                                     {"optimizer", search_.label},
                                     {"seed", search_.seed},
                                     {"events", event_count_},
                                     {"state", state}};
  // Binary: the state of a network is bytes.
  std::string bytes;
  nlohmann::json::to_cbor(checkpoint, bytes);
  write_file(search_.folder / SearchFiles::checkpoint, bytes);
  last_checkpoint_ = std::chrono::steady_clock::now();
}

std::optional<nlohmann::json> SeedJournal::restore() {
  const auto text = read_file(search_.folder / SearchFiles::checkpoint);
  if (!text) return std::nullopt;
  try {
    const auto read = parse_cbor(*text);
    if (!read) refuse_checkpoint("it is damaged or cut short");
    const nlohmann::json& checkpoint = *read;
    if (const auto version = checkpoint.value("espalier", "another version"); version != ESPALIER_VERSION)
      refuse_checkpoint(fmt::format("espalier {} wrote it, and this is {}", version, ESPALIER_VERSION));
    if (checkpoint.at("optimizer").get<std::string>() != search_.label ||
        checkpoint.at("seed").get<std::uint64_t>() != search_.seed) {
      refuse_checkpoint("it is another search's");
    }
    restore_events(checkpoint.at("events").get<std::uint64_t>());
    just_restored_ = true;
    return checkpoint.at("state");
  } catch (const nlohmann::json::exception& error) {
    refuse_checkpoint(error.what());
  }
}

void SeedJournal::restore_events(std::uint64_t count) {
  const std::string text = read_file(search_.folder / SearchFiles::events).value_or("");
  std::size_t begin = 0;
  for (; event_count_ < count; ++event_count_) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) {
      refuse_checkpoint(
          fmt::format("it stands on {} events, and {} holds {}", count, SearchFiles::events, event_count_));
    }
    curve_.add_line(nlohmann::json::parse(std::string_view(text).substr(begin, end - begin)));
    begin = end + 1;
  }
  events_ = text.substr(0, begin);
}

void SeedJournal::refuse_checkpoint(const std::string& why) const {
  const auto file = search_.folder / SearchFiles::checkpoint;
  throw Error({.what = fmt::format("this checkpoint is not usable: {}", why),
               .where = file.string(),
               .expected = "the checkpoint that this search wrote",
               .remedy = remedy_without_checkpoint()});
}

std::string SeedJournal::remedy_without_checkpoint() const {
  return fmt::format("remove {} and run again: this search begins anew",
                     (search_.folder / SearchFiles::checkpoint).string());
}

void SeedJournal::rethrow() const {
  try {
    throw;
  } catch (const Interrupted&) {
    throw;
  } catch (const Error& error) {
    if (!just_restored_) throw;
    ErrorDetails details = error.details();
    details.remedy = remedy_without_checkpoint();
    if (dynamic_cast<const PluginFailure*>(&error) != nullptr)
      details.remedy += "; and report the plugin's mistake to its author";
    throw Error(std::move(details));
  }
}

void SeedJournal::flush_trials() { progress_.add_trials(std::exchange(unreported_, 0)); }

void SeedJournal::progress(std::uint64_t done, std::uint64_t total, std::string_view status) {
  if (!status.empty()) progress_.set_status(fmt::format("{}: {}", search_.what, status));
  const double fraction = total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 0.0;
  constexpr double worth_telling = 0.01;
  if (fraction - fraction_ < worth_telling) return;
  progress_.add_fraction(fraction - std::exchange(fraction_, fraction));
}

void SeedJournal::keep_weights(std::string_view bytes) {
  write_file(search_.folder / SearchFiles::weights, bytes);
}

void SeedJournal::keep_curve() const {
  write_file(search_.folder / SearchFiles::curve, curve_.to_csv(), Durability::process);
}

void SeedJournal::finish(const std::string& result) {
  // One flush a search: after a power failure a result without its curve is possible, and refused.
  write_file(search_.folder / SearchFiles::events, events_, Durability::process);
  write_file(search_.folder / SearchFiles::result, result);
  remove_file(search_.folder / SearchFiles::checkpoint);
  flush_trials();
  progress_.add_fraction(1.0 - std::exchange(fraction_, 1.0));
  progress_.search_finished();
}

}  // namespace espalier::host
