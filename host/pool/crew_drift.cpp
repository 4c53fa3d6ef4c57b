// Workers whose tasks changed the state of their process: each is replaced, in good order, once it holds nothing that
// others need. It gets no more chunks; those that it has end in it, those that wait go to its next life.
#include <string>

#include "gantry/abi.h"
#include "pool/crew.hpp"
#include "wire/drift.hpp"

namespace gantry::pool {
namespace {

// Some functions change something each time a worker first calls them, as libraries do that begin when they are used:
// replacing workers for ever would cost each lease a start.
constexpr unsigned kReplacements = 3;

}  // namespace

// Makes of it what people are told; if there is nothing to tell, it stays as it is, and is dropped. What comes after
// the first change of a life is of tasks that were sent before it was known, or that need its pinned values.
void Crew::take_drift(schedule::event::Printed& told) {
  Place& place = places_[host::raw(told.worker)];
  place.may_go = told.level == wire::drifted_level;
  if (told.text.empty() || place.drifted) return;
  const unsigned times = ++drifts_[told.step];
  if (times > kReplacements + 1) return;
  told.level = GANTRY_LOG_WARNING;
  if (times > kReplacements) {
    told.text += "; as " + std::to_string(kReplacements) +
                 " workers were replaced for this step, it is left so, and not told again: what a function needs "
                 "changed in each worker belongs into its plugin's begin";
    return;
  }
  place.drifted = true;
  told.text += "; worker " + std::to_string(host::raw(told.worker)) + " is replaced";
  if (!place.may_go) told.text += " once nobody needs its pinned values";
}

void Crew::replace_drifted(Place& place) {
  Worker& worker = *place.worker;
  if (!place.drifted || !place.may_go || stopping_ || worker.retired() || worker.channel().open_leases() > 0) return;
  worker.retire(Clock::now());
}

}  // namespace gantry::pool
