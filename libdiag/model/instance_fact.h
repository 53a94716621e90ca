// Names of facts where a host runs several nginx: the pipeline puts the nginx before the fact.
//   "master 812.processes.workers" -> instance "master 812", fact "processes.workers"
// A host with one nginx has the bare name, and an empty instance.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "libdiag/model/fact.h"

namespace ngxdiag::model {

struct InstanceFact {
  std::string_view instance;  // into `name`
  std::string_view rest;      // what follows a family; empty for a single fact
};

// Whether `name` is `fact` of some nginx; a `fact` that ends in "." is a family
// ("deaths.by_signal.").
std::optional<InstanceFact> instance_fact(std::string_view name, std::string_view fact);

// The numbers of `fact` (no family) of all nginx; empty when unknown of each.
std::vector<double> instance_numbers(const FactSet& facts, std::string_view fact);

// All of these numbers as one.
enum class Fold { kSum, kMost, kLeast };
std::optional<double> instance_number(const FactSet& facts, std::string_view fact, Fold fold);

}  // namespace ngxdiag::model
