#include "picture/panel_label.h"

#include <fmt/format.h>

#include <cstddef>
#include <set>
#include <vector>

#include "espalier/graph/graph.h"
#include "espalier/graph/graph_data.h"
#include "espalier/graph/operation.h"
#include "picture/dot_writer.h"
#include "picture/liveness.h"
#include "picture/shown.h"

namespace espalier::picture {
namespace {

constexpr std::size_t kLettersInARow = 56;

std::string table(std::string_view rows, int spacing = 0) {
  return fmt::format(R"(<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="2" CELLSPACING="{}">{}</TABLE>)",
                     spacing, rows);
}

/// A row of one cell.
std::string row(std::string_view content) {
  return fmt::format(R"(<TR><TD ALIGN="LEFT">{}</TD></TR>)", content);
}

std::string heading(std::string_view text) {
  return fmt::format(R"(<B><FONT POINT-SIZE="13">{}</FONT></B>)", escaped(text));
}

/// The names of all that looks so, those of motifs in their colors.
std::string title(const std::vector<std::string>& names, const Palette& palette) {
  std::string words;
  for (const std::string& name : names) {
    const auto color = palette.find(name);
    if (!color) return heading(fmt::format("{}", fmt::join(names, ", ")));
    words += fmt::format(R"(<TD BORDER="1" COLOR="#444444" BGCOLOR="{}">{}</TD>)", *color, heading(name));
  }
  return table("<TR>" + words + "</TR>", 2);
}

/// "one of" and the candidates in their colors, in rows of about the same length.
std::string choice(const Candidates& candidates, const Panels& panels, const Palette& palette) {
  std::string rows;
  std::string words;
  std::size_t letters = 0;
  const auto end_row = [&] {
    rows += row(table("<TR>" + words + "</TR>", 2));
    words.clear();
    letters = 0;
  };
  for (const Operation& candidate : candidates) {
    const std::string name = panels.describe(candidate);
    if (!words.empty() && letters + name.size() > kLettersInARow) end_row();
    letters += name.size();
    words += fmt::format(R"(<TD STYLE="ROUNDED" BORDER="1" COLOR="#444444" BGCOLOR="{}">{}</TD>)",
                         palette.color(candidate), escaped(name));
  }
  end_row();
  return table(
      fmt::format(R"(<TR><TD VALIGN="TOP" CELLPADDING="6">one of</TD><TD>{}</TD></TR>)", table(rows)));
}

}  // namespace

std::string panel_label(const Panels::Panel& panel, const Panels& panels, const Palette& palette) {
  std::string rows = row(title(panel.names, palette));
  std::set<std::string> told;
  for (const Operation* operation : operations_of(*panel.graph)) {
    const Candidates* candidates = operation->candidates();
    if (candidates != nullptr && told.insert(panels.describe(*operation)).second)
      rows += row(choice(*candidates, panels, palette));
  }
  if (!is_chain(*panel.graph)) {
    const Liveness lives(*panel.graph);
    std::set<std::string> zeros;
    bool dead = false;
    for (const auto& [from, to] : panel.graph->edges()) {
      const Operation& operation = panel.graph->edge(from, to).op();
      dead = dead || !lives.edge(from, to);
      if (is_zero(operation)) zeros.insert(escaped(operation.name()));
    }
    if (dead)
      rows += row(zeros.empty() ? "dashed: nothing passes"
                                : fmt::format("dashed: nothing passes ({})", fmt::join(zeros, ", ")));
  }
  return table(rows);
}

}  // namespace espalier::picture
