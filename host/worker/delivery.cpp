#include "worker/delivery.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "wire/layout.hpp"

namespace gantry::worker {
namespace {

constexpr std::uint64_t longest_wait_ns = 2'000'000;  // from a finished value to its message, while others finish

}  // namespace

host::Result<std::span<std::byte>> Delivery::room(std::uint64_t wanted) {
  wire::WindowWriter& window = channel_->window();
  std::span<std::byte> found = window.room();
  if (found.size() >= wanted) return found;
  if (window.fits_before_wrap(wanted)) {
    if (auto backed = window.back(wanted); !backed) return std::unexpected(std::move(backed).error());
    found = window.room();
    if (found.size() >= wanted) return found;
  }
  if (auto sent = commit(); !sent) return std::unexpected(std::move(sent).error());
  if (!window.fits_before_wrap(wanted)) window.skip_to_start();
  if (auto waited = channel_->wait_for_window(wanted); !waited) return std::unexpected(std::move(waited).error());
  return window.room();
}

void Delivery::add(std::uint64_t index, std::uint64_t count, std::uint64_t size) {
  wire::WindowWriter& window = channel_->window();
  if (segment_.count == 0) {
    segment_ = {lease_, index, 0, window.at(), 0, 0};
    checksum_ = wire::Checksum(lease_, index);
  }
  window.grow(size);
  segment_.count += count;
  segment_.bytes += size;
  noted_ = false;
}

void Delivery::sum() {
  if (std::exchange(noted_, true)) return;
  segment_.checksum = checksum_.of(channel_->window().segment());
}

void Delivery::note() {
  if (segment_.count == 0) return;
  sum();
  channel_->progress().segment(segment_);
}

host::Result<void> Delivery::commit(bool closes) {
  if (segment_.count == 0) return {};
  sum();
  const wire::ValuesReport report{segment_.first, segment_.count, segment_.at,      segment_.bytes,
                                  take_busy(),    closes,         segment_.checksum};
  auto sent = channel_->report(lease_, report);
  channel_->window().commit();
  // What is noted of it in shared memory may stay there: the host knows by its first task that it was reported.
  segment_ = {};
  began_ns_ = 0;
  return sent;
}

host::Result<void> Delivery::commit_if_due(std::uint64_t now) {
  if (segment_.count == 0) return {};
  if (began_ns_ == 0) began_ns_ = now;
  if (segment_.bytes < wire::segment_cap && now - began_ns_ < longest_wait_ns) return {};
  return commit();
}

host::Result<void> Delivery::add_all(std::uint64_t index, std::uint64_t count, signature::View values) {
  const auto place = room(values.size());
  if (!place) return std::unexpected(place.error());
  std::ranges::copy(values, place->data());
  add(index, count, values.size());
  return {};
}

host::Result<void> Delivery::add_copy(std::uint64_t index, signature::View value, bool fixed) {
  const std::uint64_t length = value.size();
  const std::uint64_t header = fixed ? 0 : sizeof length;
  if (length > wire::segment_cap) return send_parts(index, value);
  auto place = room(header + length);
  if (!place) return std::unexpected(std::move(place).error());
  if (!fixed) std::memcpy(place->data(), &length, sizeof length);
  std::ranges::copy(value, place->data() + header);
  add(index, 1, header + length);
  return {};
}

host::Result<void> Delivery::send_parts(std::uint64_t index, signature::View value) {
  if (auto opened = open_parts(index, {&value, 1}); !opened) return opened;
  return close_parts();
}

host::Result<void> Delivery::open_parts(std::uint64_t index, std::span<const signature::View> pieces) {
  if (auto sent = commit(); !sent) return sent;
  std::uint64_t total = 0;
  for (const signature::View piece : pieces) total += piece.size();
  Rest rest{index, total, 0, {}};
  for (const signature::View piece : pieces) {
    for (std::uint64_t from = 0; from < piece.size();) {
      // A short piece waits for what follows it; a part is as long as may be, and never goes round the end of a piece.
      const std::uint64_t size = std::min(wire::segment_cap - rest.bytes.size(), piece.size() - from);
      const bool ends_value = rest.offset + rest.bytes.size() + size == total;
      const signature::View bytes = piece.subspan(from, size);
      from += size;
      if (!rest.bytes.empty() || ends_value || size < wire::segment_cap) {
        signature::append(rest.bytes, bytes);
        if (ends_value || rest.bytes.size() < wire::segment_cap) continue;
        if (auto sent = send_part({index, total, rest.offset, 0, 0, 0}, rest.bytes); !sent) return sent;
        rest.offset += rest.bytes.size();
        rest.bytes.clear();
        continue;
      }
      if (auto sent = send_part({index, total, rest.offset, 0, 0, 0}, bytes); !sent) return sent;
      rest.offset += size;
    }
  }
  rest_ = std::move(rest);
  return {};
}

host::Result<void> Delivery::close_parts() {
  const Rest rest = *std::exchange(rest_, {});
  return send_part({rest.index, rest.total, rest.offset, 0, 0, take_busy()}, rest.bytes);
}

host::Result<void> Delivery::send_part(wire::PartReport part, signature::View bytes) {
  wire::WindowWriter& window = channel_->window();
  const auto place = room(bytes.size());
  if (!place) return std::unexpected(place.error());
  std::ranges::copy(bytes, place->data());
  window.grow(bytes.size());
  part.at = window.at();
  part.bytes = bytes.size();
  if (has_checksum(part)) part.checksum = wire::part_checksum(lease_, part.index, bytes);
  if (auto sent = channel_->report(lease_, part); !sent) return sent;
  window.commit();
  return {};
}

host::Result<void> Delivery::fail(std::uint64_t index, std::string kind, std::string message, bool timed_out) {
  rest_.reset();
  if (auto sent = commit(); !sent) return sent;
  return channel_->report(lease_,
                          wire::FailedReport{index, std::move(kind), std::move(message), take_busy(), timed_out});
}

host::Result<void> Delivery::close(std::uint64_t end) {
  if (segment_.count > 0 && segment_.first + segment_.count == end) return commit(true);
  if (auto sent = commit(); !sent) return sent;
  return channel_->report(lease_, wire::ClosedReport{end});
}

}  // namespace gantry::worker
