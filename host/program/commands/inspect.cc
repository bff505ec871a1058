#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "arguments.h"
#include "cli.h"
#include "commands/commands.h"
#include "espalier/errors/errors.h"
#include "espalier/plan/layer_graph.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/search/has_supernet.h"
#include "espalier/search/optimizer.h"
#include "espalier/space/search_space.h"
#include "text/graph_tree.h"
#include "text/output.h"
#include "text/plan_table.h"
#include "text/text.h"

namespace espalier::program {
namespace {

using Json = nlohmann::ordered_json;
using Align = Table::Align;

struct InspectOptions {
  Folders plugin_path;
  std::string space;
  std::optional<std::string> architecture;
  std::optional<std::string> optimizer;  ///< whose supernet is shown
  bool layers = false;
  bool compiled = false;
  std::int64_t batch = 64;
  bool json = false;
};

// What each count counts: below the tables, and in JSON.
constexpr const char* kParameters = "learnable values, without running statistics";
constexpr const char* kFlops =
    "operations for one image, batch norms, ReLUs and pools included, as NAS-Bench-Suite-Zero counts them";
constexpr const char* kMultiplyAdds =
    "those of convolutions and linear layers for one image, as NAS-Bench-201 counts them";
constexpr const char* kActivationBytes =
    "the peak of the bytes that the activations of inference take, for one image of 32-bit numbers";

std::string legend(const LayerGraph& network) {
  return fmt::format("\nPARAMETERS: {}\nFLOPS: {}\nMULTIPLY-ADDS: {}\nACTIVATION BYTES: {}, {}\n",
                     kParameters, kFlops, kMultiplyAdds, grouped(network.activation_bytes()),
                     kActivationBytes);
}

/// The part of the outermost graph that a layer belongs to: "stage_1.cell_3" of
/// "stage_1.cell_3.edge_1_3.nor_conv_3x3.conv", "stem" of "stem.conv".
std::string block_of(const std::string& layer) {
  const std::size_t nested = std::min(layer.find(".edge_"), layer.find(".node_"));
  return layer.substr(0, nested != std::string::npos ? nested : layer.rfind('.'));
}

void add_totals(Table& table, const LayerGraph& network) {
  table.add_rule();
  table.add({network.auxiliary_output() ? "total, without the auxiliary head" : "total",
             fmt::format("{} layers", grouped(static_cast<std::int64_t>(network.nodes.size()))),
             to_string(network.output()), grouped(network.parameters()), grouped(network.flops()),
             grouped(network.multiply_adds())});
}

Table layer_table(const LayerGraph& network) {
  Table table({{"LAYER"},
               {"KIND"},
               {"OUTPUT", Align::right},
               {"PARAMETERS", Align::right},
               {"FLOPS", Align::right},
               {"MULTIPLY-ADDS", Align::right}});
  for (const LayerGraph::Node& node : network.nodes) {
    table.add({node.name, node.layer.describe(), to_string(node.shape), grouped(node.parameters),
               grouped(node.flops), grouped(node.multiply_adds)});
  }
  add_totals(table, network);
  return table;
}

Table block_table(const LayerGraph& network) {
  Table table({{"BLOCK"},
               {"LAYERS", Align::right},
               {"OUTPUT", Align::right},
               {"PARAMETERS", Align::right},
               {"FLOPS", Align::right},
               {"MULTIPLY-ADDS", Align::right}});
  for (auto node = network.nodes.begin(); node != network.nodes.end();) {
    const std::string block = block_of(node->name);
    std::int64_t layers = 0;
    std::int64_t parameters = 0;
    std::int64_t flops = 0;
    std::int64_t multiply_adds = 0;
    Shape output;
    for (; node != network.nodes.end() && block_of(node->name) == block; ++node) {
      ++layers;
      parameters += node->parameters;
      flops += node->flops;
      multiply_adds += node->multiply_adds;
      output = node->shape;
    }
    // An edge that nothing was put on hands a tensor on.
    if (layers == 1 && parameters == 0 && flops == 0 && block.starts_with("identity")) continue;
    table.add({block, grouped(layers), to_string(output), grouped(parameters), grouped(flops),
               grouped(multiply_adds)});
  }
  add_totals(table, network);
  return table;
}

Json to_json(const Shape& shape) { return {shape.channels, shape.height, shape.width}; }

Json to_json(const LayerGraph& network) {
  Json layers = Json::array();
  for (const LayerGraph::Node& node : network.nodes) {
    layers.push_back({{"name", node.name},
                      {"kind", node.layer.kind()},
                      {"description", node.layer.describe()},
                      {"inputs", node.inputs},
                      {"output", to_json(node.shape)},
                      {"parameters", node.parameters},
                      {"flops", node.flops},
                      {"multiply_adds", node.multiply_adds}});
  }
  return layers;
}

/// The supernet as the optimizer of this name changes it, whose graph needs the optimizer.
struct OwnSupernet {
  std::unique_ptr<Optimizer> optimizer;
  Graph graph;
};

OwnSupernet supernet_of(host::PluginRegistry& registry, const std::string& optimizer,
                        const SearchSpace& space) {
  const Component component = parse_component(registry, optimizer, "--optimizer");
  OwnSupernet made;
  made.optimizer = registry.make<Optimizer>(component.name, Config(component.options, "optimizer"));
  auto* const shown = ability<HasSupernet>(*made.optimizer);
  if (shown == nullptr) {
    throw UsageError({.what = fmt::format("the optimizer \"{}\" trains no supernet", component.name),
                      .where = "--optimizer",
                      .expected = "a one-shot optimizer, such as darts"});
  }
  made.optimizer->adapt({.space = space});
  made.graph = call_plugin(*made.optimizer, "supernet()", [&] { return shown->supernet(); });
  return made;
}

std::string title(const InspectOptions& options, const SearchSpace& space, const Architecture& architecture) {
  if (options.architecture) return space.to_string(architecture);
  return options.optimizer ? fmt::format("the supernet of {}", *options.optimizer)
                           : "the supernet (all candidates)";
}

void inspect(const InspectOptions& options) {
  host::PluginRegistry registry = make_registry(options.plugin_path);
  const auto space = make_space(registry, options.space);
  const bool supernet = !options.architecture;
  const Architecture architecture =
      supernet ? Architecture() : parse_architecture(*space, *options.architecture);
  if (supernet && !space->has_supernet())
    throw UsageError({.what = fmt::format("the search space \"{}\" has no supernet to show", space->name()),
                      .expected = "an architecture of the space",
                      .remedy = fmt::format("espalier inspect {} \"$(espalier sample {})\" shows one",
                                            space->name(), space->name())});
  std::optional<Graph> instantiated;
  const OwnSupernet own =
      options.optimizer ? supernet_of(registry, *options.optimizer, *space) : OwnSupernet();
  const Graph& graph = own.optimizer ? own.graph
                       : supernet    ? space->graph()
                                     : instantiated.emplace(space->instantiate(architecture));
  const LayerGraph network =
      flatten(graph, space->input_shape(), supernet ? Purpose::search : Purpose::evaluation);

  if (options.json) {
    Json json = {{"space", space->name()},
                 {"architecture", supernet ? Json() : Json(space->to_string(architecture))},
                 {"input", to_json(network.input)},
                 {"output", to_json(network.output())},
                 {"parameters", network.parameters()},
                 {"flops", network.flops()},
                 {"multiply_adds", network.multiply_adds()},
                 {"activation_bytes", network.activation_bytes()},
                 {"units",
                  {{"parameters", kParameters},
                   {"flops", kFlops},
                   {"multiply_adds", kMultiplyAdds},
                   {"activation_bytes", kActivationBytes}}},
                 {"graph", graph_to_json(graph)},
                 {"layers", to_json(network)}};
    if (options.compiled) json["plan"] = plan_to_json(make_plan(network), options.batch);
    return print_json(json);
  }
  print(fmt::format("{}, {}, input {}\n\n{}\n", space->name(), title(options, *space, architecture),
                    to_string(network.input), draw_tree(graph)));
  if (options.compiled) return print(plan_text(make_plan(network), options.batch));
  print((options.layers ? layer_table(network) : block_table(network)).render() + legend(network));
  if (!options.layers) print("\nEvery layer: --layers\n");
}

}  // namespace

void add_inspect(CLI::App& program) {
  auto options = std::make_shared<InspectOptions>();
  CLI::App* command = program.add_subcommand(
      "inspect",
      "Show a network: its nested graph, layers, output shapes, parameters, FLOPs and multiply-adds");
  add_space(*command, options->space);
  command->add_option("ARCHITECTURE", options->architecture, "a canonical string; without it, the supernet")
      ->type_name("");
  command
      ->add_option(
          "--optimizer", options->optimizer,
          "show the supernet that this one-shot optimizer makes of it: NAME, or \"{name: NAME, option: "
          "value}\"")
      ->type_name("NAME")
      ->excludes("ARCHITECTURE");
  command->add_flag("--layers", options->layers, "show every layer instead of one line per block");
  command->add_flag("--compiled", options->compiled,
                    "show the steps that a compiled network runs, and the memory that they take");
  command
      ->add_option("--batch", options->batch, "how many images the memory of --compiled is for (default 64)")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000}));
  add_json(*command, options->json);
  add_plugin_path(*command, options->plugin_path);
  set_examples(*command, {"espalier inspect nasbench201",
                          "espalier inspect nasbench201 \"$(espalier sample nasbench201)\" --layers"});
  command->callback([options] { inspect(*options); });
}

}  // namespace espalier::program
