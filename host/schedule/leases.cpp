#include "schedule/leases.hpp"

#include <algorithm>

namespace gantry::schedule {

namespace {

constexpr LeaseId kFree{0};

bool older(const OpenLease* lease, LeaseId id) {
  return host::raw(lease->lease.id) < host::raw(id);
}

}  // namespace

Leases::Leases(unsigned workers) : places_(workers), held_(workers, 0), idle_(workers) {}

void Leases::open(const Lease& lease) {
  const std::uint32_t worker = host::raw(lease.worker);
  auto& places = places_[worker];
  OpenLease& place = places[0].lease.id == kFree ? places[0] : places[1];
  place.lease = lease;
  place.unreported.clear();
  place.unreported.add({lease.first, lease.first + lease.count});
  place.asked = false;
  by_id_.push_back(&place);
  if (held_[worker]++ == 0) --idle_;
}

const OpenLease* Leases::find(LeaseId id) const {
  const auto at = std::lower_bound(by_id_.begin(), by_id_.end(), id, older);
  return at != by_id_.end() && (*at)->lease.id == id ? *at : nullptr;
}

OpenLease* Leases::find(LeaseId id) {
  const auto at = std::lower_bound(by_id_.begin(), by_id_.end(), id, older);
  return at != by_id_.end() && (*at)->lease.id == id ? *at : nullptr;
}

void Leases::close(LeaseId id) {
  const auto at = std::lower_bound(by_id_.begin(), by_id_.end(), id, older);
  if (at == by_id_.end() || (*at)->lease.id != id) return;
  const std::uint32_t worker = host::raw((*at)->lease.worker);
  (*at)->lease.id = kFree;
  by_id_.erase(at);
  if (--held_[worker] == 0) ++idle_;
}

OpenLease* Leases::running(std::uint32_t worker) {
  OpenLease* oldest = nullptr;
  for (OpenLease& place : places_[worker])
    if (place.lease.id != kFree && (!oldest || older(&place, oldest->lease.id))) oldest = &place;
  return oldest;
}

}  // namespace gantry::schedule
