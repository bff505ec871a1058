#include "xgboost_model.h"

#include <fmt/format.h>

#include "espalier/errors/errors.h"

using espalier::Error;

#ifdef ESPALIER_XGBOOST

#include <xgboost/c_api.h>

#include <cstdint>
#include <vector>

#include "espalier/errors/quoted.h"

namespace {

/// What libxgboost says to this thread of its last failure: a line, before where in its sources that was.
std::string failure() {
  const std::string_view text = XGBGetLastError();
  return espalier::printable(text.substr(0, text.find('\n')), 200);
}

std::string library_version() {
  int major = 0;
  int minor = 0;
  int patch = 0;
  XGBoostVersion(&major, &minor, &patch);
  return fmt::format("{}.{}.{}", major, minor, patch);
}

/// libxgboost writes advice on old models to the standard error, unless the calling thread says otherwise.
void silence() { XGBSetGlobalConfig(R"({"verbosity": 0})"); }

}  // namespace

void XGBoostModel::Free::operator()(void* booster) const { XGBoosterFree(booster); }

XGBoostModel::XGBoostModel(std::string_view bytes, const std::string& file, const std::string& version,
                           std::size_t features)
    : file_(file) {
  silence();
  BoosterHandle made = nullptr;
  const bool is_made = XGBoosterCreate(nullptr, 0, &made) == 0;
  booster_.reset(made);
  // One thread: searches ask from threads of their own, for one architecture at a time.
  bst_ulong columns = 0;
  if (!is_made || XGBoosterLoadModelFromBuffer(made, bytes.data(), bytes.size()) != 0 ||
      XGBoosterSetParam(made, "nthread", "1") != 0 || XGBoosterGetNumFeature(made, &columns) != 0) {
    throw Error({.what = fmt::format("libxgboost {} does not read this model, which XGBoost {} wrote: {}",
                                     library_version(), espalier::printable(version, 40), failure()),
                 .where = file,
                 .remedy = "convert the surrogate again; if that does not help, build Espalier with the "
                           "version of libxgboost that wrote it, or the nearest one"});
  }
  if (columns != features) {
    throw Error({.what = fmt::format("the model reads {} values", columns),
                 .where = file,
                 .expected = fmt::format("{} values, as the official surrogates", features)});
  }
  // The first prediction finishes the setup of a booster; those after it only read.
  static_cast<void>(predict(std::vector<double>(features)));
}

double XGBoostModel::predict(std::span<const double> features) const {
  const std::vector<float> row(features.begin(), features.end());
  const std::string matrix = fmt::format(R"({{"data":[{},true],"shape":[1,{}],"typestr":"<f4","version":3}})",
                                         reinterpret_cast<std::uintptr_t>(row.data()), row.size());
  constexpr const char* kAllTrees =
      R"({"type":0,"training":false,"iteration_begin":0,"iteration_end":0,"missing":NaN,)"
      R"("strict_shape":false,"cache_id":0})";
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* values = nullptr;  // of this thread, until its next prediction
  if (XGBoosterPredictFromDense(booster_.get(), matrix.c_str(), kAllTrees, nullptr, &shape, &dimensions,
                                &values) != 0)
    throw Error({.what = "libxgboost fails to predict: " + failure(), .where = file_});
  if (dimensions != 1 || shape[0] != 1)
    throw Error({.what = "the model predicts several values", .where = file_, .expected = "a regression"});
  return double{*values};
}

#else

void XGBoostModel::Free::operator()(void* /*booster*/) const {}

XGBoostModel::XGBoostModel(std::string_view /*bytes*/, const std::string& file,
                           const std::string& /*version*/, std::size_t /*features*/) {
  throw Error({.what = "the members of this surrogate are models of XGBoost, which this build cannot read",
               .where = file,
               .remedy = "install libxgboost-dev and build Espalier again"});
}

double XGBoostModel::predict(std::span<const double> /*features*/) const { return 0; }

#endif
