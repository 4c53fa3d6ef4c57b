// What tests of the ledger share: a window with bytes in it and an open lease.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "schedule/runner.hpp"
#include "wire/layout.hpp"
#include "wire/ledger.hpp"
#include "wire/summed.hpp"
#include "wire/window.hpp"

namespace gantry::tests {

inline schedule::Chunk chunk(std::uint64_t lease, std::uint64_t first, std::uint64_t count,
                             std::optional<std::uint64_t> size) {
  schedule::Chunk chunk;
  chunk.lease = {host::LeaseId{lease}, host::WorkerIndex{0}, host::StepIndex{3}, first, count, 1};
  schedule::Assignment assignment;
  assignment.result_size = size;
  chunk.assignment = std::make_shared<const schedule::Assignment>(std::move(assignment));
  return chunk;
}

/// A window with the bytes 0, 1, 2, … in it, and a ledger with lease 1: tasks 10 to 14, values of `size`.
struct Desk {
  explicit Desk(std::optional<std::uint64_t> size = 1) {
    for (std::uint64_t i = 0; i < bytes.size(); ++i) bytes[i] = std::byte(i);
    ledger.open(chunk(1, 10, 5, size));
  }

  /// "" or what the ledger says. Checksums are right, wherever the report points into the window.
  std::string apply(wire::Report report, std::uint64_t lease = 1) {
    const auto sum = [&](auto& told) {
      const std::uint64_t at = told.at % wire::window_capacity;
      if (told.bytes > bytes.size() - at) return;
      told = summed(lease, told, signature::View(bytes).subspan(at, told.bytes));
    };
    if (auto* values = std::get_if<wire::ValuesReport>(&report)) sum(*values);
    if (auto* part = std::get_if<wire::PartReport>(&report)) sum(*part);
    return apply_as_it_is(std::move(report), lease);
  }
  std::string apply_as_it_is(wire::Report report, std::uint64_t lease = 1) {
    const auto applied = ledger.apply(lease, std::move(report), window, events);
    return applied ? "" : applied.error().sentence;
  }

  std::uint64_t released = 0;
  signature::Bytes bytes = signature::Bytes(wire::window_capacity);
  wire::WindowReader window{bytes.data(), released};
  wire::GivenFiles files;
  wire::Ledger ledger{wire::Shelves{}, files};
  std::vector<schedule::Event> events;
};

}  // namespace gantry::tests
