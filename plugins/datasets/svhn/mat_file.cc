#include "mat_file.h"

#include <fmt/format.h>
#include <matio.h>

#include <memory>
#include <string>
#include <utility>

#include "mat_check.h"

namespace {

using File = std::unique_ptr<mat_t, decltype(&Mat_Close)>;
using Variable = std::unique_ptr<matvar_t, decltype(&Mat_VarFree)>;

/// Labels are bytes in the official files, and doubles in files that some tools wrote.
bool copy_bytes(const matvar_t& variable, std::vector<std::uint8_t>& values) {
  const auto* bytes = static_cast<const std::uint8_t*>(variable.data);
  if (variable.class_type == MAT_C_UINT8 && variable.data_type == MAT_T_UINT8) {
    values.assign(bytes, bytes + variable.nbytes);
    return true;
  }
  if (variable.class_type != MAT_C_DOUBLE || variable.data_type != MAT_T_DOUBLE) return false;
  const auto* numbers = static_cast<const double*>(variable.data);
  for (std::size_t i = 0; i < variable.nbytes / sizeof(double); ++i) {
    if (!(numbers[i] >= 0.0 && numbers[i] <= 255.0)) return false;
    values.push_back(static_cast<std::uint8_t>(numbers[i]));
  }
  return true;
}

MatArray read(const DatasetFiles& files, const std::filesystem::path& path, mat_t* file, const char* name) {
  const Variable variable(Mat_VarRead(file, name), Mat_VarFree);
  MatArray array;
  if (!variable || variable->data == nullptr || variable->isComplex != 0 ||
      !copy_bytes(*variable, array.values)) {
    files.refuse(path, fmt::format("the file has no variable {} of whole numbers", name),
                 "the variables X (32×32×3×N, uint8) and y (N×1)");
  }
  array.dimensions.assign(variable->dims, variable->dims + variable->rank);
  return array;
}

}  // namespace

std::pair<MatArray, MatArray> read_mat(const DatasetFiles& files, const std::filesystem::path& path,
                                       const char* first, const char* second) {
  const std::string problem = mat_problem(path);
  if (!problem.empty()) files.refuse(path, problem, "a whole MATLAB 5 file");
  const File file(Mat_Open(path.c_str(), MAT_ACC_RDONLY), Mat_Close);
  if (!file) files.refuse(path, "the file cannot be read", "a whole MATLAB 5 file");
  MatArray array = read(files, path, file.get(), first);
  return {std::move(array), read(files, path, file.get(), second)};
}
