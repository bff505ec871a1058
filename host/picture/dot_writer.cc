#include "picture/dot_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace espalier::picture {
namespace {

constexpr std::string_view kStyle = R"(
  rankdir=LR; nodesep=0.15; ranksep=0.25; labeljust=l; pad=0.1; bgcolor=white;
  fontname="Helvetica,Arial,sans-serif"; fontsize=11; fontcolor="#222222";
  node [shape=box, style=filled, color="#444444", height=0.28, width=0.3, margin="0.08,0.03",
        fontname="Helvetica,Arial,sans-serif", fontsize=11, fontcolor="#222222"];
  edge [tailport=e, headport=w, color="#555555", arrowsize=0.6];
)";

std::string quoted(std::string_view id) {
  std::string text = "\"";
  for (const char character : id) {
    if (character == '"' || character == '\\') text += '\\';
    text += character;
  }
  return text + "\"";
}

/// The fill color of a dead part, which closes its quote, and the attributes that follow it.
constexpr std::string_view kDead = "#f7f7f7\", color=\"#bbbbbb\", fontcolor=\"#999999";

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  for (const char character : text) {
    switch (character) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += std::iscntrl(static_cast<unsigned char>(character)) != 0 ? '?' : character;
    }
  }
  return result;
}

DotWriter::DotWriter(std::string_view name) : text_(fmt::format("digraph {} {{{}", quoted(name), kStyle)) {}

void DotWriter::begin_panel(std::string_view id, const std::string& label) {
  text_ += fmt::format(
      "\n  subgraph {} {{\n    label=<{}>;\n    style=\"rounded,filled\"; fillcolor=\"#fafafa\"; "
      "color=\"#cccccc\"; margin=14;\n",
      quoted(fmt::format("cluster {}", id)), label);
}

void DotWriter::end_panel() { text_ += "  }\n"; }

void DotWriter::place(std::string_view id, const std::vector<std::string>& lines, Life life) {
  std::vector<std::string> rows(lines.size());
  std::transform(lines.begin(), lines.end(), rows.begin(), escaped);
  const bool dead = life == Life::dead;
  text_ += fmt::format("    {} [label=<{}>, {}fillcolor=\"{}\"];\n", quoted(id), fmt::join(rows, "<BR/>"),
                       dead ? "style=\"filled,dashed\", " : "", dead ? kDead : "white");
}

void DotWriter::note(std::string_view id, std::string_view text) {
  text_ += fmt::format("    {} [label=<{}>, shape=plain, style=\"\"];\n", quoted(id), escaped(text));
}

void DotWriter::pill(std::string_view id, std::string_view text, std::string_view color, Life life) {
  const bool dead = life == Life::dead;
  text_ += fmt::format("    {} [label=<{}>, style=\"rounded,filled{}\", fillcolor=\"{}\", penwidth=0.8];\n",
                       quoted(id), escaped(text), dead ? ",dashed" : "", dead ? kDead : color);
}

void DotWriter::box(std::string_view id, std::string_view text, std::string_view color, Life life) {
  const bool dead = life == Life::dead;
  text_ +=
      fmt::format("    {} [label=<<B>{}</B>>, {}fillcolor=\"{}\", penwidth=1.4, margin=\"0.1,0.06\"];\n",
                  quoted(id), escaped(text), dead ? "style=\"filled,dashed\", " : "", dead ? kDead : color);
}

void DotWriter::stripes(std::string_view id, const std::vector<std::string_view>& colors) {
  constexpr double width = 0.1;
  text_ += fmt::format(
      "    {} [label=\"\", style=striped, fillcolor=\"{}\", penwidth=0.8, height=0.18, width={:.1f}];\n",
      quoted(id), fmt::join(colors, ":"), width * static_cast<double>(colors.size()));
}

void DotWriter::connect(std::string_view from, std::string_view to, Tip tip, Life life) {
  std::vector<std::string_view> attributes;
  if (tip == Tip::none) attributes.emplace_back("dir=none");
  if (life == Life::dead) attributes.emplace_back("style=dashed, color=\"#bbbbbb\"");
  text_ += fmt::format("    {} -> {}", quoted(from), quoted(to));
  if (!attributes.empty()) text_ += fmt::format(" [{}]", fmt::join(attributes, ", "));
  text_ += ";\n";
}

std::string DotWriter::finish(const std::vector<std::string>& inputs) {
  // Graphviz orders the nodes of a cluster, and clusters, by how few edges cross. So there is a column of
  // unseen nodes in their order, which is kept, and from each to an input as many edges as outweigh others.
  constexpr int edges = 5;
  text_ += R"(
  node [shape=point, style=invis, width=0];
  edge [style=invis, tailport="", headport=""];
)";
  std::vector<std::string> column;
  for (const std::string& input : inputs) {
    column.push_back(quoted(fmt::format("before {}", input)));
    for (int i = 0; i < edges; ++i) text_ += fmt::format("  {} -> {};\n", column.back(), quoted(input));
  }
  return text_ + fmt::format("  {{ rank=same; {}; }}\n}}\n", fmt::join(column, " -> "));
}

}  // namespace espalier::picture
