#include "tasks.h"

#include <algorithm>
#include <iterator>

using espalier::Direction;
using espalier::Metric;

namespace {

Metric accuracy(const char* name, const char* help) { return {.name = name, .unit = "%", .help = help}; }
Metric similarity(const char* name, const char* help) { return {.name = name, .help = help}; }

}  // namespace

const std::vector<Task>& tasks() {
  static const std::vector<Task> all = {
      {.name = "class_scene",
       .metric = accuracy("class_scene_accuracy", "which of 47 scenes an image shows"),
       .classes = 47},
      {.name = "class_object",
       .metric = accuracy("class_object_accuracy", "which of 75 kinds of objects an image shows"),
       .classes = 75},
      {.name = "jigsaw",
       .metric = accuracy("jigsaw_accuracy", "in which of 1,000 orders the nine tiles of an image are"),
       .head = "a classifier of nine images at once"},
      {.name = "room_layout",
       .metric = {.name = "room_layout_loss",
                  .direction = Direction::minimize,
                  .help = "mean squared error of the nine numbers that describe a room's layout"},
       .head = "a regression of nine numbers"},
      {.name = "segmentsemantic",
       .metric = accuracy("segmentsemantic_accuracy", "to which of 17 classes a pixel belongs"),
       .head = "a decoder that gives a class for each pixel"},
      {.name = "normal",
       .metric = similarity("normal_ssim", "structural similarity, at most 1, of the normals of surfaces"),
       .head = "a decoder that gives an image"},
      {.name = "autoencoder",
       .metric = similarity("autoencoder_ssim", "structural similarity, at most 1, of the image itself"),
       .head = "a decoder that gives an image"},
  };
  return all;
}

std::vector<std::string> task_names() {
  std::vector<std::string> names;
  std::ranges::transform(tasks(), std::back_inserter(names), &Task::name);
  return names;
}
