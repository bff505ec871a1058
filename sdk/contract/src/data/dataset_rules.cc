#include <algorithm>
#include <cmath>
#include <future>
#include <set>
#include <string_view>

#include "espalier/contract/dataset.h"
#include "espalier/data/dataset.h"
#include "espalier/plugin/plugin_call.h"
#include "rules/option_rules.h"
#include "rules/rule_list.h"
#include "rules/tested.h"

namespace espalier::contract {
namespace {

struct DatasetTrial {
  DatasetTrial(const std::string& name, const DatasetCase& given)
      : tested(std::make_shared<Tested>("dataset", name, given.plugin_path, given.options)), how(given) {}

  std::unique_ptr<Dataset> make() const { return tested->make<Dataset>(); }

  std::shared_ptr<const Tested> tested;
  DatasetCase how;
};

constexpr Split kSplits[] = {Split::train, Split::test};
const char* name_of(Split split) { return split == Split::train ? "training" : "test"; }

bool same(const Images& a, const Images& b) {
  return a.shape == b.shape && a.pixels == b.pixels && a.labels == b.labels;
}

std::string_view bytes_of(const Images& images, std::size_t index) {
  const auto image = images.image(index);
  return {reinterpret_cast<const char*>(image.data()), image.size()};  // NOLINT: to compare them
}

void loads_both_splits(const DatasetTrial& trial) {
  const auto dataset = trial.make();
  for (const Split split : kSplits)
    during(fmt::format("loading the {} images", name_of(split)), [&] { (void)dataset->read(split); });
}

void loads_the_same_again(const DatasetTrial& trial) {
  const auto dataset = trial.make();
  const auto other = trial.make();
  for (const Split split : kSplits) {
    const Images first = dataset->read(split);
    expect(same(dataset->read(split), first), "read again, the {} images are others", name_of(split));
    expect(same(other->read(split), first), "read by another instance, the {} images are others",
           name_of(split));
  }
}

void loads_in_several_threads(const DatasetTrial& trial) {
  const auto dataset = trial.make();
  const Images expected = trial.make()->read(Split::train);
  const auto load = [&] { return dataset->read(Split::train); };
  auto one = std::async(std::launch::async, load);
  auto other = std::async(std::launch::async, load);
  expect(same(one.get(), expected) && same(other.get(), expected), "two threads read other images than one");
}

void says_the_same_before_and_after(const DatasetTrial& trial) {
  const auto dataset = trial.make();
  const Shape shape = dataset->shape();
  const std::size_t classes = dataset->classes();
  const Normalization before = dataset->normalization();
  expect(shape.channels > 0 && shape.height > 0 && shape.width > 0, "shape() is {}", to_string(shape));
  expect(classes > 0, "classes() is 0");
  (void)dataset->read(Split::train);
  const Normalization after = dataset->normalization();
  expect(dataset->shape() == shape, "shape() is {}, and {} once images were read", to_string(shape),
         to_string(dataset->shape()));
  expect(dataset->classes() == classes, "classes() is {}, and {} once images were read", classes,
         dataset->classes());
  expect(before.mean == after.mean && before.standard_deviation == after.standard_deviation,
         "normalization() is another once images were read");
}

void normalizes_every_channel(const DatasetTrial& trial) {
  const auto dataset = trial.make();
  const auto [mean, deviation] = dataset->normalization();
  const auto channels = static_cast<std::size_t>(dataset->shape().channels);
  expect(mean.size() == channels && deviation.size() == channels,
         "{} means and {} deviations for {} channels", mean.size(), deviation.size(), channels);
  // Of pixels between 0 and 1; no more than half of that lies around a mean.
  for (const float value : mean) expect(value >= 0.0F && value <= 1.0F, "a mean is {}, not 0 to 1", value);
  for (const float value : deviation)
    expect(value > 0.0F && value <= 0.5F, "a standard deviation is {}, not above 0 and at most 0.5", value);
}

void every_class_has_images(const DatasetTrial& trial) {
  const auto dataset = trial.make();
  const Images train = dataset->read(Split::train);
  const std::set<std::uint16_t> found(train.labels.begin(), train.labels.end());
  for (std::size_t label = 0; label < dataset->classes(); ++label)
    expect(found.contains(static_cast<std::uint16_t>(label)),
           "no training image is of class {}, of {} classes", label, dataset->classes());
}

void splits_differ(const DatasetTrial& trial) {
  const auto dataset = trial.make();
  const Images train = dataset->read(Split::train);
  const Images test = dataset->read(Split::test);
  std::set<std::string_view> known;
  for (std::size_t i = 0; i < train.size(); ++i) known.insert(bytes_of(train, i));
  std::size_t leaked = 0;
  for (std::size_t i = 0; i < test.size(); ++i) leaked += known.contains(bytes_of(test, i)) ? 1 : 0;
  // Real ones hold some image twice.
  expect(leaked * 10 <= test.size(), "{} of {} test images are training images", leaked, test.size());
}

void says_what_is_missing(const DatasetTrial& trial) {
  if (trial.how.without_files.empty())
    throw NotApplicable("the case names no options with which files are missing (without_files)");
  const Config config(host::parse_yaml(trial.how.without_files, "without_files"), "dataset");
  const auto dataset = during("made where its files are missing",
                              [&] { return Tested::as<Dataset>(trial.tested->make(config)); });
  for (const Split split : kSplits) {
    try {
      (void)dataset->read(split);
    } catch (const PluginFailure& failure) {
      throw Violation(fmt::format("without its files it threw what is no Error: {}", failure.what()));
    } catch (const Error& error) {
      expect(!error.details().where.empty(), "the error names no file: {}", error.what());
      expect(!error.details().remedy.empty() || !error.details().expected.empty(),
             "the error does not say what to do: {}", error.what());
      continue;
    } catch (const std::exception& error) {
      throw Violation(fmt::format("without its files it threw: {}", error.what()));
    }
    throw Violation(fmt::format("without its files it loaded {} images", name_of(split)));
  }
}

}  // namespace

std::vector<Rule> dataset_rules(const std::string& name, const DatasetCase& tested) {
  const auto trial = std::make_shared<const DatasetTrial>(name, tested);
  const auto use = [](std::unique_ptr<Plugin> plugin) {
    const auto dataset = Tested::as<Dataset>(std::move(plugin));
    (void)dataset->shape();
    (void)dataset->classes();
    (void)dataset->normalization();
    for (const Split split : kSplits) (void)dataset->read(split);
  };
  RuleList<DatasetTrial> rules(trial, option_rules(trial->tested, use));
  rules.add({"LoadsBothSplits", "both splits have images, of shape() each, with labels below classes()",
             "a training ends with an error, after the search",
             "fill pixels in the order [image, channel, row, column], a byte each, and one label an image"},
            loads_both_splits);
  rules.add({"LoadsTheSameAgain", "a split is the same images in the same order, whenever it is read",
             "a training that is resumed or repeated sees other images",
             "sort the names of files; draw from an Rng of a fixed seed"},
            loads_the_same_again);
  rules.add({"LoadsInSeveralThreads", "load() may be called from several threads at once",
             "trainings side by side get each other's images",
             "keep no file and no buffer in members; nothing thread_local"},
            loads_in_several_threads);
  rules.add({"SaysTheSameBeforeAndAfter",
             "shape(), classes() and normalization() are known before any image is read",
             "a dataset that fits the search space is refused, or one that does not is not",
             "find them out in the constructor or from the options, not in do_load()"},
            says_the_same_before_and_after);
  rules.add(
      {"NormalizesEveryChannel", "a mean and a deviation for each channel, of pixels between 0 and 1",
       "networks are fed numbers that they do not learn from", "divide means and deviations of bytes by 255"},
      normalizes_every_channel);
  rules.add({"EveryClassHasImages", "every class below classes() has training images",
             "a part of the classifier is never trained, and accuracies mean something else",
             "count classes from 0, without gaps"},
            every_class_has_images);
  rules.add({"SplitsDiffer", "the test images are no training images",
             "test accuracies are those of what was learnt by heart",
             "read other files, or hold a part out by a fixed rule"},
            splits_differ);
  rules.add({"SaysWhatIsMissing",
             "without its files it can be made, and loading throws Error with place and remedy",
             "`espalier describe` fails, and a user does not learn where to get the files",
             "open files in do_load(); say in the Error which file, and where to get it"},
            says_what_is_missing);
  return rules.take();
}

}  // namespace espalier::contract
