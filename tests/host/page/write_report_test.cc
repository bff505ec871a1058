#include "page/write_report.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <boost/process/search_path.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include "espalier/errors/errors.h"
#include "page/figure_files.h"
#include "report/sample_document.h"

namespace espalier::page {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

bool can_draw() {
  return !boost::process::search_path("node").empty() && !boost::process::search_path("rsvg-convert").empty();
}

/// Programs are looked for elsewhere while it lives.
class WithPath {
 public:
  explicit WithPath(const std::string& path) : before_(std::getenv("PATH")) {
    ::setenv("PATH", path.c_str(), 1);
  }
  WithPath(const WithPath&) = delete;
  WithPath& operator=(const WithPath&) = delete;
  ~WithPath() { ::setenv("PATH", before_.c_str(), 1); }

 private:
  std::string before_;
};

class WriteReport : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = ::testing::TempDir() + "espalier_report_XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  static std::string text_of(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  void program(const std::string& name, const std::string& script) const {
    write(name, "#!/bin/sh\n" + script + "\n");
    fs::permissions(folder_ / name, fs::perms::owner_all);
  }
  std::map<std::string, std::string> all_files() const {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder_))
      if (entry.is_regular_file()) files[fs::relative(entry.path(), folder_)] = text_of(entry.path());
    return files;
  }

  fs::path folder_;
};

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

/// Without figures, and so without other programs.
WrittenReport write_texts(const Document& document, const fs::path& folder) {
  return write_report(document, folder, {.figures = false});
}

TEST_F(WriteReport, DrawsEveryKindOfFigure) {
  if (!can_draw()) GTEST_SKIP() << "needs node and rsvg-convert";
  const FigureFiles files = draw_figures(sample_document());
  EXPECT_THAT(files.remarks, IsEmpty());
  const auto& svg = [&](const std::string& id) -> const std::string& {
    return files.contents.at(id + ".svg");
  };
  for (const auto& [name, content] : files.contents) {
    if (name.ends_with(".pdf"))
      EXPECT_THAT(content, StartsWith("%PDF")) << name;
    else
      EXPECT_THAT(content, AllOf(StartsWith("<svg"), HasSubstr("</svg>"), Not(HasSubstr("NaN")))) << name;
  }
  EXPECT_EQ(files.contents.size(), 16U);
  EXPECT_EQ(times(svg("anytime"), "mark-line role-mark"), 7U);
  EXPECT_EQ(times(svg("anytime"), "mark-area role-mark"), 7U);
  EXPECT_THAT(svg("anytime"), AllOf(HasSubstr(">best of the table<"), HasSubstr(">regularized_evolution<"),
                                    HasSubstr("width=\"568\"")));
  EXPECT_EQ(times(svg("regret"), "mark-line role-mark"), 15U);  // 5 methods in 3 panels
  EXPECT_THAT(svg("regret"), AllOf(HasSubstr(">ImageNet16-120<"), HasSubstr(">1k<")));
  EXPECT_THAT(svg("losses"), HasSubstr(">cross-entropy<"));
  EXPECT_THAT(svg("final"), AllOf(HasSubstr(">oneshot_nsgaii<"), HasSubstr(">n = 15<")));
  const std::string cells = svg("strengths").substr(svg("strengths").find("mark-rect role-mark"));
  EXPECT_EQ(times(cells.substr(0, cells.find("</g>")), "<path "), 750U);  // 3 edges, 5 operations, 50 epochs
  EXPECT_THAT(svg("ranks"), HasSubstr(">CD = 1.62<"));
  EXPECT_THAT(svg("cell"), HasSubstr(">conv_3x3<"));
}

TEST_F(WriteReport, TheSameDocumentGivesTheSameBytes) {
  if (!can_draw()) GTEST_SKIP() << "needs node and rsvg-convert";
  write_report(sample_document(), folder_);
  const auto first = all_files();
  write_report(sample_document(), folder_);
  EXPECT_TRUE(all_files() == first);
  EXPECT_EQ(first.size(), 3U + 3U + 16U + 1U);  // reports, a table, figures, the list
}

TEST_F(WriteReport, HostileNamesAreDrawn) {
  if (!can_draw()) GTEST_SKIP() << "needs node and rsvg-convert";
  const std::string evil = "</text><script>a</script>&\"'\x01\n\u202e\xff\uffff{{signal}} __proto__";
  const Panel panel{.title = evil,
                    .series = {{.name = evil, .points = {{.x = 1.0, .y = 1.0}}}},
                    .rules = {{.name = evil, .y = 1.0}}};
  Document document{.title = evil, .subtitle = evil, .alarms = {}, .sections = {}};
  document.sections.push_back(
      {.id = "s",
       .title = evil,
       .paragraphs = {},
       .items = {Figure{.id = "f",
                        .title = evil,
                        .caption = evil,
                        .content = Lines{.x = {.title = evil}, .y = {.title = evil}, .panels = {panel}}}}});
  const FigureFiles files = draw_figures(document);
  EXPECT_THAT(files.remarks, IsEmpty());
  EXPECT_THAT(files.contents.at("f.svg"), Not(HasSubstr("<script")));
  EXPECT_TRUE(files.contents.contains("f.pdf"));
}

TEST_F(WriteReport, EmptyFiguresAreDrawn) {
  if (!can_draw()) GTEST_SKIP() << "needs node and rsvg-convert";
  Section section{.id = "s", .title = "S", .paragraphs = {}, .items = {}};
  const auto add = [&](const std::string& id, const auto& content) {
    section.items.push_back(Figure{.id = id, .title = "", .caption = "", .content = content});
  };
  add("lines", Lines{.x = {}, .y = {}, .panels = {}});
  add("panel", Lines{.x = {}, .y = {}, .right = Axis{}, .panels = {Panel{}}});
  add("intervals", Intervals{.x = {}, .rows = {}});
  add("map", HeatMap{});
  add("scatter", Scatter{});
  add("ranks", Ranks{});
  const FigureFiles files = draw_figures({.title = "", .subtitle = "", .alarms = {}, .sections = {section}});
  EXPECT_THAT(files.remarks, IsEmpty());
  EXPECT_EQ(files.contents.size(), 12U);
}

TEST_F(WriteReport, ABrokenDrawingDoesNotKeepOthersFromBeingWritten) {
  if (!can_draw()) GTEST_SKIP() << "needs node and rsvg-convert";
  Section section{.id = "s", .title = "S", .paragraphs = {}, .items = {}};
  const auto add = [&](const std::string& id, const std::string& svg) {
    section.items.push_back(
        Figure{.id = id, .title = "", .caption = "", .content = Drawing{.svg = svg, .alternative = ""}});
  };
  add("broken", "not SVG");
  add("sound", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>");
  const FigureFiles files = draw_figures({.title = "", .subtitle = "", .alarms = {}, .sections = {section}});
  EXPECT_EQ(files.contents.size(), 3U);
  EXPECT_THAT(files.contents.at("sound.pdf"), StartsWith("%PDF"));
  EXPECT_THAT(files.remarks,
              ElementsAre(StartsWith("Not written as PDF files: 1 figure, because rsvg-convert failed: ")));
}

TEST_F(WriteReport, WithoutNodeThePageIsWritten) {
  const WithPath nowhere(folder_.string());
  const WrittenReport report = write_report(sample_document(), folder_ / "report");
  EXPECT_TRUE(fs::exists(report.page));
  EXPECT_THAT(
      report.remarks,
      ElementsAre("Not drawn as SVG files, but in the page: 7 figures, because node was not found (apt "
                  "install nodejs librsvg2-bin).",
                  "Not written as PDF files: 1 figure, because rsvg-convert was not found (apt install "
                  "librsvg2-bin)."));
  EXPECT_TRUE(fs::exists(folder_ / "report/figures/cell.svg"));  // is drawn already
  EXPECT_THAT(text_of(folder_ / "report/report.md"), Not(HasSubstr("figures/anytime")));
}

TEST_F(WriteReport, AProgramThatFailsIsNamed) {
  program("bin/node", "echo 'out of order' >&2; exit 3");
  program("bin/rsvg-convert", "exit 4");
  const WithPath ours((folder_ / "bin").string());
  EXPECT_THAT(draw_figures(sample_document()).remarks,
              ElementsAre(HasSubstr("because node failed: out of order."),
                          HasSubstr("because rsvg-convert failed: exit code 4.")));
}

TEST_F(WriteReport, AProgramThatHangsIsEnded) {
  program("bin/node", "while :; do :; done");
  const WithPath ours((folder_ / "bin").string());
  EXPECT_THAT(draw_figures(sample_document(), std::chrono::seconds(0)).remarks,
              ElementsAre(HasSubstr("because node took too long."), HasSubstr("rsvg-convert was not found")));
}

TEST_F(WriteReport, RemovesOnlyWhatAnOlderReportWrote) {
  Document document = sample_document();
  write_texts(document, folder_);
  ASSERT_TRUE(fs::exists(folder_ / "tables/results.csv"));
  write("tables/results.md", "my own notes");
  write("tables/mine.csv", "mine");
  document.sections[0].items.erase(document.sections[0].items.begin());
  const WrittenReport report = write_texts(document, folder_);
  EXPECT_FALSE(fs::exists(folder_ / "tables/results.csv"));
  EXPECT_FALSE(fs::exists(folder_ / "tables/results.tex"));
  EXPECT_EQ(text_of(folder_ / "tables/results.md"), "my own notes");
  EXPECT_EQ(text_of(folder_ / "tables/mine.csv"), "mine");
  EXPECT_THAT(report.remarks,
              ElementsAre("tables/results.md is of an older report, and stays because it was changed "
                          "since."));
}

TEST_F(WriteReport, AListOfFilesThatSomebodyMadeRemovesNothing) {
  write("precious.csv", "");
  write("report/tables/x.csv", "");
  const std::string nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  for (const std::string name : {"../precious.csv", "tables/../../precious.csv", "tables/sub/x.csv",
                                 "report.html", "/etc/passwd", "tables/.csv"})
    write("report/report.files.json", "{\"" + name + "\": \"" + nothing + "\"}"),
        write_texts(sample_document(), folder_ / "report");
  write("report/report.files.json", "not JSON");
  write_texts(sample_document(), folder_ / "report");
  EXPECT_TRUE(fs::exists(folder_ / "precious.csv"));
  EXPECT_TRUE(fs::exists(folder_ / "report/tables/x.csv"));
}

TEST_F(WriteReport, AFileInPlaceOfTheFolderIsRefused) {
  write("report", "a file");
  try {
    write_texts(sample_document(), folder_ / "report");
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("cannot make the folder of the report"), HasSubstr("a file has that name"),
                      HasSubstr((folder_ / "report").string())));
  }
  EXPECT_EQ(text_of(folder_ / "report"), "a file");
  EXPECT_THROW(write_texts(sample_document(), "/proc/espalier/report"), Error);
}

TEST_F(WriteReport, IdsAreLettersDigitsAndHyphens) {
  for (const char* id : {"", "../evil", "a b", "a/b", "ä", "one-shot"}) {
    Document document = sample_document();
    document.sections[0].id = id;
    EXPECT_THROW(write_texts(document, folder_), std::invalid_argument) << id;
  }
}

}  // namespace
}  // namespace espalier::page
