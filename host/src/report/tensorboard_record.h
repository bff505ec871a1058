#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace espalier::host {

/// An option of a search, as the tab HPARAMS of TensorBoard compares them.
using Hyperparameter = std::pair<std::string, std::variant<double, bool, std::string>>;

/// One record of an event file of TensorBoard: an Event with a Summary, in the wire format of Protocol
/// Buffers, framed as a TFRecord. Texts are made valid UTF-8, as the format demands: what is none is left
/// out.
class TensorboardRecord {
 public:
  /// The record that every file begins with.
  static std::string version();

  TensorboardRecord(double wall_time, std::uint64_t step) : wall_time_(wall_time), step_(step) {}

  /// TensorBoard keeps a float.
  void add_scalar(std::string_view tag, double value);
  /// TensorBoard shows it as Markdown.
  void add_text(std::string_view tag, std::string_view text);
  /// Sessions of one group differ in their seeds.
  void add_hyperparameters(const std::vector<Hyperparameter>& parameters, std::string_view group);

  std::string finish() const;

 private:
  double wall_time_;
  std::uint64_t step_;
  std::string summary_;
};

/// Leaves out the bytes that are no UTF-8.
std::string valid_utf8(std::string_view text);

}  // namespace espalier::host
