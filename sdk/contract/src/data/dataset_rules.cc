#include <algorithm>
#include <cmath>
#include <future>
#include <set>
#include <string_view>

#include "espalier/contract/dataset.h"
#include "espalier/data/dataset.h"
#include "espalier/plugin/plugin_call.h"
#include "rules/option_rules.h"
#include "rules/plugin_under_test.h"
#include "rules/rule_list.h"

namespace espalier::contract {
namespace {

struct DatasetUnderTest {
  DatasetUnderTest(const std::string& name, const DatasetCase& given)
      : plugin(std::make_shared<PluginUnderTest>("dataset", name, given.plugin_path, given.options)),
        how(given) {}

  std::unique_ptr<Dataset> make() const { return plugin->make<Dataset>(); }

  std::shared_ptr<const PluginUnderTest> plugin;
  DatasetCase how;
};

constexpr Split kSplits[] = {Split::train, Split::test};
const char* name_of(Split split) { return split == Split::train ? "training" : "test"; }

bool same(const Images& a, const Images& b) {
  return a.shape == b.shape && a.pixels == b.pixels && a.labels == b.labels;
}

std::string_view bytes_of(const Images& images, std::size_t index) {
  const auto image = images.image(index);
  return {reinterpret_cast<const char*>(image.data()), image.size()};  // NOLINT: only compared
}

void reads_both_splits(const DatasetUnderTest& tested) {
  const auto dataset = tested.make();
  for (const Split split : kSplits)
    during(fmt::format("reading the {} images", name_of(split)), [&] { (void)dataset->read(split); });
}

void reads_the_same_again(const DatasetUnderTest& tested) {
  const auto dataset = tested.make();
  const auto other = tested.make();
  for (const Split split : kSplits) {
    const Images first = dataset->read(split);
    expect(same(dataset->read(split), first), "read again, the {} images differ", name_of(split));
    expect(same(other->read(split), first), "read by another instance, the {} images differ", name_of(split));
  }
}

void reads_in_several_threads(const DatasetUnderTest& tested) {
  const auto dataset = tested.make();
  const Images expected = tested.make()->read(Split::train);
  const auto read = [&] { return dataset->read(Split::train); };
  auto one = std::async(std::launch::async, read);
  auto other = std::async(std::launch::async, read);
  expect(same(one.get(), expected) && same(other.get(), expected),
         "two threads read other images than one thread");
}

void says_the_same_before_and_after(const DatasetUnderTest& tested) {
  const auto dataset = tested.make();
  const Shape shape = dataset->shape();
  const std::size_t classes = dataset->classes();
  const Normalization before = dataset->normalization();
  expect(shape.channels > 0 && shape.height > 0 && shape.width > 0, "shape() is {}", to_string(shape));
  expect(classes > 0, "classes() is 0");
  (void)dataset->read(Split::train);
  const Normalization after = dataset->normalization();
  expect(dataset->shape() == shape, "shape() is {}, and {} after reading images", to_string(shape),
         to_string(dataset->shape()));
  expect(dataset->classes() == classes, "classes() is {}, and {} after reading images", classes,
         dataset->classes());
  expect(before.mean == after.mean && before.standard_deviation == after.standard_deviation,
         "normalization() changes when images are read");
}

void normalizes_every_channel(const DatasetUnderTest& tested) {
  const auto dataset = tested.make();
  const auto [mean, deviation] = dataset->normalization();
  const auto channels = static_cast<std::size_t>(dataset->shape().channels);
  expect(mean.size() == channels && deviation.size() == channels,
         "normalization() has {} means and {} deviations for {} channels", mean.size(), deviation.size(),
         channels);
  // Of pixels between 0 and 1, whose standard deviation cannot exceed 0.5.
  for (const float value : mean)
    expect(value >= 0.0F && value <= 1.0F, "a mean is {}, not between 0 and 1", value);
  for (const float value : deviation)
    expect(value > 0.0F && value <= 0.5F, "a standard deviation is {}, which is not above 0 and at most 0.5",
           value);
}

void every_class_has_images(const DatasetUnderTest& tested) {
  const auto dataset = tested.make();
  const Images train = dataset->read(Split::train);
  const std::set<std::uint16_t> found(train.labels.begin(), train.labels.end());
  for (std::size_t label = 0; label < dataset->classes(); ++label)
    expect(found.contains(static_cast<std::uint16_t>(label)),
           "no training image belongs to class {} of {} classes", label, dataset->classes());
}

void splits_differ(const DatasetUnderTest& tested) {
  const auto dataset = tested.make();
  const Images train = dataset->read(Split::train);
  const Images test = dataset->read(Split::test);
  std::set<std::string_view> known;
  for (std::size_t i = 0; i < train.size(); ++i) known.insert(bytes_of(train, i));
  std::size_t leaked = 0;
  for (std::size_t i = 0; i < test.size(); ++i) leaked += known.contains(bytes_of(test, i)) ? 1 : 0;
  // Real datasets contain a few images twice.
  expect(leaked * 10 <= test.size(), "{} of {} test images are training images", leaked, test.size());
}

void says_what_is_missing(const DatasetUnderTest& tested) {
  if (tested.how.without_files.empty())
    throw NotApplicable("the case names no options with which files are missing (without_files)");
  const Config config(host::parse_yaml(tested.how.without_files, "without_files"), "dataset");
  const auto dataset = during("created without its files",
                              [&] { return PluginUnderTest::as<Dataset>(tested.plugin->make(config)); });
  for (const Split split : kSplits) {
    try {
      (void)dataset->read(split);
    } catch (const PluginFailure& failure) {
      throw Violation(
          fmt::format("without its files, read() threw something other than Error: {}", failure.what()));
    } catch (const Error& error) {
      expect(!error.details().where.empty(), "the error names no file: {}", error.what());
      expect(!error.details().remedy.empty() || !error.details().expected.empty(),
             "the error does not say what to do: {}", error.what());
      continue;
    } catch (const std::exception& error) {
      throw Violation(fmt::format("without its files, read() threw: {}", error.what()));
    }
    throw Violation(fmt::format("without its files, it read {} images", name_of(split)));
  }
}

}  // namespace

std::vector<Rule> dataset_rules(const std::string& name, const DatasetCase& how) {
  const auto tested = std::make_shared<const DatasetUnderTest>(name, how);
  const auto use = [](std::unique_ptr<Plugin> plugin) {
    const auto dataset = PluginUnderTest::as<Dataset>(std::move(plugin));
    (void)dataset->shape();
    (void)dataset->classes();
    (void)dataset->normalization();
    for (const Split split : kSplits) (void)dataset->read(split);
  };
  RuleList<DatasetUnderTest> rules(tested, option_rules(tested->plugin, use));
  rules.add(
      {"ReadsBothSplits", "both splits have images of shape(), with labels below classes()",
       "a training ends with an error, after the search",
       "fill pixels in the order [image, channel, row, column], one byte each, with one label per image"},
      reads_both_splits);
  rules.add({"ReadsTheSameAgain", "a split has the same images in the same order whenever it is read",
             "a training that is resumed or repeated sees other images",
             "sort the names of files, and draw from an Rng with a fixed seed"},
            reads_the_same_again);
  rules.add({"ReadsInSeveralThreads", "read() may be called from several threads at once",
             "trainings that run side by side get each other's images",
             "keep no file and no buffer in members or in thread_local variables"},
            reads_in_several_threads);
  rules.add({"SaysTheSameBeforeAndAfter",
             "shape(), classes() and normalization() are known before any image is read",
             "a dataset that fits the search space is refused, or one that does not fit is accepted",
             "find them out in the constructor or from the options, not in read_impl()"},
            says_the_same_before_and_after);
  rules.add({"NormalizesEveryChannel", "every channel has a mean and a deviation, for pixels between 0 and 1",
             "networks are fed numbers from which they do not learn",
             "divide means and deviations of bytes by 255"},
            normalizes_every_channel);
  rules.add({"EveryClassHasImages", "every class below classes() has training images",
             "a part of the classifier is never trained, and accuracies mean something else",
             "count classes from 0, without gaps"},
            every_class_has_images);
  rules.add({"SplitsDiffer", "the test images are not among the training images",
             "the test accuracy measures what was learned by heart",
             "read other files, or hold a part out by a fixed rule"},
            splits_differ);
  rules.add({"SaysWhatIsMissing",
             "without its files the dataset can be constructed, and read() throws an Error that says where "
             "and what to do",
             "`espalier describe` fails, and a user does not learn where to get the files",
             "open files in read_impl(), and say in the Error which file is missing and where to get it"},
            says_what_is_missing);
  return rules.take();
}

}  // namespace espalier::contract
