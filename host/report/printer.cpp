#include "report/printer.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "signature/utf8_value.hpp"

namespace gantry::report {
namespace {

constexpr std::size_t kText = 64U << 10U;

}  // namespace

Printer::Printer(std::vector<Column> columns, TaskId task_id, Format format, Order order, Sink& sink)
    : columns_(std::move(columns)),
      task_id_(std::move(task_id)),
      format_(format),
      order_(order),
      sink_(sink),
      in_order_(columns_.size(), false),
      positions_(columns_.size(), 0),
      counts_(columns_.size()),
      moved_in_(columns_.size(), 0),
      replaced_(columns_.size(), false) {
  if (!task_id_) {
    task_id_ = [this](StepIndex step, std::uint64_t index) {
      const Column& column = columns_[host::raw(step)];
      return column.each ? fmt::format("{}[{}]", column.id, index) : column.id;
    };
  }
  layout_ = make_layout(format_, columns_, task_id_, sink.is_terminal());
  if (format_ == Format::digest) {
    for (const Column& column : columns_) digests_.emplace_back(column.unordered);
  }
  if (order_ == Order::id) groups_ = groups(columns_, format_);
  for (const Group& group : groups_) {
    for (const StepIndex step : group) in_order_[host::raw(step)] = true;
  }
  if (layout_) layout_->begin(text_);
}

Printer::~Printer() = default;

void Printer::start_round() {
  ++round_;
  moved_.clear();
}

void Printer::set_position(StepIndex step, std::uint64_t position) {
  positions_[host::raw(step)] = position;
  if (std::exchange(moved_in_[host::raw(step)], round_) != round_) moved_.push_back(step);
}

void Printer::account(StepIndex step, const results::Run& run) {
  counts_[host::raw(step)].add(run.reason == nullptr ? results::Status::value : run.reason->status, run.count);
  if (run.reason != nullptr && layout_) layout_->failed(step, run);
}

void Printer::consume(const results::Store& store, StepIndex step) {
  const std::uint64_t frontier = store.frontier(step);
  if (in_order_[host::raw(step)] || frontier == position(step)) return;
  Digest* const digest = digests_.empty() ? nullptr : &digests_[host::raw(step)];
  store.read(step, position(step), frontier, [&](const results::Run& run) {
    account(step, run);
    if (digest != nullptr) digest->add(run);
  });
  if (digest != nullptr && frontier == store.size(step)) digest->seal();
  set_position(step, frontier);
}

host::Result<void> Printer::advance(const results::Store& store, std::span<const StepIndex> changed) {
  start_round();
  for (const StepIndex step : changed) consume(store, step);
  return print_ready(store);
}

host::Result<void> Printer::advance(const results::Store& store) {
  start_round();
  for (std::size_t step = 0; step < columns_.size(); ++step) consume(store, static_cast<StepIndex>(step));
  return print_ready(store);
}

host::Result<void> Printer::print_ready(const results::Store& store) {
  while (group_ < groups_.size()) {
    if (!open_) {
      layout_->open(groups_[group_].front(), text_);
      lanes_.clear();
      for (const StepIndex step : groups_[group_]) lanes_.emplace_back(step);
      lane_ = 0;
      row_ = 0;
      open_ = true;
    }
    const auto whole = print_group(store);
    if (!whole) return std::unexpected(whole.error());
    if (!*whole) break;
    layout_->close(groups_[group_].front(), text_);
    open_ = false;
    ++group_;
  }
  return write_text();
}

/// Prints tasks by index, then by step order, up to the first that is not there; true at the end of the group. A run of
/// tasks that never started is printed at its end, for it may come in pieces.
host::Result<bool> Printer::print_group(const results::Store& store) {
  const auto is_ended = [this, &store](const Lane& lane) { return !lane.holds() && ended(store, lane); };
  for (;;) {
    if (lane_ == lanes_.size()) {
      std::erase_if(lanes_, is_ended);
      if (lanes_.empty()) return true;
      lane_ = 0;
      row_ = std::ranges::min_element(lanes_, {}, &Lane::position)->position();
    }
    Lane& lane = lanes_[lane_];
    if (lane.position() > row_) {  // it took a run, and waits for the others
      ++lane_;
      continue;
    }
    Task task;
    if (lane.peek(store, round_, task)) {
      if (lane.holds()) {
        if (auto shown = show_held(lane, &task); !shown) return std::unexpected(shown.error());
      }
      if (task.reason == nullptr || !is_blank(*task.reason)) {
        if (auto shown = show(task); !shown) return std::unexpected(shown.error());
      }
      account(task.step, {task.index, task.count, task.reason, {}, {}, {}});
      lane.take(task);
      set_position(task.step, lane.position());
    } else if (!ended(store, lane)) {
      return false;
    } else if (lane.holds()) {
      if (auto shown = show_held(lane, nullptr); !shown) return std::unexpected(shown.error());
    }
    ++lane_;
  }
}

/// The run of tasks that never started which the lane holds, if it ends here.
host::Result<void> Printer::show_held(Lane& lane, const Task* next) {
  Task run;
  if (!lane.completed_by(next, run)) return {};
  auto shown = show(run);
  lane.forget();
  return shown;
}

bool Printer::ended(const results::Store& store, const Lane& lane) const {
  const auto size = store.size(lane.step());
  return size ? lane.position() == *size : finishing_;
}

host::Result<void> Printer::show(const Task& task) {
  const std::size_t before = text_.size();
  auto shown = layout_->task(task, text_);
  if (!shown) {
    text_.resize(before);
    host::Error error = shown.error();
    error.where = task_id_(task.step, task.index);
    return std::unexpected(std::move(error));
  }
  // Text of the author's own may hold a U+FFFD; only then it is looked at twice.
  if (task.reason == nullptr && text_.find("\uFFFD", before) != std::string::npos) {
    const signature::Type& type = columns_[host::raw(task.step)].result;
    replaced_[host::raw(task.step)] = replaced(task.step) || !signature::is_utf8(type, task.bytes);
  }
  return text_.size() < kText ? host::Result<void>{} : write_text();
}

host::Result<void> Printer::write_text() {
  auto written = sink_.write(text_);
  text_.clear();
  return written;
}

host::Result<void> Printer::done(StepIndex step, const results::Run& run) {
  if (!layout_ || !columns_[host::raw(step)].printed) return {};
  std::uint64_t offset = 0;
  if (run.reason != nullptr && is_blank(*run.reason)) {
    auto shown = show({.step = step, .index = run.first, .count = run.count, .reason = run.reason, .bytes = {}});
    return shown ? write_text() : shown;
  }
  for (std::uint64_t i = 0; i < run.count; ++i) {
    Task task{.step = step, .index = run.first + i, .count = 1, .reason = run.reason, .bytes = {}};
    if (run.reason == nullptr) {
      task.bytes = run.bytes.subspan(offset, run.size ? *run.size : run.lengths[i]);
      offset += task.bytes.size();
    }
    auto shown = show(task);
    if (!shown) return shown;
  }
  return write_text();
}

host::Result<void> Printer::finish(const results::Store& store) {
  finishing_ = true;
  auto advanced = advance(store);
  if (!advanced) return advanced;
  auto complete = check_complete(store);
  if (!complete) return complete;
  for (std::size_t step = 0; step < digests_.size(); ++step) {
    append_digest_line(columns_[step].id, counts_[step], digests_[step], text_);
  }
  if (layout_) layout_->end(text_);
  auto written = write_text();
  if (!written) return written;
  return sink_.flush();
}

host::Result<void> Printer::check_complete(const results::Store& store) const {
  for (std::size_t step = 0; step < columns_.size(); ++step) {
    const auto size = store.size(static_cast<StepIndex>(step));
    if (!size || positions_[step] == *size) continue;
    return host::fail(host::ErrorKind::infrastructure,
                      fmt::format("{} of {} tasks of step {} ended without an outcome; this is a mistake in gantry",
                                  *size - positions_[step], *size, columns_[step].id),
                      task_id_(static_cast<StepIndex>(step), positions_[step]));
  }
  return {};
}

Counts Printer::counts() const {
  Counts all;
  for (const Counts& step : counts_) all.add(step);
  return all;
}

}  // namespace gantry::report
