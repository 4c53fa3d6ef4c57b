#include "schedule/leases.hpp"

#include <utility>

namespace gantry::schedule {

namespace {

// An ID is a count and, in the low bits, the place: found without a search, and never the same twice.
constexpr unsigned kPlaceBits = 20;
constexpr std::uint64_t kPlaceMask = (std::uint64_t{1} << kPlaceBits) - 1;
constexpr LeaseId kFree{0};

}  // namespace

OpenLease& Leases::open(const Lease& lease, std::uint64_t expected_ns) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(places_.size()));
    places_.emplace_back();
  }
  const std::uint32_t at = free_.back();
  free_.pop_back();
  OpenLease& place = places_[at];
  place.lease = lease;
  place.lease.id = LeaseId{++opened_ << kPlaceBits | at};
  place.unreported.clear();
  place.unreported.add({lease.first, lease.first + lease.count});
  place.expected_ns = expected_ns;
  place.asked = false;
  place.alone = false;
  place.tied = false;
  place.blocked = false;

  Held& held = held_[host::raw(lease.worker)];
  place.older = held.newest;
  place.newer = nullptr;
  (held.newest ? held.newest->newer : held.oldest) = &place;
  held.newest = held.unasked = &place;
  held.expected_ns += expected_ns;
  if (held.count++ == 0) ++busy_;
  return place;
}

const OpenLease* Leases::find(LeaseId id) const {
  const std::uint64_t at = host::raw(id) & kPlaceMask;
  return id != kFree && at < places_.size() && places_[at].lease.id == id ? &places_[at] : nullptr;
}

OpenLease* Leases::find(LeaseId id) {
  return const_cast<OpenLease*>(std::as_const(*this).find(id));
}

void Leases::block(OpenLease& open, bool blocked) {
  if (open.blocked == blocked) return;
  open.blocked = blocked;
  blocked_ = blocked ? blocked_ + 1 : blocked_ - 1;
}

OpenLease* Leases::unasked(std::uint32_t worker) {
  OpenLease*& unasked = held_[worker].unasked;
  while (unasked != nullptr && unasked->asked) unasked = unasked->older;
  return unasked;
}

void Leases::reported(OpenLease& open) {
  open.asked = false;
  OpenLease*& unasked = held_[host::raw(open.lease.worker)].unasked;
  if (unasked == nullptr || host::raw(unasked->lease.id) < host::raw(open.lease.id)) unasked = &open;  // IDs ascend
}

void Leases::expect(OpenLease& open, std::uint64_t expected_ns) {
  Held& held = held_[host::raw(open.lease.worker)];
  held.expected_ns = held.expected_ns - open.expected_ns + expected_ns;
  open.expected_ns = expected_ns;
}

void Leases::close(LeaseId id) {
  OpenLease* place = find(id);
  if (!place) return;
  block(*place, false);
  Held& held = held_[host::raw(place->lease.worker)];
  (place->older ? place->older->newer : held.oldest) = place->newer;
  (place->newer ? place->newer->older : held.newest) = place->older;
  if (held.unasked == place) held.unasked = place->older;
  held.expected_ns -= place->expected_ns;
  if (--held.count == 0) --busy_;
  place->lease.id = kFree;
  free_.push_back(static_cast<std::uint32_t>(host::raw(id) & kPlaceMask));
}

}  // namespace gantry::schedule
