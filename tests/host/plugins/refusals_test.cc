#include <elf.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <limits>
#include <optional>
#include <regex>
#include <sstream>

#include "host/program/program_fixture.h"
#include "paths.h"
#include "plugins/benchmarks/converted_surrogate.h"
#include "plugins/datasets/gzip_file.h"

// Every row of docs/refusals.md, made and read: what a test prints as missing there belongs there.
namespace espalier::testing {
namespace {

using Arguments = std::vector<std::string>;

const fs::path kFixtures = paths::fixture_plugins;

/// One broken or hostile plugin: how it comes about in the folder `plugins`, and what is typed then.
struct Case {
  std::string name;
  std::string title;  ///< in the table
  std::function<void(const fs::path& folder)> make;
  Arguments arguments;
  /// Of the plugin, before it is refused; nothing where what is refused is no plugin.
  std::optional<bool> code_runs = false;
};

void PrintTo(const Case& refusal, std::ostream* stream) { *stream << refusal.name; }

void write_to(const fs::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
}

fs::path data_file(const std::string& name) { return fs::path(paths::source) / "data" / name; }

std::string good() { return text_of(kFixtures / "good" / "optimizer.so"); }

/// The good plugin with `Part` (a header) at `offset` changed.
template <class Part>
std::string patched(std::string content, std::size_t offset, const std::function<void(Part&)>& change) {
  Part part;
  std::memcpy(&part, content.data() + offset, sizeof(part));
  change(part);
  std::memcpy(content.data() + offset, &part, sizeof(part));
  return content;
}

std::string patched_header(const std::function<void(Elf64_Ehdr&)>& change) {
  return patched<Elf64_Ehdr>(good(), 0, change);
}

/// Over 1 MiB of names of sections.
std::string with_huge_names() {
  std::string content = good();
  Elf64_Ehdr header;
  std::memcpy(&header, content.data(), sizeof(header));
  const std::size_t end = content.size();
  constexpr std::size_t kSize = (1 << 20) + 1;
  content.append(kSize, '\0');
  return patched<Elf64_Shdr>(content, header.e_shoff + header.e_shstrndx * sizeof(Elf64_Shdr),
                             [&](Elf64_Shdr& names) {
                               names.sh_offset = end;
                               names.sh_size = kSize;
                             });
}

std::string with_malformed_section() {
  std::string content = good();
  content.replace(content.find(".espalier/optimizer/good/"), 25, ".espalier/optimizer_good_");
  return content;
}

/// A file of this content, checked.
Case file(const std::string& name, const std::string& title, const std::function<std::string()>& content) {
  return {name,
          title,
          [=](const fs::path& folder) { write_to(folder / "plugin.so", content()); },
          {"plugins", "check", "plugins/plugin.so"}};
}

/// Another thing of that name, checked.
Case thing(const std::string& name, const std::string& title,
           const std::function<void(const fs::path&)>& make) {
  return {name,
          title,
          [=](const fs::path& folder) { make(folder / "plugin.so"); },
          {"plugins", "check", "plugins/plugin.so"}};
}

void copy_fixture(const std::string& fixture, const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(kFixtures / fixture)) {
    if (entry.path().extension() == ".so") fs::copy_file(entry.path(), folder / entry.path().filename());
  }
}

/// A plugin of tests/fixtures/plugins, checked.
Case checked(const std::string& fixture, const std::string& title, bool code_runs = false,
             const Arguments& more = {}) {
  Arguments arguments = {"plugins", "check", "plugins/plugin.so"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return {fixture, title, [=](const fs::path& folder) { copy_fixture(fixture, folder); }, arguments,
          code_runs};
}

/// The same, run as the optimizer of a search.
Case searched(const std::string& name, const std::string& fixture, const std::string& title,
              const std::string& optimizer, bool code_runs) {
  return {name,
          title,
          [=](const fs::path& folder) {
            copy_fixture(fixture, folder);
            write_to(folder.parent_path() / "config.yaml",
                     "search_space: nasbench201\noptimizer: " + optimizer +
                         "\nbenchmark: nasbench201\ntrainer: {name: discrete, trials: 10}\nseed: 0\n"
                         "plugin_path: plugins\n");
          },
          {"run", "config.yaml", "--quiet"},
          code_runs};
}

std::vector<Case> files() {
  return {
      file("empty", "an empty file", [] { return std::string(); }),
      file("text", "a text file", [] { return std::string(100, 'x'); }),
      file("short", "twenty bytes of a library", [] { return good().substr(0, 20); }),
      file("truncated", "half a library", [] { return good().substr(0, good().size() / 2); }),
      file("outside", "a table of sections beyond the end",
           [] { return patched_header([](Elf64_Ehdr& header) { header.e_shoff = ~0ULL - 63; }); }),
      file("no_sections", "a library without sections",
           [] { return patched_header([](Elf64_Ehdr& header) { header.e_shoff = 0; }); }),
      file("huge_names", "names of sections of over 1 MiB", with_huge_names),
      file("other_machine", "a library of another machine",
           [] { return patched_header([](Elf64_Ehdr& header) { header.e_machine = EM_S390; }); }),
      file("object", "an object file",
           [] { return patched_header([](Elf64_Ehdr& header) { header.e_type = ET_REL; }); }),
      file("executable", "a program", [] { return text_of(fs::path(paths::build) / "bin/espalier"); }),
      file("malformed_section", "a malformed plugin section", with_malformed_section),
      thing("fifo", "a FIFO", [](const fs::path& at) { ::mkfifo(at.c_str(), 0600); }),
      thing("directory", "a folder named `plugin.so`", [](const fs::path& at) { fs::create_directory(at); }),
      thing("dangling", "a link to nothing", [](const fs::path& at) { fs::create_symlink("gone.so", at); }),
      thing("loop", "a link to itself", [](const fs::path& at) { fs::create_symlink("plugin.so", at); }),
      thing("missing", "no file", [](const fs::path&) {}),
      thing("unreadable", "a file without leave to read it",
            [](const fs::path& at) {
              if (::geteuid() == 0) GTEST_SKIP() << "root reads everything";
              write_to(at, good());
              ::chmod(at.c_str(), 0);
            }),
      thing("writable_file", "a file that everybody can change",
            [](const fs::path& at) {
              write_to(at, good());
              ::chmod(at.c_str(), 0666);
            }),
      thing("writable_folder", "a folder that everybody can write to",
            [](const fs::path& at) {
              write_to(at, good());
              ::chmod(at.parent_path().c_str(), 0777);
            }),
      thing("foreign", "a file of another user",
            [](const fs::path& at) {
              write_to(at, good());
              if (::chown(at.c_str(), 65534, 65534) != 0) GTEST_SKIP() << "only root gives files away";
            }),
  };
}

std::vector<Case> plugins() {
  return {
      {"no_plugin",
       "a library that is not a plugin",
       [](const fs::path& folder) {
         fs::copy_file(kFixtures / "no_plugin/library.so", folder / "plugin.so");
       },
       {"plugins", "check", "plugins/plugin.so"}},
      checked("two_sections", "two plugins in one file"),
      checked("unknown_kind", "a kind that Espalier does not know"),
      checked("other_abi", "another ABI"),
      checked("other_torch", "another LibTorch"),
      checked("missing_symbol", "a symbol that nothing defines"),
      checked("missing_library", "a library that is not there"),
      checked("no_descriptor", "no descriptor", true),
      checked("hidden_descriptor", "a descriptor that is hidden", true),
      checked("wrong_kind", "a descriptor that contradicts the section", true),
      checked("null_create", "a descriptor without a constructor", true),
      checked("crashes_at_load", "a crash while it is loaded", true),
      checked("aborts_at_load", "`abort()` while it is loaded", true),
      checked("exits_at_load", "`exit()` while it is loaded", true),
      checked("hangs_at_load", "a hang while it is loaded (`--timeout 0.5`)", true, {"--timeout", "0.5"}),
      checked("throws_at_load", "an exception while it is loaded", true),
  };
}

std::vector<Case> runs() {
  return {
      searched("duplicate", "duplicate", "two files of one plugin", "duplicate", false),
      {"wrong_hash",
       "another file than the config requires",
       [](const fs::path& folder) {
         copy_fixture("good", folder);
         write_to(folder.parent_path() / "config.yaml",
                  "search_space: good\noptimizer: good\nbenchmark: good\ntrainer: good\nseed: 0\n"
                  "plugin_path: plugins\nplugins: {require: {search_space/good: " +
                      std::string(64, '0') + "}}\n");
       },
       {"run", "config.yaml", "--quiet"}},
      searched("wrong_interface", "wrong_interface", "an object of another interface", "wrong_interface",
               true),
      searched("returns_null", "returns_null", "a constructor that makes nothing", "returns_null", true),
      searched("throws_in_constructor", "throws", "an exception in the constructor",
               "{name: throws, call: constructor}", true),
      searched("throws_in_adapt", "throws", "an exception in `adapt`", "{name: throws, call: adapt}", true),
      searched("throws_in_ask", "throws", "an exception in `ask`", "{name: throws, call: ask}", true),
      searched("throws_in_tell", "throws", "something that is not an exception, in `tell`",
               "{name: throws, call: tell, what: number}", true),
      searched("throws_nothing_in_ask", "throws", "an exception without a word, in `ask`",
               "{name: throws, call: ask, what: nothing}", true),
      searched("exits_in_constructor", "throws", "`exit()` in the constructor",
               "{name: throws, call: constructor, what: exit}", true),
      searched("exits_in_ask", "throws", "`exit()` in `ask`", "{name: throws, call: ask, what: exit}", true),
      searched("quick_exits_in_ask", "throws", "`quick_exit()` in `ask`",
               "{name: throws, call: ask, what: quick_exit}", true),
      searched("terminates_in_ask", "throws", "`std::terminate()` in `ask`",
               "{name: throws, call: ask, what: terminate}", true),
      searched("throws_on_a_thread", "throws", "an exception on a thread of the plugin's",
               "{name: throws, call: ask, what: thread}", true),
      searched("ends_the_thread", "throws", "`pthread_exit()` in `ask`",
               "{name: throws, call: ask, what: pthread_exit}", true),
      searched("deep_state", "throws", "a state of 100,000 nested levels", "{name: throws, what: deep}",
               true),
      searched("binary_state", "throws", "a state with binary data of a subtype",
               "{name: throws, what: binary}", true),
      searched("error_in_ask", "throws", "an error of Espalier's without a place",
               "{name: throws, call: ask, what: error}", true),
      searched("usage_error_in_adapt", "throws", "an error that is the user's",
               "{name: throws, call: adapt, what: usage}", true),
  };
}

Case cell(const std::string& name, const std::string& title, const std::string& text) {
  return {name, title, [](const fs::path&) {}, {"inspect", "nasbench101", text}, std::nullopt};
}

/// A table, asked for one cell.
Case table(const std::string& name, const std::string& title, const std::string& options,
           const std::function<std::string()>& content) {
  return {name,
          title,
          [=](const fs::path& folder) { write_to(folder.parent_path() / "table.csv.gz", content()); },
          {"query", "{name: nasbench101, " + options + "}", "|maxpool3x3~0|output~1|"},
          std::nullopt};
}

/// A table that comes with Espalier.
std::string data(const std::string& name) {
  return text_of(fs::path(paths::build) / "share/espalier/data" / name);
}

std::vector<Case> cells() {
  const std::string known = "{name: nasbench101, subset: validated}";
  return {
      cell("no_path", "a cell without a way through",
           "[[0, 1, 0], [0, 0, 0], [0, 0, 0]], ['input', 'maxpool3x3', 'output']"),
      cell("ten_edges", "a cell of ten edges",
           "|maxpool3x3~0|maxpool3x3~0~1|maxpool3x3~0~1~2|output~0~1~2~3|"),
      cell("eight_vertices", "a cell of eight vertices",
           "|maxpool3x3~0|maxpool3x3~1|maxpool3x3~2|maxpool3x3~3|maxpool3x3~4|maxpool3x3~5|output~6|"),
      cell("eight_rows", "a matrix of eight columns", "[[0, 1, 0, 0, 0, 0, 0, 0], []], []"),
      cell("rows_and_columns", "a matrix of more columns than rows",
           "[[0, 1, 0], [0, 0, 1]], ['input', 'maxpool3x3', 'output']"),
      cell("short_row", "a matrix with a shorter row",
           "[[0, 1, 0], [0, 0]], ['input', 'maxpool3x3', 'output']"),
      cell("backwards", "an edge backwards", "[[0, 1], [1, 0]], ['input', 'output']"),
      cell("no_edge", "a number that is no edge", "[[0, 2], [0, 0]], ['input', 'output']"),
      cell("later_source", "a vertex that reads a later one", "|maxpool3x3~1|output~1|"),
      cell("no_operation", "an operation of another space", "|nor_conv_3x3~0|output~1|"),
      cell("cut_cell", "half a cell", "|maxpool3x3~0|output"),
      cell("two_cells", "two cells", "|output~0| |output~0|"),
      {"not_validated",
       "a cell without validation accuracy",
       [](const fs::path&) {},
       {"query", known, "|maxpool3x3~0|output~1|", "--metric", "validation_accuracy"},
       std::nullopt},
  };
}

std::vector<Case> tables() {
  const std::string all = "file: table.csv.gz";
  const std::string validated = "subset: validated, validated_file: table.csv.gz";
  return {
      table("other_space", "the table of another space", all, [] { return data("nasbench201.csv.gz"); }),
      table("exchanged", "the table of all cells in place of the validated ones", validated,
            [] { return data("nasbench101.csv.gz"); }),
      table("half_a_table", "half a table", all,
            [] { return data("nasbench101.csv.gz").substr(0, 1'000'000); }),
      table("few_rows", "a table of one's own with rows missing", all + ", verify: false",
            [] { return deflated("test,parameters\n90,1000000\n"); }),
      table("many_rows", "a table of one's own with a row more", all + ", verify: false",
            [] {
              std::string text = "test,parameters\n";
              for (int row = 0; row <= 423'624; ++row) text += "90,1000000\n";
              return deflated(text);
            }),
      table("order", "a table of one's own whose indices do not rise", validated + ", verify: false",
            [] {
              return deflated(
                  "index,valid_4,valid_12,valid_36,valid_108,train_seconds\n7,1,2,3,4,5\n"
                  "7,1,2,3,4,5\n");
            }),
  };
}

/// An architecture that is looked up.
Case queried(const std::string& name, const std::string& title, const Arguments& query) {
  Arguments arguments = {"query"};
  arguments.insert(arguments.end(), query.begin(), query.end());
  return {name, title, [](const fs::path&) {}, arguments, std::nullopt};
}

/// The same in a table of this content.
Case tabled(const std::string& name, const std::string& title, const std::function<std::string()>& content,
            const std::string& benchmark, const std::string& architecture) {
  Case refusal = queried(name, title, {benchmark, architecture});
  refusal.make = [=](const fs::path& folder) { write_to(folder.parent_path() / "table.csv.gz", content()); };
  return refusal;
}

std::vector<Case> other_tables() {
  const auto half = [] {
    const std::string content = text_of(data_file("nasbench_macro.csv.gz"));
    return content.substr(0, content.size() / 2);
  };
  const std::string genotype =
      "Genotype(normal=[('skip_connect', 0), ('skip_connect', 1), ('skip_connect', 0), ('skip_connect', 1), "
      "('skip_connect', 0), ('skip_connect', 1), ('skip_connect', 0), ('skip_connect', 1)], "
      "reduce=[('skip_connect', 0), ('skip_connect', 1), ('skip_connect', 0), ('skip_connect', 1), "
      "('skip_connect', 0), ('skip_connect', 1), ('skip_connect', 0), ('skip_connect', 1)], "
      "normal_concat=range(2, 6), reduce_concat=range(2, 6))";
  const auto of_surrogate = [=](const std::string& name, const std::string& title, const std::string& options,
                                const std::function<std::string()>& content) {
    return tabled("surrogate_" + name, title, content, "{name: nasbench301, " + options + "}", genotype);
  };
  const auto of_macro = [] { return text_of(data_file("transnas101_macro.csv.gz")); };
  const std::string micro = "64-41414-1_02_333";
  return {
      queried("layer_missing", "a network of seven layers", {"nasbench_macro", "2221222"}),
      queried("layer_unknown", "a layer that does not exist", {"nasbench_macro", "22212223"}),
      queried("cell_short", "a cell of five edges", {"transnas101", "64-41414-1_02_33"}),
      queried("network_for_cell", "a network in place of a cell",
              {"transnas101", "64-1234-basic", "--space", "transnas101_micro"}),
      queried("cell_for_network", "a cell in place of a network",
              {"transnas101", micro, "--space", "transnas101_macro"}),
      queried("untrained", "a network that the authors did not train",
              {"transnas101", "64-2222-basic", "--space", "transnas101_macro"}),
      queried("other_space", "a space that the benchmark does not know",
              {"nasbench_macro", micro, "--space", "transnas101_micro"}),
      queried("unknown_task", "a task that does not exist", {"{name: transnas101, task: normals}", micro}),
      queried("runs_of_dataset", "trainings that are not published one by one",
              {"{name: nasbench201, protocol: 777, dataset: cifar100}", "0"}),
      queried("runs_of_12_epochs", "single trainings of the short schedule",
              {"{name: nasbench201, protocol: drawn, epochs: 12}", "0"}),
      queried(
          "runs_elsewhere", "a single training, asked for another dataset",
          {"{name: nasbench201, protocol: 999}", "0", "--metric", "test_accuracy", "--dataset", "cifar100"}),
      queried("run_lacking", "a cell that was not trained with this seed",
              {"{name: nasbench201, protocol: 999}", "347", "--metric", "validation_accuracy"}),
      tabled("half_table", "half a table", half, "{name: nasbench_macro, file: table.csv.gz}", "22212220"),
      tabled("exchanged", "the table of another space", of_macro, "{name: transnas101, file: table.csv.gz}",
             micro),
      tabled("exchanged_unverified", "the same, its checksum not asked for", of_macro,
             "{name: transnas101, file: table.csv.gz, verify: false}", micro),
      of_surrogate("half", "half a neural surrogate", "network_file: table.csv.gz",
                   [] { return text_of(data_file("nasbench301_network.gz")).substr(0, 1'000); }),
      of_surrogate("exchanged", "the labels in place of the features", "features_file: table.csv.gz",
                   [] { return text_of(data_file("nasbench301_labels.csv.gz")); }),
      of_surrogate("no_network", "a neural surrogate of one's own that is text",
                   "network_file: table.csv.gz, verify: false",
                   [] { return deflated("ten numbers, 20 bytes"); }),
      of_surrogate("not_finite", "a neural surrogate of one's own with an infinite number",
                   "network_file: table.csv.gz, verify: false",
                   [] { return deflated(std::string("\x00\x7c", 2)); }),
      of_surrogate("pattern_missing", "features of one's own with rows missing",
                   "features_file: table.csv.gz, verify: false",
                   [] { return deflated("pattern,x0\nnormal_edge_0_0,1\n"); }),
      of_surrogate("no_label", "labels of one's own without a row",
                   "labels_file: table.csv.gz, verify: false",
                   [] { return deflated("normal,reduction,label,weight\n"); }),
      of_surrogate("no_cell", "labels of one's own whose edges are in no order",
                   "labels_file: table.csv.gz, verify: false",
                   [] {
                     return deflated(
                         "normal,reduction,label,weight\n"
                         "10 00 00 10 00 10 00 10,00 10 00 10 00 10 00 10,93,1\n");
                   }),
      {"no_supernet",
       "the supernet of a space that has none",
       [](const fs::path&) {},
       {"inspect", "transnas101_macro"},
       std::nullopt},
  };
}

using Json = nlohmann::json;
using ChangeList = std::function<void(Json& list)>;

/// A genotype, asked of a converted surrogate of one member, whose surrogate.json `change` changed.
Case surrogate(const std::string& name, const std::string& title, const std::string& library,
               const std::string& model, const ChangeList& change) {
  const std::string cell =
      "[('skip_connect', 0), ('skip_connect', 1), ('skip_connect', 0), ('skip_connect', 1), "
      "('skip_connect', 0), ('skip_connect', 1), ('skip_connect', 0), ('skip_connect', 1)]";
  Case refusal = queried(name, title,
                         {"{name: nasbench301, accuracy_model: model}",
                          "Genotype(normal=" + cell + ", normal_concat=range(2, 6), reduce=" + cell +
                              ", reduce_concat=range(2, 6))"});
  refusal.make = [=](const fs::path& folder) {
    Json list = surrogate_list(library, {model});
    change(list);
    write_surrogate(folder.parent_path() / "model", list, {model});
  };
  return refusal;
}

std::vector<Case> surrogate_lists() {
  const auto listed = [](const std::string& name, const std::string& title, const ChangeList& change) {
    return surrogate(name, title, "lightgbm", lightgbm_text({lightgbm_leaf(90)}), change);
  };
  const auto member = [](const char* key, const Json& value) {
    return [=](Json& list) { list["members"][0][key] = value; };
  };
  Case none = listed("none", "a folder without a surrogate", [](Json&) {});
  none.make = [](const fs::path& folder) { fs::create_directory(folder.parent_path() / "model"); };
  return {
      none,
      listed("text", "a list that is not JSON", [](Json& list) { list = "members"; }),
      listed("format", "a list of another format", [](Json& list) { list["format"] = "surrogate 2"; }),
      listed("target", "a surrogate of the training time in place of the accuracy",
             [](Json& list) { list["target"] = "train_seconds"; }),
      listed("library", "members of another library", [](Json& list) { list["library"] = "catboost"; }),
      listed("members", "a list without members", [](Json& list) { list["members"] = Json::array(); }),
      listed("count", "a size that is not a number", member("bytes", "many")),
      listed("name", "a member without a name", member("file", 1)),
      listed("elsewhere", "a member in another folder", member("file", "../member_0")),
      listed("missing", "a member that is missing", member("file", "member_1")),
      listed("changed", "a member that was changed", member("crc32", "00000000")),
  };
}

std::vector<Case> lightgbm_models() {
  const auto of_text = [](const std::string& name, const std::string& title, const std::string& text) {
    return surrogate(name, title, "lightgbm", text, [](Json&) {});
  };
  const auto changed = [=](const std::string& name, const std::string& title, const std::string& from,
                           const std::string& to) {
    std::string text = lightgbm_text({lightgbm_stump(36, 2.5, 2)});
    return of_text(name, title, text.replace(text.find(from), from.size(), to));
  };
  return {
      of_text("other", "a text that is not a model of LightGBM", "forest\nend of trees\n"),
      of_text("no_trees", "a model without trees", lightgbm_text({})),
      surrogate("few_trees", "fewer trees than the list says", "lightgbm", lightgbm_text({lightgbm_leaf(90)}),
                [](Json& list) { list["members"][0]["trees"] = 2; }),
      changed("cut", "a model that was cut", "end of trees\n", ""),
      changed("order", "trees in another order", "Tree=0", "Tree=1"),
      changed("classes", "a model of several classes", "num_class=1", "num_class=3"),
      changed("objective", "a model for another objective", "objective=regression", "objective=binary"),
      changed("narrow", "a model of fewer values", "max_feature_idx=55", "max_feature_idx=9"),
      changed("averaged", "trees that are averaged", "version=v3", "average_output"),
      changed("twice", "a line that stands twice", "num_cat=0", "num_cat=0\nnum_cat=0"),
      changed("lacking", "a line that is missing", "threshold=2.500000\n", ""),
      changed("categories", "categorical splits", "num_cat=0", "num_cat=1"),
      changed("leaves", "a count that is not a number", "num_leaves=2", "num_leaves=two"),
      of_text("no_leaves", "a tree without leaves",
              lightgbm_text({"num_leaves=0\nnum_cat=0\nleaf_value=\n"})),
      changed("number", "a threshold that is not a number", "threshold=2.500000", "threshold=nan"),
      changed("numbers", "two thresholds for one node", "threshold=2.500000", "threshold=2.5 3.5"),
      changed("feature", "a split of a value that does not exist", "split_feature=36", "split_feature=56"),
      changed("decision", "a split of a kind that is not known", "decision_type=2", "decision_type=1"),
      changed("cycle", "a node that is its own child", "left_child=-1", "left_child=0"),
  };
}

std::vector<Case> xgboost_models() {
  const XGBoostTree stump = xgboost_stump(36, 2.5F);
  const auto of_bytes = [](const std::string& name, const std::string& title, const std::string& bytes) {
    return surrogate(name, title, "xgboost", bytes, [](Json&) {});
  };
  const auto of_tree = [=](const std::string& name, const std::string& title,
                           const std::function<void(XGBoostTree&)>& change) {
    XGBoostTree tree = stump;
    change(tree);
    return of_bytes(name, title, xgboost_bytes({stump, tree}, 90));
  };
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  const std::string whole = xgboost_bytes({stump}, 90);
  return {
      of_bytes("other", "bytes that are not trees of XGBoost", "binf"),
      of_bytes("format", "trees in another format", xgboost_bytes({stump}, 90, 56, 2)),
      of_bytes("narrow", "trees of fewer values", xgboost_bytes({stump}, 90, 10)),
      of_bytes("constant", "a constant that is not a number", xgboost_bytes({stump}, kNaN)),
      of_bytes("cut", "trees that were cut", whole.substr(0, whole.size() - 1)),
      of_bytes("longer", "bytes behind the trees", whole + "more"),
      of_tree("empty", "a tree without nodes", [](XGBoostTree& tree) { tree = {}; }),
      of_tree("value", "a node whose value is not a number", [](XGBoostTree& tree) { tree.value[1] = kNaN; }),
      of_tree("feature", "a node of a value that does not exist",
              [](XGBoostTree& tree) { tree.feature[0] = 56; }),
      of_tree("beyond", "a child that does not exist", [](XGBoostTree& tree) { tree.right[0] = 3; }),
      of_tree("cycle", "a child that is an ancestor",
              [](XGBoostTree& tree) { tree.left[1] = tree.right[1] = 0; }),
      of_tree("shared", "a child of two nodes", [](XGBoostTree& tree) { tree.right[0] = 1; }),
  };
}

Case ranked(const std::string& name, const std::string& title, const Arguments& compared) {
  Arguments arguments = {"rank"};
  arguments.insert(arguments.end(), compared.begin(), compared.end());
  return {name, title, [](const fs::path&) {}, arguments, std::nullopt};
}

std::vector<Case> rankings() {
  const std::string test = "nasbench201:test_accuracy";
  return {
      ranked("spaces", "benchmarks of two spaces", {"nasbench201", "nasbench_macro"}),
      ranked("no_metric", "a colon without a metric", {"nasbench201:", test}),
      ranked("no_benchmark", "a metric without a benchmark", {":test_accuracy", test}),
      ranked("no_space", "metrics of a space that is not named", {"parameters", "multiply_adds"}),
      ranked("metric", "a metric that does not exist", {"nasbench_macro:test_acuracy", "parameters"}),
      ranked("one", "a single architecture", {"nasbench201", test, "--samples", "1"}),
      ranked("constant", "architectures that are all alike",
             {"multiply_adds", test, "--samples", "2", "--seed", "2"}),
      ranked("lacking", "architectures of which a value is not known",
             {test, "nasbench201:edgetpu_latency", "--samples", "2"}),
      ranked("large", "all architectures of a large space",
             {"parameters", "multiply_adds", "--space", "darts", "--samples", "all"}),
      ranked("repeats", "a space that draws one architecture over and over again",
             {"parameters", "multiply_adds", "--space", "repeats", "--samples", "2", "--plugin-path",
              (kFixtures / "repeats").string()}),
      ranked("two_forms", "two forms of output", {"nasbench201", test, "--json", "--csv"}),
  };
}

/// Of a plugin that builds without LibTorch lack, asked about an architecture with a table of this content.
Case of_latency(const std::string& name, const std::string& title, const std::string& options,
                const std::string& table = {}, const std::string& space = "nasbench201",
                const std::string& architecture = "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|") {
  const auto make = [table](const fs::path& folder) {
    if (!fs::exists(fs::path(paths::build) / "lib/espalier/plugins/benchmark_latency.so"))
      GTEST_SKIP() << "this build has no LibTorch";
    if (!table.empty()) write_to(folder.parent_path() / "prepared.bin", table);
  };
  return {name,
          title,
          make,
          {"query", "{name: latency, " + options + "}", architecture, "--space", space, "--plugin-path",
           (kFixtures / "repeats").string()},
          std::nullopt};
}

/// The same with a script in the place of the Python that has ONNX Runtime.
Case of_python(const std::string& name, const std::string& title, const std::string& script) {
  Case refusal = of_latency(name, title, "predict: true, engine: onnxruntime, python: fake-python");
  refusal.make = [script, make = refusal.make](const fs::path& folder) {
    make(folder);
    const fs::path python = folder.parent_path() / "fake-python";
    write_to(python, "#!/bin/sh\n" + script + "\n");
    fs::permissions(python, fs::perms::owner_all);
  };
  return refusal;
}

std::vector<Case> latencies() {
  const std::string predict = "predict: true";
  const std::string onnx = "engine: onnxruntime, python: ";
  const std::string hello = "echo '{\"onnxruntime\": \"1.0\", \"python\": \"3.0\"}'; ";
  const auto table = [](const std::string& space, const std::string& engine) {
    return R"({"format": 1, "space": ")" + space + R"(", "engine": ")" + engine + R"(",
"validation": {"networks": 2, "tau": 1, "repeated_tau": 1, "relative_error": 0, "width": 0, "difference": 1, "median": 1},
"model": {"units": {}, "sizes": [[0,0,0],[0,0,0],[0,0,0],[0,0,0],[0,0,0],[0,0,0],[0,0,0]],
"factors": [1,1,1,1,1,1,1,0,0,0,0]}})";
  };
  return {
      of_latency("clock", "a clock that does not count all threads", "threads: 2, clock: cpu"),
      of_latency("unread_table", "a table of predictions where latencies are measured",
                 "table: prepared.bin"),
      of_latency("no_table", "a table that does not exist", predict + ", table: prepared.bin"),
      of_latency("text", "a table that is text", predict + ", table: prepared.bin", "text"),
      of_latency("format", "a table of another format", predict + ", table: prepared.bin",
                 R"({"format": 0})"),
      of_latency("space", "the table of another space", predict + ", table: prepared.bin",
                 table("darts", "libtorch, 1 image, 1 thread, CPU time")),
      of_latency("engine", "the table of another engine", predict + ", table: prepared.bin",
                 table("nasbench201", "libtorch, 8 images, 1 thread, CPU time")),
      of_latency("python_unread", "a Python where none is needed", "python: python3.11"),
      of_latency("python_relative", "a Python in a relative folder", onnx + "bin/python3"),
      of_latency("python_missing", "a Python that does not exist", onnx + "no-such-python"),
      of_python("python_lacks", "a Python without ONNX Runtime",
                "echo '{\"missing\": \"No module named onnxruntime\"}'"),
      of_python("python_ends", "a Python that ends", "echo 'ImportError: libpython' >&2; exit 1"),
      of_python("python_babbles", "a Python that says something else", "echo hello"),
      of_python("python_fails", "a network that ONNX Runtime cannot load",
                hello + "read line; echo '{\"error\": \"no such operator\"}'; read line"),
      of_latency("few", "a space of too few architectures", predict, "", "repeats", "repeats.edge_1_2=zero"),
  };
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// The message as a cell of a table, with nothing of this machine and of the libraries of this build in it.
std::string shown(const std::string& message, const fs::path& folder) {
  std::string text = std::regex_replace(message, std::regex("[0-9a-f]{64}"), "HASH");
  text = std::regex_replace(text, std::regex(folder.string() + "/"), "");
  text = std::regex_replace(text, std::regex("boost[0-9_]+-json[0-9.]+"), "boost1_74-json3.11.2");
  text = std::regex_replace(text, std::regex("\\(known: [^)]*\\)"), "(known: KINDS)");
  text = std::regex_replace(text, std::regex("\\|"), "\\|");
  text = std::regex_replace(text, std::regex(" and sdk[-a-z0-9_.]+-torch[0-9.]+"), "");
  std::string cell;
  for (const std::string& line : lines_of(text)) {
    const std::string trimmed = std::regex_replace(line, std::regex("^ +"), "");
    cell += (cell.empty() ? "" : "<br>") + std::regex_replace(trimmed, std::regex(" +"), " ");
  }
  return cell;
}

class RefusalsTest : public ProgramTest, public ::testing::WithParamInterface<Case> {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    folder_ = fs::canonical(folder_);
    fs::create_directory(folder_ / "plugins");
  }
};

std::string code_runs(const Case& refusal) {
  if (!refusal.code_runs) return "–";
  return *refusal.code_runs ? "yes" : "no";
}

const std::vector<std::string>& document() {
  static const std::vector<std::string> lines =
      lines_of(text_of(fs::path(paths::source) / "docs/refusals.md"));
  return lines;
}

TEST_P(RefusalsTest, IsAsDocumented) {
  const Case& refusal = GetParam();
  refusal.make(folder_ / "plugins");
  if (IsSkipped()) return;
  const std::string trace = (folder_ / "trace").string();
  // Programs that a case makes are found by their names.
  const std::string path = folder_.string() + ":" + std::getenv("PATH");
  const ProgramResult result =
      espalier(refusal.arguments, {{"ESPALIER_FIXTURE_TRACE", trace}, {"PATH", path}});
  EXPECT_EQ(!text_of(trace).empty(), refusal.code_runs.value_or(false));
  const std::string row = "| " + refusal.title + " | " + shown(result.err, folder_) + " | " +
                          std::to_string(result.exit_code) + " | " + code_runs(refusal) + " |";
  const bool documented = std::find(document().begin(), document().end(), row) != document().end();
  EXPECT_TRUE(documented) << row;
}

std::string name_of_case(const ::testing::TestParamInfo<Case>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Files, RefusalsTest, ::testing::ValuesIn(files()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Plugins, RefusalsTest, ::testing::ValuesIn(plugins()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Runs, RefusalsTest, ::testing::ValuesIn(runs()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Cells, RefusalsTest, ::testing::ValuesIn(cells()), name_of_case);
INSTANTIATE_TEST_SUITE_P(OtherTables, RefusalsTest, ::testing::ValuesIn(other_tables()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Rankings, RefusalsTest, ::testing::ValuesIn(rankings()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Latencies, RefusalsTest, ::testing::ValuesIn(latencies()), name_of_case);
INSTANTIATE_TEST_SUITE_P(SurrogateLists, RefusalsTest, ::testing::ValuesIn(surrogate_lists()), name_of_case);
INSTANTIATE_TEST_SUITE_P(LightGBM, RefusalsTest, ::testing::ValuesIn(lightgbm_models()), name_of_case);
INSTANTIATE_TEST_SUITE_P(XGBoost, RefusalsTest, ::testing::ValuesIn(xgboost_models()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Tables, RefusalsTest, ::testing::ValuesIn(tables()), name_of_case);

TEST(RefusalsDocumentTest, NothingElseIsDocumented) {
  const auto rows = std::count_if(document().begin(), document().end(), [](const std::string& line) {
    return line.starts_with("| ") && line.ends_with(" |");
  });
  const auto headings = std::count(document().begin(), document().end(), "|---|---|---|---|");
  EXPECT_EQ(static_cast<std::size_t>(rows - headings),
            files().size() + plugins().size() + runs().size() + cells().size() + tables().size() +
                other_tables().size() + rankings().size() + surrogate_lists().size() +
                lightgbm_models().size() + xgboost_models().size() + latencies().size());
}

}  // namespace
}  // namespace espalier::testing
