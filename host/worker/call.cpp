#include "worker/call.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <exception>
#include <new>
#include <string_view>
#include <utility>

#include "wire/layout.hpp"
#include "worker/forks.hpp"
#include "worker/say.hpp"
#include "worker/seed.hpp"

namespace gantry::worker {
namespace {

Call& owner(gantry_call* call) {
  return *static_cast<Call*>(call->worker);
}

std::string_view view(gantry_text text) {
  return text.data == nullptr ? std::string_view{} : std::string_view(text.data, text.size);
}

constexpr std::string_view task_name = "a task";

/// Runs what calls the plugin: plain C cannot throw, but whoever wrote a `run` by hand may have forgotten.
template <class Run>
std::optional<Problem> guarded(Run run) {
  std::optional<Problem> problem;
  try {
    problem = run();
  } catch (const std::exception& exception) {
    problem = Problem{"exception", exception.what()};
  } catch (...) {
    problem = Problem{"exception", "an exception that is no std::exception left the function"};
  }
  back_from(task_name);
  return problem;
}

}  // namespace

Call::Call(wire::WorkerChannel& channel, Taker& taker, Residents& residents)
    : channel_(&channel), taker_(&taker), shares_(channel), holdings_(channel, residents) {
  call_.struct_size = sizeof call_;
  call_.worker = this;
  call_.emit = &Call::emit;
  call_.emit_pieces = &Call::emit_pieces;
  call_.fail = &Call::fail;
  call_.log = &Call::log;
  call_.cancelled = &Call::cancelled;
  call_.progress = &Call::progress;
  call_.shared = &Call::shared;
  call_.keep = &Call::keep;
  call_.find = &Call::find;
  call_.give_descriptor = &Call::give_descriptor;
  call_.find_descriptor = &Call::find_descriptor;
}

void Call::open(const wire::Work& work, const gantry_function& function, const signature::Type& result,
                const Module& module) {
  holdings_.open(work, result, module.offer.plugin.name);
  if (work.assigned->serial != serial_) {
    serial_ = work.assigned->serial;
    step_ = work.assigned->step;
    step_seed_ = step_seed(step_, work.assigned->seed);
  }
  lease_ = work.lease;
  indexed_ = work.assigned->indexed;
  call_.attempt = work.attempt;
  call_.self = &function;
  call_.scratch = module.scratch.get();
  call_.state = module.state;
  timeout_ns_ = work.assigned->timeout_ns;
}

void Call::began(std::uint64_t now) {
  since_ = now;
  told_ = 0;
  call_.deadline = timeout_ns_ == 0 ? 0 : now + timeout_ns_;
}

bool Call::is_late() const {
  return timeout_ns_ != 0 && wire::monotonic_ns() >= since_ + timeout_ns_;
}

void Call::prepare(std::uint64_t index, signature::View arguments, std::span<std::byte> room) {
  index_ = index;
  done_ = nullptr;
  spilled_.reset();
  taken_ = false;
  said_.reset();
  refused_.reset();
  shares_.begin(lease_, index);
  holdings_.begin();
  // The callbacks and the owner, too: the last call may have written over what it was lent.
  call_.worker = this;
  call_.arguments = arguments.data();
  call_.arguments_size = arguments.size();
  call_.room = room.data();
  call_.room_size = room.size();
  call_.result_size = 0;
  call_.step = {step_.data(), step_.size()};
  call_.index = indexed_ ? index : GANTRY_NO_INDEX;
  call_.seed = task_seed(step_seed_, index);
}

std::optional<Problem> Call::verdict(gantry_status status) {
  if (refused_) return std::exchange(refused_, {});
  if (shares_.problem()) return std::exchange(shares_.problem(), {});
  if (holdings_.problem()) return std::exchange(holdings_.problem(), {});
  if (status == GANTRY_OK) return std::nullopt;
  if (status != GANTRY_FAILED) {
    return Problem{"plugin", fmt::format("the function returned the status {}, which means nothing", status)};
  }
  if (said_) return std::exchange(said_, {});
  return Problem{"error", "the function failed and did not say why"};
}

std::optional<Problem> Call::run(std::uint64_t index, signature::View arguments, std::span<std::byte> room) {
  prepare(index, arguments, room);
  auto problem = guarded([&] { return verdict(call_.self->run(&call_)); });
  holdings_.end();
  return problem;
}

std::optional<Problem> Call::run_many(std::uint64_t index, std::uint64_t count, signature::View rows,
                                      std::uint64_t stride, std::span<std::byte> room, std::uint64_t result_size,
                                      volatile std::uint64_t* done) {
  prepare(index, rows, room);
  done_ = done;
  auto problem = guarded([&] { return verdict(call_.self->run_many(&call_, count, stride, result_size, done)); });
  done_ = nullptr;
  return problem;
}

gantry_status Call::emit(gantry_call* call, const void* bytes, std::uint64_t size) {
  const std::array<signature::View, 1> pieces{signature::View(static_cast<const std::byte*>(bytes), size)};
  return owner(call).give(pieces);
}

gantry_status Call::emit_pieces(gantry_call* call, const gantry_piece* pieces, std::uint64_t count) {
  constexpr std::uint64_t most = 16;
  Call& self = owner(call);
  std::array<signature::View, most> views;
  if (count > most) {
    self.refused_ = {"result", fmt::format("the function gave its result in {} pieces; the most is {}", count, most)};
    return GANTRY_FAILED;
  }
  for (std::uint64_t i = 0; i < count; ++i) {
    views[i] = signature::View(static_cast<const std::byte*>(pieces[i].data), pieces[i].size);
  }
  return self.give(std::span(views).first(count));
}

// What follows may be called in a child that the task forked, and that is to become another program: there is no host
// to ask, and what the child says is like what it prints. A child that gives a result has come back.

/// Runs a request that may need memory; without it the task fails.
template <class Request>
gantry_status Call::hold(gantry_call* call, Request request) {
  if (is_forked()) return GANTRY_FAILED;
  Holdings& holdings = owner(call).holdings_;
  try {
    return request(holdings);
  } catch (const std::bad_alloc&) {
    holdings.problem() = Problem{"too-large", "there is no memory for what it keeps or finds"};
    return GANTRY_FAILED;
  }
}

gantry_status Call::keep(gantry_call* call, const gantry_pin* pin) {
  return hold(call, [&](Holdings& holdings) { return holdings.keep(*pin); });
}

gantry_status Call::find(gantry_call* call, gantry_pin* pin) {
  return hold(call, [&](Holdings& holdings) { return holdings.find(*pin); });
}

gantry_status Call::give_descriptor(gantry_call* call, std::int32_t descriptor) {
  return hold(call, [&](Holdings& holdings) { return holdings.give_descriptor(descriptor); });
}

gantry_status Call::find_descriptor(gantry_call* call, std::uint64_t step, std::uint64_t index,
                                    std::int32_t* descriptor) {
  return hold(call, [&](Holdings& holdings) { return holdings.find_descriptor(step, index, *descriptor); });
}

gantry_status Call::shared(gantry_call* call, gantry_shared* request) {
  if (is_forked()) return GANTRY_FAILED;
  Shares& shares = owner(call).shares_;
  try {
    return shares.ask(*request);
  } catch (const std::bad_alloc&) {
    shares.problem() = Problem{"too-large", "there is no memory for what it does with a shared object"};
    return GANTRY_FAILED;
  }
}

gantry_status Call::give(std::span<const signature::View> pieces) {
  back_from(task_name);
  if (spilled_ || taken_) {
    refused_ = {"result", "the function gave two results"};
    return GANTRY_FAILED;
  }
  std::uint64_t size = 0;
  for (const signature::View piece : pieces) {
    size = piece.size() > wire::result_cap ? wire::result_cap + 1 : std::min(size + piece.size(), wire::result_cap + 1);
    if (size > wire::result_cap) break;
  }
  if (size > wire::result_cap) {
    const std::uint64_t told = pieces.size() == 1 ? pieces[0].size() : size;
    refused_ = {"too-large", fmt::format("the result has {} bytes; the most is {}", told, wire::result_cap)};
    return GANTRY_FAILED;
  }
  try {
    auto taken = taker_->take(pieces);
    if (!taken) {
      refused_ = std::move(taken).error();
      return GANTRY_FAILED;
    }
    taken_ = *taken;
    if (taken_) return GANTRY_OK;
    spilled_.emplace();
    spilled_->reserve(size);
    for (const signature::View piece : pieces) signature::append(*spilled_, piece);
    return GANTRY_OK;
  } catch (const std::bad_alloc&) {
    refused_ = {"too-large", fmt::format("there is no memory for a result of {} bytes", size)};
    return GANTRY_FAILED;
  }
}

void Call::fail(gantry_call* call, gantry_text kind, gantry_text message) {
  const std::string_view word = view(kind);
  owner(call).said_ =
      Problem{wire::cut(word.empty() ? "error" : word, wire::kind_cap), wire::cut(view(message), wire::text_cap)};
}

std::int32_t Call::cancelled(const gantry_call* call) {
  if (is_forked()) return 0;
  const Call& self = *static_cast<const Call*>(call->worker);
  return self.channel_->is_cancelled(self.since_) ? 1 : 0;
}

// For people: more often than they can look is too often. What is no fraction is taken for the nearest one.
void Call::progress(gantry_call* call, double fraction, gantry_text text) {
  constexpr std::uint64_t every_ns = 50'000'000;
  if (is_forked()) return;
  Call& self = owner(call);
  const std::uint64_t now = wire::monotonic_ns();
  if (self.broken_ || (self.told_ != 0 && now - self.told_ < every_ns)) return;
  self.told_ = now;
  const double part = fraction > 0 ? std::min(fraction, 1.0) : 0.0;
  auto sent = self.channel_->report(self.lease_, wire::ProgressReport{self.index_, part, std::string(view(text))});
  if (!sent) self.broken_ = std::move(sent).error();
}

void Call::log(gantry_call* call, std::int32_t level, gantry_text text) {
  if (is_forked()) return say_log(level, view(text));
  Call& self = owner(call);
  const std::uint64_t index = self.index_ + (self.done_ == nullptr ? 0 : *self.done_);
  const std::int32_t known = std::clamp<std::int32_t>(level, GANTRY_LOG_DEBUG, GANTRY_LOG_ERROR);
  std::string_view left = view(text);
  do {
    const std::string_view piece = left.substr(0, wire::log_cap);
    left.remove_prefix(piece.size());
    if (self.broken_) return;
    auto sent = self.channel_->report(self.lease_, wire::LogReport{index, 1, known, std::string(piece)});
    if (!sent) self.broken_ = std::move(sent).error();
  } while (!left.empty());
}

}  // namespace gantry::worker
