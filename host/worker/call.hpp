// One call into a plugin: the gantry_call that it gets, and what it says through it. The functions behind emit, fail
// and log never throw into the plugin.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gantry/abi.h"
#include "signature/bytes.hpp"
#include "signature/error.hpp"
#include "wire/worker_channel.hpp"
#include "worker/holdings.hpp"
#include "worker/module.hpp"
#include "worker/problem.hpp"
#include "worker/shares.hpp"

namespace gantry::worker {

/// Takes large results while the plugin still holds them, so that they are copied once.
class Taker {
 public:
  Taker() = default;
  Taker(const Taker&) = delete;
  Taker& operator=(const Taker&) = delete;
  virtual ~Taker() = default;
  /// The pieces one after the other are the result. False: not such a result; copy it. Problem: it is no value.
  [[nodiscard]] virtual std::expected<bool, Problem> take(std::span<const signature::View> pieces) = 0;
};

/// Used again for every call of a chunk.
class Call {
 public:
  Call(wire::WorkerChannel& channel, Taker& taker, Residents& residents);
  Call(const Call&) = delete;  // the plugin holds a pointer to it
  Call& operator=(const Call&) = delete;

  /// What is equal for all tasks of a chunk.
  void open(const wire::Work& work, const gantry_function& function, const signature::Type& result,
            const Module& module);
  /// The batch that runs began then (CLOCK_MONOTONIC ns); with a time limit it is one task.
  void began(std::uint64_t now);

  /// Calls `run` for the task `index`. The value is in `room` (result_size() bytes), or in spilled().
  [[nodiscard]] std::optional<Problem> run(std::uint64_t index, signature::View arguments, std::span<std::byte> room);
  /// Calls `run_many` for the tasks from `index`; `done` counts them as they finish. A problem is the one of task
  /// `done`.
  [[nodiscard]] std::optional<Problem> run_many(std::uint64_t index, std::uint64_t count, signature::View rows,
                                                std::uint64_t stride, std::span<std::byte> room,
                                                std::uint64_t result_size, volatile std::uint64_t* done);

  [[nodiscard]] std::uint64_t result_size() const { return call_.result_size; }
  /// Of the value, wherever it is.
  [[nodiscard]] std::uint64_t given_size() const { return spilled_ ? spilled_->size() : call_.result_size; }
  /// The value, if it was given by emit.
  [[nodiscard]] const std::optional<signature::Bytes>& spilled() const { return spilled_; }
  /// The value went to the taker.
  [[nodiscard]] bool taken() const { return taken_; }
  /// The task's time limit has passed.
  [[nodiscard]] bool is_late() const;
  /// The channel broke while the task logged.
  [[nodiscard]] const std::optional<host::Error>& broken() const {
    if (broken_) return broken_;
    return shares_.broken() ? shares_.broken() : holdings_.broken();
  }
  /// What the tasks do with shared objects.
  [[nodiscard]] Shares& shares() { return shares_; }
  /// What they take and give that is no bytes.
  [[nodiscard]] Holdings& holdings() { return holdings_; }

 private:
  static gantry_status emit(gantry_call* call, const void* bytes, std::uint64_t size);
  static gantry_status shared(gantry_call* call, gantry_shared* request);
  template <class Request>
  static gantry_status hold(gantry_call* call, Request request);
  static gantry_status keep(gantry_call* call, const gantry_pin* pin);
  static gantry_status find(gantry_call* call, gantry_pin* pin);
  static gantry_status give_descriptor(gantry_call* call, std::int32_t descriptor);
  static gantry_status find_descriptor(gantry_call* call, std::uint64_t step, std::uint64_t index,
                                       std::int32_t* descriptor);
  static gantry_status emit_pieces(gantry_call* call, const gantry_piece* pieces, std::uint64_t count);
  gantry_status give(std::span<const signature::View> pieces);
  static void fail(gantry_call* call, gantry_text kind, gantry_text message);
  static void log(gantry_call* call, std::int32_t level, gantry_text text);
  static std::int32_t cancelled(const gantry_call* call);
  static void progress(gantry_call* call, double fraction, gantry_text text);
  void prepare(std::uint64_t index, signature::View arguments, std::span<std::byte> room);
  [[nodiscard]] std::optional<Problem> verdict(gantry_status status);

  wire::WorkerChannel* channel_;
  Taker* taker_;
  Shares shares_;
  Holdings holdings_;
  gantry_call call_{};
  std::string step_;
  std::uint64_t lease_ = 0;
  std::uint64_t serial_ = 0;  ///< of the assignment that step_ and step_seed_ are of
  std::uint64_t step_seed_ = 0;
  std::uint64_t index_ = 0;                       ///< of the call's first task
  const volatile std::uint64_t* done_ = nullptr;  ///< of run_many
  std::uint64_t timeout_ns_ = 0;                  ///< of one task; 0: none
  std::uint64_t since_ = 0;                       ///< when the batch began
  std::uint64_t told_ = 0;                        ///< when the task last told how far it is
  bool indexed_ = true;
  bool taken_ = false;
  std::optional<signature::Bytes> spilled_;
  std::optional<Problem> said_;     ///< by fail
  std::optional<Problem> refused_;  ///< by emit: holds whatever the function returns
  std::optional<host::Error> broken_;
};

}  // namespace gantry::worker
