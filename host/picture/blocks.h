#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "picture/panels.h"

namespace espalier::picture {

/// A step of a chain (see is_chain()): what a tensor passes from the image to the classifier.
struct Block {
  std::string text;
  const Operation* operation;  ///< null for an input and an auxiliary head
  std::set<std::size_t> reads;
  int count = 1;  ///< so many equal ones stand in a row
};

/// The blocks of a chain, the inputs first; every block comes after those that it reads.
std::vector<Block> blocks_of(const Graph& graph, const Panels& panels);

}  // namespace espalier::picture
