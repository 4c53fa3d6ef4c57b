#include "results/store.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <numeric>
#include <utility>

#include "results/segment.hpp"
#include "wire/shelf.hpp"

namespace gantry::results {
namespace {

constexpr std::size_t kFreeBuffers = 64;
constexpr std::uint64_t kFreeBytes = 32ULL << 20U;
constexpr std::size_t kSmallestFree = 4096;  // malloc itself recycles smaller ones without touching fresh pages
constexpr std::uint64_t kSlackAllowed = 4ULL << 20U;
constexpr std::uint64_t kLongestList = 1ULL << 44U;  // bytes of a list that gets a memory file

[[noreturn]] void broken(StepIndex step, std::uint64_t index, const char* sentence) {
  fmt::print(stderr, "gantry: internal error in results: step {}, task {}: {}\n", host::raw(step), index, sentence);
  std::abort();
}

void require(bool holds, StepIndex step, std::uint64_t index, const char* sentence) {
  if (!holds) broken(step, index, sentence);
}

}  // namespace

/// Outcomes of one step: without a gap up to the frontier, and those that came before their turn.
struct Store::Column {
  std::optional<std::uint64_t> size;
  std::optional<std::uint64_t> tasks;
  bool is_list = false;                ///< somebody wants all its values as one list
  std::shared_ptr<wire::Shelf> shelf;  ///< for them
  std::uint64_t released = 0;
  std::uint64_t frontier = 0;
  std::vector<Segment>
      ordered;  ///< from `head`: consecutive, ends at the frontier. No deque: empty ones take 600 bytes
  std::size_t head = 0;
  std::map<std::uint64_t, Segment> ahead;  ///< by first task

  [[nodiscard]] std::vector<Segment>::const_iterator begin() const {
    return ordered.begin() + static_cast<std::ptrdiff_t>(head);
  }
  /// The segment of an unreleased task below the frontier.
  [[nodiscard]] std::vector<Segment>::const_iterator below(std::uint64_t index) const {
    return std::prev(std::upper_bound(begin(), ordered.end(), index,
                                      [](std::uint64_t at, const Segment& segment) { return at < segment.first; }));
  }
  [[nodiscard]] const Segment& at(StepIndex step, std::uint64_t index) const;
  /// The segment that ends where this task begins.
  [[nodiscard]] Segment* before(std::uint64_t first);
  void merge();
};

const Segment& Store::Column::at(StepIndex step, std::uint64_t index) const {
  require(index >= released, step, index, "its outcome was asked for after it was released");
  if (index < frontier) return *below(index);
  auto next = ahead.upper_bound(index);
  require(next != ahead.begin(), step, index, "its outcome was asked for before it had one");
  const Segment& segment = std::prev(next)->second;
  require(index < segment.end(), step, index, "its outcome was asked for before it had one");
  return segment;
}

Segment* Store::Column::before(std::uint64_t first) {
  if (first == frontier) return head < ordered.size() ? &ordered.back() : nullptr;
  const auto next = ahead.lower_bound(first);
  if (next == ahead.begin()) return nullptr;
  Segment& segment = std::prev(next)->second;
  return segment.end() == first ? &segment : nullptr;
}

/// Moves what continues the frontier out of `ahead`.
void Store::Column::merge() {
  while (!ahead.empty() && ahead.begin()->first == frontier) {
    auto node = ahead.extract(ahead.begin());
    Segment& next = node.mapped();
    frontier = next.end();
    if (next.shelved.data() != nullptr && head < ordered.size() && ordered.back().takes(next)) {
      ordered.back().append(next);
    } else {
      ordered.push_back(std::move(next));
    }
  }
}

Store::Store(const std::vector<std::optional<std::uint64_t>>& result_sizes)
    : shelves_(std::make_unique<wire::Shelves>()) {
  columns_.reserve(result_sizes.size());
  for (const auto& size : result_sizes) {
    columns_.push_back(std::make_unique<Column>());
    columns_.back()->size = size;
  }
}

Store::~Store() = default;

Store::Column& Store::column(StepIndex step) const {
  require(host::raw(step) < columns_.size(), step, 0, "there is no such step");
  return *columns_[host::raw(step)];
}

void Store::sized(StepIndex step, std::uint64_t tasks) {
  Column& steps = column(step);
  require(!steps.tasks || *steps.tasks == tasks, step, tasks,
          "the step was sized before, with another number of tasks");
  steps.tasks = tasks;
}

std::optional<std::uint64_t> Store::size(StepIndex step) const {
  return column(step).tasks;
}

void Store::put(StepIndex step, std::uint64_t first, std::uint64_t count, signature::Bytes bytes,
                std::vector<std::uint64_t> lengths) {
  Column& to = column(step);
  Segment segment;
  segment.first = first;
  segment.count = count;
  if (to.size) {
    require(lengths.empty(), step, first, "lengths were put in for results of a fixed size");
    require(*to.size == 0 ? bytes.empty() : bytes.size() % *to.size == 0 && bytes.size() / *to.size == count, step,
            first, "the bytes put in do not fit the number of values");
  } else {
    require(lengths.size() == count, step, first, "the lengths put in do not fit the number of values");
    require(std::accumulate(lengths.begin(), lengths.end(), std::uint64_t{0}) == bytes.size(), step, first,
            "the bytes put in do not fit their lengths");
    segment.lengths = std::make_unique<Segment::Lengths>();
    segment.lengths->each = std::move(lengths);
  }
  segment.bytes = std::move(bytes);
  shelve(to, segment);
  admit(step, to, std::move(segment));
}

void Store::put(StepIndex step, std::uint64_t index, std::shared_ptr<const signature::SharedBytes> value) {
  Column& to = column(step);
  Segment segment;
  segment.first = index;
  segment.count = 1;
  require(!to.size || *to.size == value->bytes().size(), step, index, "the bytes put in do not fit its type");
  if (!to.size) {
    segment.lengths = std::make_unique<Segment::Lengths>();
    segment.lengths->each.push_back(value->bytes().size());
  }
  segment.shared = std::move(value);
  admit(step, to, std::move(segment));
}

void Store::shelve_all(StepIndex step) {
  column(step).is_list = column(step).size.value_or(0) > 0;
}

/// Values of a step whose list somebody wants go to their place in one memory file. Where none is to be had, they stay.
void Store::shelve(Column& column, Segment& segment) {
  if (!column.is_list || !column.tasks) return;
  const std::uint64_t size = column.size.value_or(0);
  if (size == 0) return;  // is_list says that it is not
  if (*column.tasks < wire::shelf_least / size || *column.tasks > kLongestList / size) return;
  if (segment.first < column.frontier || segment.first > *column.tasks || segment.count > *column.tasks - segment.first)
    return;  // admit() says what is wrong
  if (!column.shelf) {
    auto made = shelves_->make(*column.tasks * size);
    column.is_list = made.has_value();
    if (!made) return;
    column.shelf = *std::move(made);
  }
  column.is_list = column.shelf->write(segment.first * size, segment.bytes).has_value();
  if (!column.is_list) return;
  segment.shelved = column.shelf->bytes().subspan(segment.first * size, segment.bytes.size());
  recycle(std::exchange(segment.bytes, {}));
}

void Store::put(StepIndex step, std::uint64_t first, std::uint64_t count, Reason reason) {
  require(reason.status != Status::value, step, first, "a reason was put in that says the task has a value");
  Segment segment;
  segment.first = first;
  segment.count = count;
  segment.reason = std::make_unique<Reason>(std::move(reason));
  admit(step, column(step), std::move(segment));
}

/// Checks the segment's place and takes it in.
void Store::admit(StepIndex step, Column& column, Segment segment) {
  require(column.tasks.has_value(), step, segment.first, "an outcome was put in before the step was sized");
  const std::uint64_t tasks = column.tasks.value_or(0);
  require(segment.first <= tasks && segment.count <= tasks - segment.first, step, segment.first,
          "an outcome was put in for a task that the step does not have");
  if (segment.count == 0) return recycle(std::move(segment.bytes));
  require(segment.first >= column.frontier, step, segment.first, "it was put in twice");
  auto next = column.ahead.lower_bound(segment.first);
  require(next == column.ahead.end() || segment.end() <= next->first, step,
          next == column.ahead.end() ? segment.first : next->first, "it was put in twice");
  require(next == column.ahead.begin() || std::prev(next)->second.end() <= segment.first, step, segment.first,
          "it was put in twice");

  Segment* const before = column.before(segment.first);
  if (before != nullptr && before->takes(segment)) return join(column, *before, std::move(segment));
  trim(segment);
  slack_ += segment.slack();
  used_ += segment.size();
  if (segment.first == column.frontier) {
    column.frontier = segment.end();
    column.ordered.push_back(std::move(segment));
    column.merge();
  } else {
    const std::uint64_t first = segment.first;
    column.ahead.emplace_hint(next, first, std::move(segment));
  }
}

/// Puts a small segment at the end of its neighbour: a step that runs in chunks of one task has few segments, not
/// millions.
void Store::join(Column& column, Segment& before, Segment after) {
  const bool in_order = after.first == column.frontier;
  slack_ -= before.slack();
  used_ -= before.size();
  before.append(after);
  slack_ += before.slack();
  used_ += before.size();
  if (in_order) {
    column.frontier = before.end();
    column.merge();
  }
  recycle(std::move(after.bytes));
}

/// Cuts a segment's buffers to size if otherwise too much of what is held were unused: a recycled buffer may be far
/// larger than what a kept step puts in it. A step that streams holds little at a time, and is never cut.
void Store::trim(Segment& segment) {
  const std::uint64_t slack = segment.slack();
  if (slack == 0 || slack_ + slack <= std::max(kSlackAllowed, used_ / 8)) return;
  if (segment.lengths) segment.lengths->each.shrink_to_fit();
  if (segment.bytes.capacity() == segment.bytes.size()) return;
  signature::Bytes exact(segment.bytes.begin(), segment.bytes.end());
  recycle(std::exchange(segment.bytes, std::move(exact)));
}

void Store::recycle(signature::Bytes bytes) {
  if (bytes.capacity() < kSmallestFree || free_.size() >= kFreeBuffers) return;
  if (free_bytes_ + bytes.capacity() > kFreeBytes) return;
  bytes.clear();
  free_bytes_ += bytes.capacity();
  free_.push_back(std::move(bytes));
}

signature::Bytes Store::buffer() {
  if (free_.empty()) return {};
  signature::Bytes bytes = std::move(free_.back());  // the last one used: its pages are the warmest
  free_.pop_back();
  free_bytes_ -= bytes.capacity();
  return bytes;
}

std::uint64_t Store::frontier(StepIndex step) const {
  return column(step).frontier;
}

void Store::read(StepIndex step, std::uint64_t from, std::uint64_t to,
                 const std::function<void(const Run&)>& visit) const {
  const Column& steps = column(step);
  to = std::min(to, steps.frontier);
  if (from >= to) return;
  require(from >= steps.released, step, from, "its outcome was read after it was released");
  for (auto at = steps.below(from); at != steps.ordered.end() && at->first < to; ++at) {
    visit(at->run(std::max(from, at->first), std::min(to, at->end()), steps.size));
  }
}

std::uint64_t Store::end_of_run(StepIndex step, std::uint64_t index) const {
  return column(step).at(step, index).end();
}

/// Gives a segment's memory back.
void Store::drop(Segment& segment) {
  slack_ -= segment.slack();
  used_ -= segment.size();
  recycle(std::move(segment.bytes));
  segment.shared.reset();
  segment.lengths.reset();
  segment.reason.reset();
}

void Store::release(StepIndex step, std::uint64_t index) {
  Column& steps = column(step);
  require(index <= steps.frontier, step, index, "it was released before all tasks up to it had an outcome");
  steps.released = std::max(steps.released, index);
  while (steps.head < steps.ordered.size() && steps.ordered[steps.head].end() <= steps.released) {
    drop(steps.ordered[steps.head++]);
  }
  if (steps.tasks == steps.released) steps.shelf.reset();
  // What is left moves down only when it is the smaller part: each segment moves about once.
  if (steps.head > steps.ordered.size() / 2) {
    steps.ordered.erase(steps.ordered.begin(), steps.ordered.begin() + static_cast<std::ptrdiff_t>(steps.head));
    steps.head = 0;
  }
}

std::uint64_t Store::tasks(StepIndex step) const {
  const Column& steps = column(step);
  require(steps.tasks.has_value(), step, 0, "the number of its tasks was asked for before it was sized");
  return steps.tasks.value_or(0);
}

signature::View Store::value(StepIndex step, std::uint64_t index) const {
  const Column& steps = column(step);
  const Segment& segment = steps.at(step, index);
  require(!segment.reason, step, index, "its value was asked for, but it ended without one");
  return segment.value(index, steps.size);
}

void Store::append_all(StepIndex step, signature::Bytes& to) const {
  const Column& steps = column(step);
  require(steps.tasks && steps.frontier == *steps.tasks, step, steps.frontier,
          "all values were asked for before it ended");
  require(steps.released == 0, step, 0, "all values were asked for after some were released");
  std::uint64_t total = to.size();
  for (const Segment& segment : steps.ordered) total += segment.content().size();
  to.reserve(total);
  for (const Segment& segment : steps.ordered) signature::append(to, segment.content());
}

std::shared_ptr<const signature::SharedBytes> Store::shared_all(StepIndex step) const {
  const Column& steps = column(step);
  const bool whole = steps.shelf && steps.released == 0 && steps.ordered.size() == 1 && steps.tasks == steps.frontier &&
                     steps.ordered.front().shelved.size() == steps.shelf->bytes().size();
  return whole ? steps.shelf : nullptr;
}

std::shared_ptr<const signature::SharedBytes> Store::shared_value(StepIndex step, std::uint64_t index) const {
  return column(step).at(step, index).shared;
}

bool Store::has_value(StepIndex step, std::uint64_t index) const {
  return reason(step, index) == nullptr;
}

Status Store::status(StepIndex step, std::uint64_t index) const {
  const Reason* why = reason(step, index);
  return why == nullptr ? Status::value : why->status;
}

const Reason* Store::reason(StepIndex step, std::uint64_t index) const {
  return column(step).at(step, index).reason.get();
}

std::uint64_t Store::held() const {
  return used_ + slack_ + free_bytes_;
}

}  // namespace gantry::results
