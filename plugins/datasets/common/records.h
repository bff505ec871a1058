#pragma once

#include <cstddef>
#include <string>

#include "espalier/data/dataset.h"
#include "files.h"

/// A record of CIFAR's binary files: label bytes, then the image, channel by channel and row by row.
struct RecordLayout {
  std::size_t label_bytes = 1;
  std::size_t label_position = 0;  ///< which of the label bytes is used
  std::size_t classes = 10;
};

/// Adds the images of a file, which have images.shape, to `images`. Throws Error, naming the file and what is
/// wrong, when it is missing, empty, not a whole number of records, or holds a label that is no class.
void append_records(const DatasetFiles& files, const std::string& name, const RecordLayout& layout,
                    espalier::Images& images);
