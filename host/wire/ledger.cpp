#include "wire/ledger.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstring>

#include "wire/checksum.hpp"
#include "wire/drift.hpp"
#include "wire/layout.hpp"

namespace gantry::wire {
namespace {

using Open = Ledger::Open;
using schedule::event::Values;

constexpr std::string_view written_over = "has values that do not fit their checksum: somebody wrote over them";
constexpr std::size_t most_spare = 8;                          // buffers: a window is full with fewer
constexpr std::size_t smallest_spare = std::size_t{4} * 1024;  // bytes: malloc itself is quick with smaller ones

std::unexpected<host::Error> offence(const Open& open, std::string_view what) {
  return host::fail(host::ErrorKind::infrastructure,
                    fmt::format("a worker's report for lease {} {}", host::raw(open.lease.id), what));
}

std::chrono::nanoseconds busy(std::uint64_t ns) {
  constexpr std::uint64_t most = std::uint64_t{1} << 60;  // 36 years
  return std::chrono::nanoseconds(std::min(ns, most));
}

/// Splits records {u64 length, bytes} in place: lengths out, bytes moved together. False: they are not `count` records.
bool split(signature::Bytes& records, std::uint64_t count, std::vector<std::uint64_t>& lengths) {
  if (count > records.size() / sizeof(std::uint64_t)) return false;
  lengths.reserve(count);
  std::size_t from = 0;
  std::size_t to = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::uint64_t length = 0;
    if (records.size() - from < sizeof length) return false;
    std::memcpy(&length, records.data() + from, sizeof length);
    from += sizeof length;
    if (length > records.size() - from) return false;
    std::memmove(records.data() + to, records.data() + from, length);
    from += length;
    to += length;
    lengths.push_back(length);
  }
  const bool exact = from == records.size();
  records.resize(to);
  return exact;
}

bool has_size(const Open& open, std::uint64_t count, std::uint64_t bytes) {
  if (!open.result_size) return true;  // split() looks at each
  if (*open.result_size == 0) return bytes == 0;
  return bytes % *open.result_size == 0 && bytes / *open.result_size == count;
}

/// The values of a segment's copy, which nobody else can change.
std::optional<Values> take(const Open& open, std::uint64_t first, std::uint64_t count, signature::Bytes segment) {
  if (!has_size(open, count, segment.size())) return std::nullopt;
  Values values;
  values.lease = open.lease.id;
  values.first = first;
  values.count = count;
  values.bytes = std::move(segment);
  if (!open.result_size && !split(values.bytes, count, values.lengths)) return std::nullopt;
  return values;
}

/// Gives the value its open file, if it is one. False: there is none, or several values come at once.
bool take_file(const Open& open, GivenFiles& files, Values& values) {
  if (!open.gives_file) return true;
  if (values.count == 1) values.file = files.take(host::raw(open.lease.id), values.first);
  return values.file != nullptr;
}

/// Turns the reports of the oldest lease into events.
struct Apply {
  Open& open;
  WindowReader& window;
  std::vector<schedule::Event>& events;
  const std::optional<schedule::Lease>& last;  ///< that ended
  std::vector<signature::Bytes>& spare;
  Shelves& shelves;
  GivenFiles& files;

  [[nodiscard]] signature::Bytes copy_of(signature::View segment) const {
    signature::Bytes copy;
    if (segment.size() >= smallest_spare && !spare.empty()) {
      copy = std::move(spare.back());
      spare.pop_back();
    }
    copy.assign(segment.begin(), segment.end());
    return copy;
  }

  [[nodiscard]] bool is_next(std::uint64_t first, std::uint64_t count) const {
    return !open.in_parts && first == open.reported && count <= open.end - open.reported;
  }

  host::Result<void> operator()(const ValuesReport& report) const {
    if (!is_next(report.first, report.count)) return offence(open, "has values of other tasks than the next ones");
    const auto segment = window.read(report.at, report.bytes);
    if (!segment) return std::unexpected(segment.error());
    signature::Bytes copy = copy_of(*segment);
    if (Checksum(host::raw(open.lease.id), report.first).of(copy) != report.checksum)
      return offence(open, written_over);
    auto values = take(open, report.first, report.count, std::move(copy));
    if (!values) return offence(open, "has values of another size than their number and type say");
    window.release(report.at + report.bytes);
    values->busy = busy(report.busy_ns);
    if (!take_file(open, files, *values)) return offence(open, "has a value without its open file");
    if (auto told = values->file && values->file->descriptor() < 0 ? starved(report) : valued(*std::move(values));
        !told)
      return told;
    return report.closes ? close(open.reported) : host::Result<void>{};
  }

  host::Result<void> valued(Values values) const {
    if (auto changed = take_changes(values); !changed) return changed;
    open.reported += values.count;
    events.emplace_back(std::move(values));
    return {};
  }

  /// The value is an open file for which this process has no room.
  host::Result<void> starved(const ValuesReport& report) const {
    FailedReport failed{report.first, "open-files", "gantry has as many open files as it may have (see ulimit -n)",
                        report.busy_ns};
    return (*this)(failed);
  }

  host::Result<void> operator()(const PartReport& report) const {
    if (!open.in_parts) {
      if (!is_next(report.index, 1)) return offence(open, "has a part of another value than the next one");
      if (open.result_size && *open.result_size != report.total) return offence(open, "has a value of a wrong size");
      open.in_parts = true;
      open.part_total = report.total;
    }
    if (report.index != open.reported || report.total != open.part_total || report.offset != open.part_size) {
      return offence(open, "has a part that does not follow the one before");
    }
    const auto piece = window.read(report.at, report.bytes);
    if (!piece) return std::unexpected(piece.error());
    if (open.part_size == 0) make_room();
    const signature::View kept = keep_piece(*piece);
    if (has_checksum(report) && part_checksum(host::raw(open.lease.id), report.index, kept) != report.checksum) {
      return offence(open, written_over);
    }
    open.part_size += report.bytes;
    window.release(report.at + report.bytes);
    if (open.part_size < open.part_total) return {};
    Values values;
    values.lease = open.lease.id;
    values.first = report.index;
    values.count = 1;
    values.bytes = std::exchange(open.parts, {});
    values.shared = std::exchange(open.shelf, {});
    if (!open.result_size) values.lengths.push_back(open.part_total);
    values.busy = busy(report.busy_ns);
    if (auto changed = take_changes(values); !changed) return changed;
    open.in_parts = false;
    open.part_size = 0;
    ++open.reported;
    events.emplace_back(std::move(values));
    return {};
  }

  /// For the whole of a value that arrives in parts. Where no memory file is to be had, memory does: it grows with what
  /// came, for how much is to come is only what the worker says.
  void make_room() const {
    if (open.part_total < shelf_least) return;
    if (auto shelf = shelves.make(open.part_total)) open.shelf = *std::move(shelf);
  }

  /// Returns the copy.
  [[nodiscard]] signature::View keep_piece(signature::View piece) const {
    if (open.shelf) {
      if (open.shelf->write(open.part_size, piece)) return open.shelf->bytes().subspan(open.part_size, piece.size());
      const signature::View before = open.shelf->bytes().first(open.part_size);
      open.parts.assign(before.begin(), before.end());
      open.shelf.reset();
    }
    signature::append(open.parts, piece);
    return signature::View(open.parts).last(piece.size());
  }

  host::Result<void> operator()(FailedReport& report) const {
    if (open.in_parts && report.index == open.reported) {  // its function failed after it had given a value
      open.in_parts = false;
      open.part_size = 0;
      open.parts = {};
      open.shelf.reset();
    }
    if (!is_next(report.index, 1)) return offence(open, "has an error of another task than the next one");
    if (open.sharing) {
      if (auto dropped = open.sharing->drop(); !dropped) return offence(open, dropped.error().sentence);
    }
    ++open.reported;
    events.emplace_back(schedule::event::Failed{open.lease.id, report.index, std::move(report.kind),
                                                std::move(report.message), busy(report.busy_ns), report.timed_out});
    return {};
  }

  /// Gives the value what its task changed.
  host::Result<void> take_changes(Values& values) const {
    if (!open.sharing) return {};
    auto changes = open.sharing->take();
    if (!changes) return offence(open, changes.error().sentence);
    values.changes = *std::move(changes);
    return {};
  }

  host::Result<void> operator()(const AskReport& report) const {
    if (!open.sharing || report.index != open.reported || report.index >= open.end) {
      return offence(open, "asks for a shared object, which its task has not");
    }
    const auto passes = open.sharing->ask(report.ask);
    if (!passes) return offence(open, passes.error().sentence);
    if (*passes) events.emplace_back(schedule::event::Asked{open.lease.id, report.index, report.ask});
    return {};
  }

  host::Result<void> operator()(ChangeReport& report) const {
    if (!open.sharing || report.index != open.reported || report.index >= open.end) {
      return offence(open, "changes a shared object, which its task has not");
    }
    if (auto changed = open.sharing->change(std::move(report)); !changed) {
      return offence(open, changed.error().sentence);
    }
    return {};
  }

  host::Result<void> operator()(const ClosedReport& report) const { return close(report.end); }

  [[nodiscard]] host::Result<void> close(std::uint64_t end) const {
    if (open.in_parts || end != open.end || open.reported != open.end) {
      return offence(
          open, fmt::format("closes it at task {}, of {} to {} still to be reported", end, open.reported, open.end));
    }
    open.closed = true;
    events.emplace_back(schedule::event::Closed{open.lease.id});
    return {};
  }

  host::Result<void> operator()(ProgressReport& report) const {
    if (report.index < open.lease.first || report.index >= open.end) {
      return offence(open, "tells how far a task is that is not in it");
    }
    events.emplace_back(schedule::event::Progressed{open.lease.worker, open.lease.step, report.index, report.fraction,
                                                    std::move(report.text)});
    return {};
  }

  host::Result<void> operator()(LogReport& report) const {
    // Prints of short tasks are found some leases later: those from before it may be named, tasks behind it may not.
    if (report.earlier && !last) return offence(open, "logs for a lease before the first");
    const schedule::Lease& lease = report.earlier ? *last : open.lease;
    const std::uint64_t end = lease.first + lease.count;
    const bool before_end = report.first < end && report.count <= end - report.first;
    if (!before_end || report.count == 0 || report.level < lowest_level) {
      return offence(open, "logs for a task that is not in it");
    }
    events.emplace_back(schedule::event::Printed{lease.worker, lease.step, report.first, report.count, report.level,
                                                 std::move(report.text)});
    return {};
  }
};

}  // namespace

Open& Ledger::open(const schedule::Chunk& chunk) {
  Open& open = open_.emplace_back();
  open.lease = chunk.lease;
  open.result_size = chunk.assignment->result_size;
  open.claims = next_claims_++ % leases_cap;
  open.reported = chunk.lease.first;
  open.end = chunk.lease.first + chunk.lease.count;
  open.gives_file = chunk.assignment->residence == signature::Residence::host;
  if (!chunk.assignment->shared.empty()) open.sharing = std::make_unique<SharedLedger>(chunk.assignment);
  return open;
}

Open* Ledger::find(host::LeaseId lease) {
  const auto found = std::ranges::find_if(open_, [&](const Open& open) { return open.lease.id == lease; });
  return found == open_.end() ? nullptr : &*found;
}

host::Result<void> Ledger::apply(std::uint64_t lease, Report report, WindowReader& window,
                                 std::vector<schedule::Event>& events) {
  if (open_.empty() || host::raw(open_.front().lease.id) != lease) {
    return host::fail(host::ErrorKind::infrastructure,
                      fmt::format("a worker reports for lease {}, which is not the one that it runs", lease));
  }
  auto applied = std::visit(Apply{open_.front(), window, events, last_, spare_, shelves_, *files_}, report);
  if (applied && open_.front().closed) {
    if (open_.front().gives_file) files_->forget(lease);
    last_ = open_.front().lease;
    open_.pop_front();
  }
  return applied;
}

void Ledger::reuse(signature::Bytes buffer) {
  if (spare_.size() < most_spare) spare_.push_back(std::move(buffer));
}

std::optional<Values> Ledger::salvage(const OpenSegment& segment, const WindowReader& window) {
  if (open_.empty() || segment.count == 0) return std::nullopt;
  Open& open = open_.front();
  const bool missing = segment.lease == host::raw(open.lease.id) && !open.in_parts && segment.first == open.reported &&
                       segment.count <= open.end - open.reported;
  if (!missing) return std::nullopt;
  const auto bytes = window.read(segment.at, segment.bytes);
  if (!bytes) return std::nullopt;
  signature::Bytes copy(bytes->begin(), bytes->end());
  if (Checksum(segment.lease, segment.first).of(copy) != segment.checksum) return std::nullopt;
  auto values = take(open, segment.first, segment.count, std::move(copy));
  if (!values) return std::nullopt;
  if (open.sharing) {
    auto changes = open.sharing->take();
    if (!changes) return std::nullopt;
    values->changes = *std::move(changes);
  }
  if (!take_file(open, *files_, *values)) return std::nullopt;
  if (values->file && values->file->descriptor() < 0) return std::nullopt;
  open.reported += segment.count;
  return values;
}

bool Ledger::fits(const Batch& batch) const {
  if (open_.empty()) return false;
  const Open& open = open_.front();
  const std::uint64_t count = open.end - open.lease.first;
  return batch.lease == host::raw(open.lease.id) && batch.done <= batch.count && batch.first >= open.lease.first &&
         batch.first - open.lease.first <= count && batch.count <= count - (batch.first - open.lease.first);
}

std::optional<std::uint64_t> Ledger::blame(const std::optional<Batch>& batch) const {
  if (!batch || !fits(*batch) || batch->done == batch->count) return std::nullopt;
  const std::uint64_t index = batch->first + batch->done;
  // Its value was told, though not yet that it had finished: the worker died in between, and no task ran.
  if (index < open_.front().reported) return std::nullopt;
  return index;
}

}  // namespace gantry::wire
