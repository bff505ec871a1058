#include "picture/graph_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "espalier/graph/graph.h"
#include "espalier/graph/graph_data.h"
#include "espalier/graph/operation.h"
#include "picture/blocks.h"
#include "picture/dot_writer.h"
#include "picture/liveness.h"
#include "picture/palette.h"
#include "picture/panel_label.h"
#include "picture/panels.h"
#include "picture/shown.h"

namespace espalier::picture {
namespace {

using Life = DotWriter::Life;
using Tip = DotWriter::Tip;

Life life_of(bool lives) { return lives ? Life::live : Life::dead; }

class Picture {
 public:
  Picture(const Graph& graph, const Graph& space) : palette_(space), panels_(graph), writer_(graph.name()) {}

  std::string describe() {
    std::vector<std::string> inputs;
    for (const Panels::Panel& panel : panels_.all()) {
      id_ = panel.names.front();
      writer_.begin_panel(id_, panel_label(panel, panels_, palette_));
      for (const std::string& input :
           is_chain(*panel.graph) ? draw_chain(*panel.graph) : draw_nodes(*panel.graph)) {
        inputs.push_back(input);
      }
      writer_.end_panel();
    }
    return writer_.finish(inputs);
  }

 private:
  /// Both return the ids of the inputs.
  std::vector<std::string> draw_chain(const Graph& graph) {
    const std::vector<Block> blocks = blocks_of(graph, panels_);
    std::vector<std::string> inputs;
    const auto id = [this](std::size_t block) { return fmt::format("{}.block_{}", id_, block + 1); };
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const Block& block = blocks[i];
      const std::string text = block.count == 1 ? block.text : fmt::format("{} ×{}", block.text, block.count);
      if (block.operation != nullptr) {
        draw_operation(id(i), *block.operation, text, life_of(passes(*block.operation)));
      } else if (block.reads.empty()) {
        writer_.note(id(i), text);
        inputs.push_back(id(i));
      } else {
        writer_.pill(id(i), text, Palette::kFixedPrimitive);
      }
      for (const std::size_t source : block.reads) writer_.connect(id(source), id(i));
    }
    return inputs;
  }

  std::vector<std::string> draw_nodes(const Graph& graph) {
    const Liveness lives(graph);
    std::map<int, std::string> exits;
    for (const int node : graph.nodes()) {
      exits[node] = fmt::format("{}.node_{}", id_, node);
      const Life life = life_of(lives.node(node));
      writer_.place(exits[node], lines_of(graph, node), life);
      if (const Operation* operation = operation_at(graph, node)) {
        const std::string id = exits[node] + ".op";
        draw_operation(id, *operation, panels_.describe(*operation), life);
        writer_.connect(exits[node], id, Tip::arrow, life);
        exits[node] = id;
      }
    }
    for (const auto& [from, to] : graph.edges())
      draw_edge(graph, graph.edge(from, to), exits[from], fmt::format("{}.node_{}", id_, to),
                life_of(lives.edge(from, to)));
    std::vector<std::string> inputs;
    for (const int node : graph.input_nodes()) inputs.push_back(fmt::format("{}.node_{}", id_, node));
    return inputs;
  }

  static std::vector<std::string> lines_of(const Graph& graph, int node) {
    const std::vector<int> inputs = graph.input_nodes();
    const auto input = std::find(inputs.begin(), inputs.end(), node);
    if (input != inputs.end() && inputs.size() == 1) return {"input"};
    if (input != inputs.end()) return {fmt::format("input {}", input - inputs.begin() + 1)};
    std::vector<std::string> lines = {node == graph.output_node() ? "output" : std::to_string(node)};
    const std::string combine = graph.node(node).combine().name();
    if (combine != "sum" && graph.in_edges(node).size() > 1) lines.push_back(combine);
    return lines;
  }

  void draw_edge(const Graph& graph, const EdgeData& edge, const std::string& from, const std::string& to,
                 Life life) {
    if (is_plain(graph, edge) || is_zero(edge.op())) return writer_.connect(from, to, Tip::arrow, life);
    const std::string id = fmt::format("{}.edge_{}_{}", id_, edge.from(), edge.to());
    draw_operation(id, edge.op(), panels_.describe(edge.op()), life);
    writer_.connect(from, id, Tip::none, life);
    writer_.connect(id, to, Tip::arrow, life);
  }

  void draw_operation(const std::string& id, const Operation& operation, const std::string& text, Life life) {
    if (const Candidates* candidates = operation.candidates()) {
      std::vector<std::string_view> colors;
      for (const Operation& candidate : *candidates) colors.push_back(palette_.color(candidate));
      writer_.stripes(id, colors);
    } else if (operation.graph() != nullptr) {
      writer_.box(id, text, palette_.color(operation), life);
    } else {
      writer_.pill(id, text, palette_.color(operation), life);
    }
  }

  Palette palette_;
  Panels panels_;
  DotWriter writer_;
  std::string id_;  ///< of the panel that is being drawn
};

}  // namespace

std::string describe_picture(const Graph& graph, const Graph& space) {
  return Picture(graph, space).describe();
}

}  // namespace espalier::picture
