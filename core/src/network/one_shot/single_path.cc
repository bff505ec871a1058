#include "espalier/network/one_shot/single_path.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

/// 1 for the candidate that is taken, 0 for all others.
class OneCandidate final : public OpWeighting {
 public:
  OneCandidate(std::shared_ptr<const Architecture> taken, std::size_t choice, std::size_t size)
      : taken_(std::move(taken)), choice_(choice), size_(size) {}

  std::size_t size() const override { return size_; }
  bool runs(std::size_t candidate) const override { return candidate == (*taken_)[choice_]; }
  at::Tensor weights() override {
    const at::Tensor weights = at::zeros({static_cast<std::int64_t>(size_)}, at::kDouble);
    weights.data_ptr<double>()[(*taken_)[choice_]] = 1.0;
    return weights;
  }

 private:
  std::shared_ptr<const Architecture> taken_;
  std::size_t choice_;
  std::size_t size_;
};

}  // namespace

SinglePath::SinglePath(const SearchSpace& space)
    : space_(space), taken_(std::make_shared<Architecture>(Architecture::zeros(space.choices().size()))) {}

std::shared_ptr<OpWeighting> SinglePath::weighting(std::size_t choice) const {
  return std::make_shared<OneCandidate>(taken_, choice, space_.choices()[choice].candidates.size());
}

Graph SinglePath::supernet() const {
  return space_.relax([&](std::size_t choice) { return weighting(choice); });
}

void SinglePath::take(const Architecture& architecture) {
  // Combinations that the space refuses are paths, too: a method may train those.
  (void)space_.canonical(architecture);
  *taken_ = architecture;
}

}  // namespace espalier
