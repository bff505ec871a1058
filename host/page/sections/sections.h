#pragma once

#include <optional>

#include "page/document.h"
#include "page/material.h"

// The parts of a report, in their order. Each gives nothing where the runs have nothing of its kind.
namespace espalier::page {

/// What each method reached, with intervals over the seeds.
std::optional<Section> results(Material& material);
/// Whether the searches were worth their cost: what they found against baselines.
std::optional<Section> verdict(Material& material);
/// Every pair of methods, compared seed by seed.
std::optional<Section> comparisons(Material& material);
/// Mean ranks over several benchmarks, with a critical-difference diagram.
std::optional<Section> ranks(Material& material);
/// The best so far by trials, epochs and seconds.
std::optional<Section> best_so_far(Material& material);
/// The fronts of searches with several objectives.
std::optional<Section> fronts(Material& material);
/// The supernets of one-shot searches by epoch.
std::optional<Section> one_shot(Material& material);
/// The architectures that were found, drawn.
std::optional<Section> found(Material& material);
/// How good architectures are by the size of their networks.
std::optional<Section> sizes(Material& material);
/// Trainings from scratch: curves, test accuracy, classes.
std::optional<Section> trainings(Material& material);
/// What the searches cost.
std::optional<Section> cost(Material& material);
/// Configs, environments and hashes.
std::optional<Section> provenance(Material& material);

}  // namespace espalier::page
