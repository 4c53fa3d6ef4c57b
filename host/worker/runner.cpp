#include "worker/runner.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>

#include "signature/codec.hpp"
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

/// Tasks of the next batch: few enough that it ends soon, enough that claiming costs little.
std::uint32_t next_batch(std::uint32_t tasks, std::uint64_t took_ns) {
  if (took_ns < batch_ns) return std::min(tasks * 2, most_tasks);
  if (took_ns < 2 * batch_ns) return tasks;
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

Runner::Runner(wire::WorkerChannel& channel, std::vector<Module>& modules, Prints prints)
    : channel_(&channel), modules_(&modules), prints_(prints), delivery_(channel), call_(channel) {}

host::Result<void> Runner::run(const wire::Work& work) {
  if (work.plugin >= modules_->size() || work.function >= (*modules_)[work.plugin].offer.functions.size()) {
    return broken(
        fmt::format("the host asks for function {} of plugin {}, which is not loaded", work.function, work.plugin));
  }
  Module& module = (*modules_)[work.plugin];
  const gantry_function& function = *module.offer.functions[work.function];
  const signature::Type& result = module.offer.plugin.functions[work.function].signature.result;
  if (signature::fixed_size(result) != work.result_size) {
    return broken(fmt::format("the host and the plugin disagree on the result size of function {}", work.function));
  }
  Open open{work, result, signature::any_bytes_valid(result), false, false, Arguments(work)};
  open.many =
      run_many_of(function) != nullptr && open.arguments.pattern() != nullptr && work.result_size && !work.timed;
  call_.open(work, function, module.scratch.get());
  delivery_.open(work.lease);

  std::uint32_t batch = 1;
  bool quiet = !work.timed;
  for (;;) {
    const wire::Claimed claimed = channel_->claim(work, batch);
    if (claimed.count == 0) return delivery_.close(work.first + claimed.first);
    const std::uint64_t first = work.first + claimed.first;
    const std::uint64_t began = wire::monotonic_ns();
    if (auto ran = run_batch(open, first, claimed.count); !ran) return ran;
    const std::uint64_t now = wire::monotonic_ns();
    if (auto sent = delivery_.commit_if_due(now); !sent) return sent;
    if (open.printed) quiet = false;  // from here on each print is told as one task's
    batch = quiet ? next_batch(claimed.count, now - began) : 1;
  }
}

host::Result<void> Runner::run_batch(Open& open, std::uint64_t first, std::uint64_t count) {
  wire::ProgressWriter& progress = channel_->progress();
  const std::uint64_t end = first + count;
  while (first < end) {
    const std::uint64_t began = wire::monotonic_ns();
    progress.begin(open.work.lease, first, end - first, began);
    std::uint64_t ran = 0;
    if (open.many) {
      const auto some = run_some(open, first, end - first);
      if (!some) return std::unexpected(some.error());
      ran = *some;
      if (auto sent = send_prints(open, first, ran); !sent) return sent;
    } else {
      for (; first + ran < end; progress.finished(++ran)) {
        if (auto one = run_one(open, first + ran); !one) return one;
        if (auto sent = send_prints(open, first + ran, 1); !sent) return sent;
      }
      delivery_.spend(wire::monotonic_ns() - began);
    }
    progress.end(ran);
    first += ran;
  }
  return {};
}

/// One task by `run`.
host::Result<void> Runner::run_one(Open& open, std::uint64_t index) {
  const auto size = open.work.result_size;
  std::span<std::byte> room;
  if (size && *size > wire::segment_cap) {
    large_.resize(*size);
    room = large_;
  } else {
    auto free = delivery_.room(size ? *size : length_size + usual_room);
    if (!free) return std::unexpected(std::move(free).error());
    room = size ? free->first(*size) : free->subspan(length_size);
  }
  auto problem = call_.run(index, open.arguments.row(index), room);
  if (call_.broken()) return std::unexpected(*call_.broken());
  if (problem) return delivery_.fail(index, std::move(problem->kind), std::move(problem->message));
  return deliver(open, index, room);
}

/// The value of a task that says it has one: checked, then sent on its way.
host::Result<void> Runner::deliver(Open& open, std::uint64_t index, std::span<std::byte> room) {
  const auto fail = [&](Problem problem) {
    return delivery_.fail(index, std::move(problem.kind), std::move(problem.message));
  };
  const bool fixed = open.work.result_size.has_value();
  const std::uint64_t size = call_.result_size();
  if (!call_.spilled() && size > room.size()) {
    return fail(misfit(fmt::format("it says that it wrote {} bytes into room for {}", size, room.size())));
  }
  const signature::View value = call_.spilled() ? signature::View(*call_.spilled()) : room.first(size);
  if (fixed && value.size() != *open.work.result_size) {
    return fail(misfit(fmt::format("it has {} bytes instead of {}", value.size(), *open.work.result_size)));
  }
  if (!open.unchecked) {
    if (auto problem = check(open.result, value)) return fail(*std::move(problem));
  }
  if (call_.spilled() || room.data() == large_.data()) {
    if (auto added = delivery_.add_copy(index, value, fixed); !added) return added;
  } else {
    if (!fixed) std::memcpy(room.data() - length_size, &size, length_size);
    delivery_.add(index, 1, fixed ? size : length_size + size);
  }
  delivery_.note();
  return {};
}

/// Tasks by `run_many`: how many of them have their outcome now, at least one.
host::Result<std::uint64_t> Runner::run_some(Open& open, std::uint64_t first, std::uint64_t count) {
  wire::ProgressWriter& progress = channel_->progress();
  const std::uint64_t size = *open.work.result_size;
  if (size > 0) count = std::min(count, wire::segment_cap / size);
  const auto room = delivery_.room(count * size);
  if (!room) return std::unexpected(room.error());
  const signature::View rows = open.arguments.rows(first, count);
  const std::uint64_t began = wire::monotonic_ns();
  auto problem = call_.run_many(first, count, rows, open.arguments.pattern()->row.size(), *room, size, progress.done());
  delivery_.spend(wire::monotonic_ns() - began);
  if (call_.broken()) return std::unexpected(*call_.broken());
  const std::uint64_t done = std::min(progress.done_now(), count);
  if (auto taken = take_values(open, first, done, room->data()); !taken)
    return std::unexpected(std::move(taken).error());
  if (done == count) return count;
  if (!problem)
    problem = misfit(fmt::format("run_many says it succeeded, but ended after {} of {} tasks", done, count));
  auto failed = delivery_.fail(first + done, std::move(problem->kind), std::move(problem->message));
  if (!failed) return std::unexpected(std::move(failed).error());
  return done + 1;
}

/// `count` values that lie back to back from the start of the room.
host::Result<void> Runner::take_values(Open& open, std::uint64_t first, std::uint64_t count, std::byte* values) {
  const std::uint64_t size = *open.work.result_size;
  std::uint64_t good = open.unchecked ? count : 0;  // so many from `first` on are good, and not yet added
  for (std::uint64_t i = good; i < count; ++i) {
    auto problem = check(open.result, {values + good * size, size});
    if (!problem) {
      ++good;
      continue;
    }
    if (good > 0) delivery_.add(first, good, good * size);
    // The bad value leaves a gap: what follows it moves up, to where the next segment starts.
    if (auto failed = delivery_.fail(first + good, std::move(problem->kind), std::move(problem->message)); !failed) {
      return failed;
    }
    values += good * size;
    first += good + 1;
    good = 0;
    std::memmove(values, values + size, (count - i - 1) * size);
  }
  if (good > 0) delivery_.add(first, good, good * size);
  if (count > 0) delivery_.note();
  return {};
}

/// What these tasks printed. A task that runs by itself is told exactly; of run_many only the batch is known.
host::Result<void> Runner::send_prints(Open& open, std::uint64_t first, std::uint64_t count) {
  const std::string text = prints_.take();
  for (std::size_t from = 0; from < text.size(); from += wire::log_cap) {
    const wire::LogReport log{first, count, -1, text.substr(from, wire::log_cap)};
    if (auto sent = channel_->report(open.work.lease, log); !sent) return sent;
  }
  if (!text.empty()) open.printed = true;
  return {};
}

}  // namespace gantry::worker
