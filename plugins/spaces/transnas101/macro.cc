#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/plugin/plugin.h"
#include "espalier/space/search_space.h"
#include "networks.h"

using namespace espalier;

namespace {

constexpr std::size_t kFewest = 4;  ///< modules
constexpr std::size_t kMost = 6;
/// What a module does, in the order of the digits 1 to 4.
constexpr std::array<const char*, 4> kKinds = {"plain", "double_channels", "halve_size", "halve_and_double"};

/// The digit of a module; 0 where there is none.
int kind_of(const Architecture& architecture, std::size_t module) {
  return architecture[module] + (module < kFewest ? 1 : 0);
}

/// The block of a ResNet (He et al., 2016), its ReLUs before the convolutions.
Primitive basic_block(const transnas101::Block& block) {
  const Conv2d conv = {.out_channels = block.channels, .kernel = 3, .stride = block.stride, .padding = 1};
  std::vector<Primitive::Node> nodes = {
      {"relu", ReLU{}, {Primitive::kInput}},
      {"conv", conv, {0}},
      {"bn", BatchNorm{}, {1}},
      {"relu_2", ReLU{}, {2}},
      {"conv_2", Conv2d{.out_channels = block.channels, .kernel = 3, .padding = 1}, {3}},
      {"bn_2", BatchNorm{}, {4}},
  };
  int shortcut = Primitive::kInput;
  if (block.stride != 1 || block.in_channels != block.channels) {
    const Conv2d projection = {.out_channels = block.channels, .stride = block.stride};
    nodes.push_back({"shortcut_conv", projection, {Primitive::kInput}});
    nodes.push_back({"shortcut_bn", BatchNorm{}, {6}});
    shortcut = 7;
  }
  nodes.push_back({"sum", Sum{}, {shortcut, 5}});
  return {"basic_block", std::move(nodes)};
}

std::string string_of(const Architecture& architecture) {
  std::string text(transnas101::kPrefix);
  for (std::size_t module = 0; module < kMost; ++module)
    if (const int kind = kind_of(architecture, module); kind != 0) text += std::to_string(kind);
  return text + "-basic";
}

/// Throws UsageError where the authors trained no such network.
void check_network(const Architecture& architecture) {
  int halved = 0;
  int doubled = 0;
  for (std::size_t module = 0; module < kMost; ++module) {
    const int kind = kind_of(architecture, module);
    if (kind == 0 && module + 1 < kMost && kind_of(architecture, module + 1) != 0)
      throw UsageError({.what = "module_6 follows no module_5",
                        .where = string_of(architecture),
                        .expected = "modules without a gap"});
    halved += kind > 2 ? 1 : 0;
    doubled += kind != 0 && kind % 2 == 0 ? 1 : 0;
  }
  const auto check_count = [&](const char* what, int count, int most) {
    if (count >= 1 && count <= most) return;
    throw UsageError({.what = std::to_string(count) + " of the modules " + what,
                      .where = string_of(architecture),
                      .expected = "1 to " + std::to_string(most)});
  };
  check_count("halve the size, as 3 and 4 do", halved, 4);
  check_count("double the channels, as 2 and 4 do", doubled, 3);
}

/// All architectures, in the order of their strings.
const std::vector<Architecture>& networks() {
  static const std::vector<Architecture> all = [] {
    std::vector<Architecture> found;
    Architecture architecture = Architecture::zeros(kMost);
    const auto visit = [&](const auto& self, std::size_t module) -> void {
      if (module == kMost) {
        try {
          check_network(architecture);
          found.push_back(architecture);
        } catch (const UsageError&) {  // a combination that is none
        }
        return;
      }
      for (std::size_t i = 0; i < kKinds.size() + (module < kFewest ? 0 : 1); ++i) {
        architecture.set(module, i);
        self(self, module + 1);
      }
    };
    visit(visit, 0);
    return found;
  }();
  return all;
}

}  // namespace

/// The network space of TransNAS-Bench-101 (Duan et al., 2021): four to six modules of basic blocks, of which
/// one to four halve the size and one to three double the channels.
class TransNAS101Macro final : public SearchSpace {
 public:
  explicit TransNAS101Macro(const Config& config) : SearchSpace(definition(config)) {}

 protected:
  void check_impl(const Architecture& architecture) const override { check_network(architecture); }
  double size_impl() const override { return static_cast<double>(networks().size()); }
  Architecture at_impl(std::uint64_t index) const override {
    return networks()[std::min<std::uint64_t>(index, networks().size() - 1)];
  }
  std::uint64_t index_of_impl(const Architecture& architecture) const override {
    return static_cast<std::uint64_t>(std::lower_bound(networks().begin(), networks().end(), architecture) -
                                      networks().begin());
  }
  Architecture sample_impl(Rng& rng) const override { return networks()[rng.below(networks().size())]; }

  std::string to_string_impl(const Architecture& architecture) const override {
    return string_of(architecture);
  }

  Architecture parse_impl(std::string_view text) const override {
    TokenReader in{text};
    if (!in.accept(transnas101::kPrefix)) transnas101::refuse(in, "\"64-\"", remedy(text));
    Architecture architecture = Architecture::zeros(kMost);
    std::size_t module = 0;
    for (; !in.at_end() && in.rest().front() != '-'; ++module) {
      const char digit = in.rest().front();
      if (module == kMost)
        transnas101::refuse(in, "\"-basic\": a network has six modules at most", remedy(text));
      if (digit < '1' || digit > '4') transnas101::refuse(in, "a digit from 1 to 4", remedy(text));
      architecture.set(module, static_cast<std::size_t>(digit - (module < kFewest ? '1' : '0')));
      ++in.position;
    }
    if (module < kFewest) transnas101::refuse(in, "four modules or more, a digit for each", remedy(text));
    for (const std::string_view token : {"-", "basic"})
      if (!in.accept(token)) transnas101::refuse(in, quoted(token, token.size()), remedy(text));
    if (!in.at_end()) transnas101::refuse(in, "the end", remedy(text));
    check_network(architecture);
    return architecture;
  }

 private:
  static std::string remedy(std::string_view text) {
    if (text.find('_') != text.npos)
      return "write search_space: transnas101_micro, or --space transnas101_micro, for cells";
    return "write a network as 64-1234-basic, a digit for each module";
  }

  static SpaceDefinition definition(const Config& config) {
    const transnas101::NetworkOptions options = transnas101::read_options(config);
    transnas101::Chain choices("transnas101_macro");
    choices.append(transnas101::stem(options.channels));
    for (std::size_t module = 0; module < kMost; ++module) {
      choices.append(candidates(options.channels, module));
      choices.last().set_choice_name("module_" + std::to_string(module + 1));
    }
    choices.append(primitives::classifier(options.classes));
    Graph graph = std::move(choices).take();
    // How many channels enter a module follows from the modules before it.
    graph.on_prepare_evaluation([options](Graph& found) { found = network(found, options); });
    return {.graph = std::move(graph), .input_shape = options.images, .discrete_only = true};
  }

  /// The first blocks of the kinds of modules, as they are behind the stem.
  static Candidates candidates(int channels, std::size_t module) {
    Candidates all;
    if (module >= kFewest) all.emplace_back(primitives::identity().renamed("none"));
    for (std::size_t i = 0; i < kKinds.size(); ++i)
      all.emplace_back(
          basic_block(transnas101::first_block(static_cast<int>(i) + 1, channels)).renamed(kKinds[i]));
    return all;
  }

  /// The network of the modules that were chosen in `found`.
  static Graph network(const Graph& found, const transnas101::NetworkOptions& options) {
    transnas101::Chain chain(found.name());
    chain.append(transnas101::stem(options.channels));
    transnas101::Block block = {.channels = options.channels};
    for (std::size_t module = 0; module < kMost; ++module) {
      const int edge = static_cast<int>(module) + 2;
      const auto kind = std::ranges::find(kKinds, found.edge(edge, edge + 1).op().name());
      if (kind == kKinds.end()) break;
      block = transnas101::first_block(static_cast<int>(kind - kKinds.begin()) + 1, block.channels);
      for (int i = 0; i < transnas101::kBlocks; ++i) {
        chain.append(basic_block(block));
        block = {.in_channels = block.channels, .channels = block.channels};
      }
    }
    chain.append(primitives::classifier(options.classes));
    return std::move(chain).take();
  }
};

ESPALIER_SEARCH_SPACE(transnas101_macro, TransNAS101Macro, "1.0.0")
