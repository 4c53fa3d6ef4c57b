#include "wire/shared_ledger.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>

#include "signature/codec.hpp"
#include "wire/layout.hpp"

namespace gantry::wire {
namespace {

using schedule::Ask;
using schedule::Change;
using signature::Kind;
using signature::View;

std::unexpected<host::Error> offence(std::string clause) {
  return host::fail(host::ErrorKind::infrastructure, std::move(clause));
}

std::uint64_t number_at(View bytes) {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof number);
  return number;
}

/// {u64 length, value} one after the other.
bool are_values(const signature::Type& type, View bytes) {
  while (!bytes.empty()) {
    if (bytes.size() < sizeof(std::uint64_t)) return false;
    const std::uint64_t length = number_at(bytes);
    bytes = bytes.subspan(sizeof length);
    if (length > bytes.size() || !signature::validate(type, bytes.first(length))) return false;
    bytes = bytes.subspan(length);
  }
  return true;
}

/// {u64 index, element} one after the other, by index: each is added to once, so that what fits alone fits together.
bool are_elements(const schedule::SharedUse& use, View bytes) {
  const std::uint64_t record = sizeof(std::uint64_t) + signature::fixed_size(use.type.of[0]).value_or(0);
  if (bytes.size() % record != 0) return false;
  for (std::uint64_t least = 0; !bytes.empty(); bytes = bytes.subspan(record)) {
    const std::uint64_t index = number_at(bytes);
    if (index < least || index >= use.size) return false;
    least = index + 1;
  }
  return true;
}

}  // namespace

const schedule::SharedUse* SharedLedger::find(std::uint32_t object) const {
  const auto found = std::ranges::find(assignment_->shared, object, &schedule::SharedUse::object);
  return found == assignment_->shared.end() ? nullptr : &*found;
}

host::Result<bool> SharedLedger::ask(const Ask& ask) {
  const schedule::SharedUse* use = find(ask.object);
  if (use == nullptr) return offence(fmt::format("asks for the shared object {}, which its task has not", ask.object));
  if (ask.what == Ask::What::cancel) {
    if (!timed_) return offence("takes back what it did not ask for");
    timed_ = false;
    return asked_;
  }
  if (asked_) return offence("asks for a shared object before it has its last answer");
  const bool queue = use->type.kind == Kind::queue;
  if (queue != (ask.what == Ask::What::get)) return offence("asks for what its shared object cannot give");
  if (use->type.kind == Kind::shared_array && (ask.first > use->size || ask.count > use->size - ask.first)) {
    return offence("asks for elements that its shared array has not");
  }
  if (use->type.kind == Kind::counter && (ask.first != 0 || ask.count != 1)) {
    return offence("asks for more of a counter than its value");
  }
  asked_ = true;
  timed_ = queue && ask.wait_ns != 0 && ask.wait_ns != Ask::forever;
  return true;
}

host::Result<void> SharedLedger::change(ChangeReport report) {
  if (find(report.object) == nullptr) {
    return offence(fmt::format("changes the shared object {}, which its task has not", report.object));
  }
  bytes_ += report.bytes.size() + 1;
  if (bytes_ > result_cap) return offence("changes more than one task may");
  if (!changes_) changes_ = std::make_shared<schedule::Changes>();
  if (!changes_->empty() && changes_->back().object == report.object && changes_->back().what == report.what) {
    signature::append(changes_->back().bytes, report.bytes);
  } else {
    changes_->push_back({report.what, report.object, std::move(report.bytes)});
  }
  return {};
}

host::Result<void> SharedLedger::check(const Change& change) const {
  const schedule::SharedUse& use = *find(change.object);
  const bool queue = use.type.kind == Kind::queue;
  bool good = queue != (change.what == Change::What::add);
  if (good && change.what == Change::What::put) good = are_values(use.type.of[0], change.bytes);
  if (good && change.what == Change::What::close) good = change.bytes.empty();
  if (good && use.type.kind == Kind::counter) good = change.bytes.size() == sizeof(std::int64_t);
  if (good && use.type.kind == Kind::shared_array) good = are_elements(use, change.bytes);
  if (good) return {};
  return offence(fmt::format("changes the shared object {} in a way that does not fit it", change.object));
}

host::Result<std::shared_ptr<const schedule::Changes>> SharedLedger::take() {
  if (asked_) return offence("has an outcome before the answer that its task waits for");
  bytes_ = 0;
  auto changes = std::exchange(changes_, nullptr);
  if (!changes) return nullptr;
  for (const Change& change : *changes) {
    const auto adds = [&](const Change& other) {
      return other.what == Change::What::add && other.object == change.object;
    };
    if (adds(change) && std::ranges::count_if(*changes, adds) > 1) {
      return offence(fmt::format("adds to the shared object {} twice", change.object));
    }
    if (auto good = check(change); !good) return std::unexpected(std::move(good).error());
  }
  return changes;
}

host::Result<void> SharedLedger::drop() {
  bytes_ = 0;
  changes_.reset();
  if (asked_) return offence("has an outcome before the answer that its task waits for");
  return {};
}

}  // namespace gantry::wire
