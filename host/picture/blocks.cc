#include "picture/blocks.h"

#include <map>
#include <utility>

#include "espalier/graph/graph.h"
#include "espalier/graph/graph_data.h"
#include "espalier/graph/operation.h"

namespace espalier::picture {
namespace {

using Sources = std::set<std::size_t>;

class Chain {
 public:
  Chain(const Graph& graph, const Panels& panels) : graph_(graph), panels_(panels) {}

  std::vector<Block> blocks() {
    for (const int node : graph_.nodes()) visit(node);
    return std::move(blocks_);
  }

 private:
  void visit(int node) {
    const NodeData& data = graph_.node(node);
    Sources sources;
    for (const auto& [from, to] : graph_.in_edges(node)) {
      const Operation& operation = graph_.edge(from, to).op();
      sources.merge(operation.name() == "identity" ? Sources(sources_[from])
                                                   : add(operation, sources_[from]));
    }
    if (graph_.in_edges(node).empty()) sources = append({"image", nullptr, {}});
    if (data.op()) sources = add(*data.op(), sources);
    if (data.auxiliary_head()) append({data.auxiliary_head()->name(), nullptr, sources});
    sources_[node] = std::move(sources);
  }

  Sources add(const Operation& operation, const Sources& reads) {
    Block block{panels_.describe(operation), &operation, reads};
    if (blocks_.empty() || blocks_.back().text != block.text || !reads.contains(blocks_.size() - 1))
      return append(std::move(block));
    Block& run = blocks_.back();
    ++run.count;
    for (const std::size_t source : reads)
      if (source + 1 != blocks_.size()) run.reads.insert(source);
    return {blocks_.size() - 1};
  }

  Sources append(Block block) {
    blocks_.push_back(std::move(block));
    return {blocks_.size() - 1};
  }

  const Graph& graph_;
  const Panels& panels_;
  std::vector<Block> blocks_;
  std::map<int, Sources> sources_;  ///< the blocks whose tensors a node holds
};

}  // namespace

std::vector<Block> blocks_of(const Graph& graph, const Panels& panels) {
  return Chain(graph, panels).blocks();
}

}  // namespace espalier::picture
