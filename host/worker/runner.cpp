#include "worker/runner.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>

#include "signature/codec.hpp"
#include "wire/drift.hpp"
#include "wire/layout.hpp"

namespace gantry::worker {
namespace {

constexpr std::uint32_t most_tasks = 4096;   // of a batch
constexpr std::uint64_t batch_ns = 20'000;   // a batch that takes less may be larger
constexpr std::uint64_t usual_room = 16384;  // at least so much for a result of any size
constexpr std::uint64_t length_size = sizeof(std::uint64_t);

std::unexpected<host::Error> broken(std::string sentence) {
  return host::fail(host::ErrorKind::infrastructure, std::move(sentence));
}

std::unexpected<host::Error> written_over() {
  return broken("a task wrote over the memory that its worker shares with gantry");
}

/// Tasks of the next batch, when `tasks` of `batch` took so long: few enough that it ends soon, enough that claiming
/// costs little.
std::uint32_t next_batch(std::uint32_t batch, std::uint32_t tasks, std::uint64_t took_ns) {
  if (took_ns < batch_ns) return tasks < batch ? batch : std::min(batch * 2, most_tasks);
  if (took_ns < 2 * batch_ns) return batch;
  return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(tasks * batch_ns / took_ns));
}

Problem misfit(std::string_view why) {
  return {"result", fmt::format("the function gave bytes that are not its result type: {}", why)};
}

/// Why `value` is no value of the type, if it is none.
std::optional<Problem> check(const signature::Type& type, signature::View value) {
  if (auto good = signature::validate(type, value); !good) return misfit(good.error().sentence);
  return std::nullopt;
}

}  // namespace

Runner::Runner(wire::WorkerChannel& channel, std::vector<Module>& modules, Residents& residents, Prints prints,
               StateWatch state)
    : channel_(&channel),
      modules_(&modules),
      residents_(&residents),
      prints_(prints),
      delivery_(channel),
      call_(channel, *this, residents),
      state_watch_(std::move(state)) {}

/// Looks up what the assignment names; most chunks have the one before.
host::Result<void> Runner::assign(const wire::Assigned& assigned) {
  if (assigned.plugin >= modules_->size() || assigned.function >= (*modules_)[assigned.plugin].offer.functions.size()) {
    return broken(fmt::format("the host asks for function {} of plugin {}, which is not loaded", assigned.function,
                              assigned.plugin));
  }
  Module& module = (*modules_)[assigned.plugin];
  // Steps of one function print as it does.
  if (form_.function != module.offer.functions[assigned.function]) prints_watch_ = {};
  form_.function = module.offer.functions[assigned.function];
  form_.result = &module.offer.plugin.functions[assigned.function].signature.result;
  form_.module = &module;
  if (signature::fixed_size(*form_.result) != assigned.result_size) {
    return broken(fmt::format("the host and the plugin disagree on the result size of function {}", assigned.function));
  }
  form_.size = assigned.result_size;
  form_.unchecked = signature::any_bytes_valid(*form_.result);
  const bool is_list = form_.result->kind == signature::Kind::list && signature::any_bytes_valid(form_.result->of[0]);
  form_.element = is_list ? signature::fixed_size(form_.result->of[0]).value_or(0) : 0;
  form_.many = run_many_of(*form_.function) != nullptr && !assigned.by_rows && assigned.result_size && !assigned.timed;
  const signature::Signature& signature = module.offer.plugin.functions[assigned.function].signature;
  if (auto shares = call_.shares().assign(assigned.shared, signature); !shares) return shares;
  serial_ = assigned.serial;
  batch_ = 1;
  return {};
}

host::Result<void> Runner::run(const wire::Work& work) {
  delivery_.open(work.lease);
  lease_ = work.lease;
  started_ = work.first;
  if (serial_ != work.assigned->serial) {
    if (auto told = tell_earlier_prints(); !told) return told;
    if (auto looked = look_at_state(StateWatch::Moment::other_tasks, true); !looked) return looked;
    if (auto assigned = assign(*work.assigned); !assigned) return assigned;
    now_ = 0;
  } else if (prints_watch_.is_behind(work.first)) {
    // Tasks of a stream, or given back, come out of order: no run of tasks may end behind the lease that tells of it.
    if (auto told = tell_earlier_prints(); !told) return told;
  }
  if (state_watch_.is_behind(work.first)) {
    if (auto looked = look_at_state(StateWatch::Moment::other_tasks, true); !looked) return looked;
  }
  arguments_.open(work);
  call_.open(work, *form_.function, *form_.result, *form_.module);
  if (channel_->waited() || now_ == 0) now_ = wire::monotonic_ns();
  for (;;) {
    if (channel_->is_dismissed()) return {};
    const wire::Claimed claimed = channel_->claim(work, work.assigned->timed || prints_watch_.talks() ? 1 : batch_);
    if (claimed.first > work.count || claimed.count > work.count - claimed.first) return written_over();
    const std::uint64_t end = work.first + claimed.first + claimed.count;
    started_ = end;
    if (claimed.count > 0) {
      const std::uint64_t began = now_;
      if (auto ran = run_batch(work.first + claimed.first, claimed.count); !ran) return ran;
      batch_ = next_batch(batch_, claimed.count, now_ - began);
    }
    if (claimed.last) {
      const bool is_last = !channel_->has_next();
      if (auto told = look_for_prints(is_last); !told) return told;
      if (auto looked = look_at_state(is_last ? StateWatch::Moment::idle : StateWatch::Moment::busy, false); !looked)
        return looked;
      return delivery_.close(end);
    }
    if (auto sent = delivery_.commit_if_due(now_); !sent) return sent;
  }
}

host::Result<void> Runner::run_batch(std::uint64_t first, std::uint64_t count) {
  wire::ProgressWriter& progress = channel_->progress();
  const std::uint64_t end = first + count;
  while (first < end) {
    const std::uint64_t began = now_;
    progress.begin(lease_, first, end - first, began);
    call_.began(began);
    std::uint64_t ran = 0;
    if (form_.many) {
      const auto some = run_some(first, end - first);
      if (!some) return std::unexpected(some.error());
      ran = *some;
    } else {
      while (first + ran < end) {
        if (auto one = run_one(first + ran); !one) return one;
        progress.finished(++ran);
        if (prints_watch_.is_quiet()) continue;
        prints_watch_.ran(first + ran - 1, 1);
        if (auto told = look_for_prints(true); !told) return told;
      }
    }
    progress.end(ran);
    // No two batches begin in the same nanosecond: the host tells them apart by that.
    now_ = std::max(wire::monotonic_ns(), began + 1);
    channel_->tick(now_);
    delivery_.spend(now_ - began);
    state_watch_.ran(first, ran);
    if (form_.many || prints_watch_.is_quiet()) prints_watch_.ran(first, ran);
    if (auto told = look_for_prints(!prints_watch_.is_quiet()); !told) return told;
    first += ran;
  }
  return {};
}

/// One task by `run`.
host::Result<void> Runner::run_one(std::uint64_t index) {
  const auto size = form_.size;
  std::span<std::byte> room;
  if (size && *size > wire::segment_cap) {
    large_.resize(*size);
    room = large_;
  } else {
    auto free = delivery_.room(size ? *size : length_size + usual_room);
    if (!free) return std::unexpected(std::move(free).error());
    room = size ? free->first(*size) : free->subspan(length_size);
  }
  index_ = index;
  auto problem = call_.run(index, arguments_.row(index), room);
  if (call_.broken()) return std::unexpected(*call_.broken());
  if (broken_) return std::unexpected(*broken_);
  if (!channel_->progress().intact()) return written_over();
  if (!problem && !call_.holdings().settle(index, call_.given_size()))
    problem = std::exchange(call_.holdings().problem(), {});
  if (call_.broken()) return std::unexpected(*call_.broken());
  if (problem) {
    call_.holdings().let_go();
    return delivery_.fail(index, std::move(problem->kind), std::move(problem->message), call_.is_late());
  }
  // The host hears of what the task changed before it can learn of its value, in whatever way: both or none.
  if (auto told = call_.shares().tell(); !told) return told;
  if (!call_.taken()) return deliver(index, room);
  if (auto closed = delivery_.close_parts(); !closed) return closed;
  delivery_.note();
  return {};
}

/// A large result, while its function still runs: checked and sent from where it lies.
std::expected<bool, Problem> Runner::take(std::span<const signature::View> pieces) {
  std::uint64_t total = 0;
  for (const signature::View piece : pieces) total += piece.size();
  const bool together = pieces.size() == 1;
  if (form_.size || total <= wire::segment_cap || !(together || form_.element > 0)) return false;
  if (together) {
    if (auto problem = check(*form_.result, pieces[0])) return std::unexpected(*std::move(problem));
  } else {
    std::uint64_t count = 0;
    if (pieces[0].size() < sizeof count) return false;
    std::memcpy(&count, pieces[0].data(), sizeof count);
    if (count != (total - sizeof count) / form_.element || (total - sizeof count) % form_.element != 0) {
      return std::unexpected(misfit(fmt::format("a list of {} elements in {} bytes", count, total)));
    }
  }
  if (auto sent = delivery_.open_parts(index_, pieces); !sent) broken_ = std::move(sent).error();
  return true;
}

/// The value of a task that says it has one: checked, then sent on its way.
host::Result<void> Runner::deliver(std::uint64_t index, std::span<std::byte> room) {
  const auto fail = [&](Problem problem) {
    return delivery_.fail(index, std::move(problem.kind), std::move(problem.message));
  };
  const bool fixed = form_.size.has_value();
  const std::uint64_t size = call_.result_size();
  if (!call_.spilled() && size > room.size()) {
    return fail(misfit(fmt::format("it says that it wrote {} bytes into room for {}", size, room.size())));
  }
  const signature::View value = call_.spilled() ? signature::View(*call_.spilled()) : room.first(size);
  if (fixed && value.size() != *form_.size) {
    return fail(misfit(fmt::format("it has {} bytes instead of {}", value.size(), *form_.size)));
  }
  if (!form_.unchecked) {
    if (auto problem = check(*form_.result, value)) return fail(*std::move(problem));
  }
  if (call_.spilled() || room.data() == large_.data()) {
    if (auto added = delivery_.add_copy(index, value, fixed); !added) return added;
  } else {
    if (!fixed) std::memcpy(room.data() - length_size, &size, length_size);
    delivery_.add(index, 1, fixed ? size : length_size + size);
  }
  delivery_.note();
  // Each open file is an event of its own.
  return form_.result->kind == signature::Kind::descriptor ? delivery_.commit() : host::Result<void>{};
}

/// Tasks by `run_many`: how many of them have their outcome now, at least one.
host::Result<std::uint64_t> Runner::run_some(std::uint64_t first, std::uint64_t count) {
  wire::ProgressWriter& progress = channel_->progress();
  const std::uint64_t size = *form_.size;
  if (size > 0) count = std::min(count, wire::segment_cap / size);
  count = std::min(count, arguments_.most_rows());
  // Not the window: until the checksum is made, what one task writes where it must not would count as others' results.
  if (many_.size() < count * size) many_.resize(count * size);
  const signature::View rows = arguments_.rows(first, count);
  auto problem = call_.run_many(first, count, rows, arguments_.stride(), std::span(many_).first(count * size), size,
                                progress.done());
  if (call_.broken()) return std::unexpected(*call_.broken());
  if (!progress.intact()) return written_over();
  const std::uint64_t done = std::min(progress.done_now(), count);
  if (auto taken = take_values(first, done, many_.data()); !taken) return std::unexpected(std::move(taken).error());
  if (done == count) return count;
  if (!problem)
    problem = misfit(fmt::format("run_many says it succeeded, but ended after {} of {} tasks", done, count));
  auto failed = delivery_.fail(first + done, std::move(problem->kind), std::move(problem->message));
  if (!failed) return std::unexpected(std::move(failed).error());
  return done + 1;
}

/// `count` values that lie back to back.
host::Result<void> Runner::take_values(std::uint64_t first, std::uint64_t count, const std::byte* values) {
  const std::uint64_t size = *form_.size;
  std::uint64_t taken = 0;
  const auto take_until = [&](std::uint64_t end) -> host::Result<void> {
    if (taken == end) return {};
    const signature::View good(values + taken * size, (end - taken) * size);
    return delivery_.add_all(first + taken, end - taken, good);
  };
  for (std::uint64_t i = form_.unchecked ? count : 0; i < count; ++i) {
    auto problem = check(*form_.result, {values + i * size, size});
    if (!problem) continue;
    if (auto added = take_until(i); !added) return added;
    taken = i + 1;
    if (auto failed = delivery_.fail(first + i, std::move(problem->kind), std::move(problem->message)); !failed) {
      return failed;
    }
  }
  if (auto added = take_until(count); !added) return added;
  delivery_.note();
  return {};
}

/// What tasks printed since the last look. `surely`: look now, however short ago that was.
host::Result<void> Runner::look_for_prints(bool surely) {
  if (!prints_watch_.is_due(now_, surely)) return {};
  return tell_prints(prints_watch_.looked(now_), false);
}

/// The same for tasks of another step, at the first chunk after them.
host::Result<void> Runner::tell_earlier_prints() {
  if (!prints_watch_.is_due(now_, true)) return {};
  return tell_prints(prints_watch_.looked(now_), true);
}

/// What tasks changed of thread and process. `earlier`: as for prints.
host::Result<void> Runner::look_at_state(StateWatch::Moment moment, bool earlier) {
  if (!state_watch_.is_due(now_, moment)) {
    if (moment == StateWatch::Moment::other_tasks) state_watch_.forget();
    return {};
  }
  const StateWatch::Found found = state_watch_.look(now_);
  const std::string_view who = found.unsure ? "it, or a task shortly before, changed" : "changed";
  const auto tell = [&](std::int32_t level, std::string text) {
    const wire::LogReport report{found.tasks.first, found.tasks.count, level, std::move(text), earlier};
    return channel_->report(lease_, report);
  };
  if (!found.restored.empty()) {
    auto told = tell(GANTRY_LOG_WARNING, fmt::format("{} {}; it is put back", who, found.restored));
    if (!told) return told;
  }
  if (!state_watch_.drifted()) return {};
  const std::int32_t level = residents_->empty() ? wire::drifted_level : wire::drifted_holding_level;
  return tell(level, found.left.empty() ? std::string() : fmt::format("{} {}", who, found.left));
}

host::Result<void> Runner::tell_prints(PrintsWatch::Tasks tasks, bool earlier) {
  const std::string text = prints_.take();
  for (std::size_t from = 0; from < text.size(); from += wire::log_cap) {
    const wire::LogReport log{tasks.first, tasks.count, -1, text.substr(from, wire::log_cap), earlier};
    if (auto sent = channel_->report(lease_, log); !sent) return sent;
  }
  if (!text.empty()) prints_watch_.printed();
  return {};
}

}  // namespace gantry::worker
