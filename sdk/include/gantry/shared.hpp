// What tasks share: a pipeline declares queues, counters and arrays under `shared:`, and passes them by `$shared.name`
// to parameters `gantry::Queue<T>&`, `gantry::Counter&`, `gantry::Array<T>&`. The host keeps them: no lock, no memory
// is shared with another process. What a task puts or adds takes effect once, when the task has its value; if the task
// fails or its process dies, it takes none, and what it took from a queue by an attempt that died goes back. Handles
// live for one call, on the thread that runs it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <gantry/abi.h>
#include <gantry/detail/reader.hpp>
#include <gantry/detail/writer.hpp>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {
namespace detail {

/// Ends a task that failed in a request; the worker knows why.
struct Stopped {};

/// The way from one parameter to its object.
class Handle {
 public:
  Handle() = default;
  Handle(gantry_call& call, Reader& reader, Writer& writer) : call_(&call), reader_(&reader), writer_(&writer) {
    reader.value(object_);
  }

  [[nodiscard]] gantry_shared request(std::uint32_t what) const {
    gantry_shared made{};
    made.struct_size = sizeof made;
    made.object = object_;
    made.request = what;
    return made;
  }
  gantry_status ask(gantry_shared& request) const {
    const gantry_status status = call_->shared(call_, &request);
    if (status == GANTRY_FAILED) [[unlikely]]
      throw Stopped();
    return status;
  }
  /// The value of an answer.
  template <class T>
  void read(const gantry_shared& answer, T& to) const {
    reader_->start({static_cast<const std::byte*>(answer.data), answer.size});
    reader_->value(to);
    reader_->finish();
  }
  /// Of a value to be sent; valid until the next.
  template <class T>
  [[nodiscard]] std::span<const std::byte> write(const T& value) const {
    writer_->start({});
    writer_->value(value);
    return writer_->written();
  }

 private:
  gantry_call* call_ = nullptr;
  Reader* reader_ = nullptr;
  Writer* writer_ = nullptr;
  std::uint32_t object_ = 0;
};

[[nodiscard]] inline bool has_shared(const gantry_call& call) {
  return call.struct_size >= offsetof(gantry_call, shared) + sizeof call.shared && call.shared != nullptr;
}

}  // namespace detail

/// Values in the order in which they were put; each is taken by one task.
template <class T>
class Queue {
 public:
  using Element = T;
  Queue() = default;  ///< for the SDK: empty-handed
  Queue(gantry_call& call, detail::Reader& reader, detail::Writer& writer) : handle_(call, reader, writer) {}

  /// The next value; waits for one. Nothing: the queue is empty, and nobody will put any more, because it was closed,
  /// or because every task that could put has ended or waits here too.
  [[nodiscard]] std::optional<T> get() { return take(GANTRY_WAIT_FOREVER); }
  /// The same, but waits only so long; ended() tells why there is nothing.
  template <class Rep, class Period>
  [[nodiscard]] std::optional<T> get(std::chrono::duration<Rep, Period> at_most) {
    const auto wait = std::chrono::duration_cast<std::chrono::nanoseconds>(at_most).count();
    return take(wait > 0 ? static_cast<std::uint64_t>(wait) : 0);
  }
  /// A value that is there now.
  [[nodiscard]] std::optional<T> try_get() { return take(0); }
  /// The last get found the queue at its end.
  [[nodiscard]] bool ended() const { return ended_; }

  /// Others see the value once this task has its own; this task never does.
  void put(const T& value) {
    const auto bytes = handle_.write(value);
    gantry_shared request = handle_.request(GANTRY_QUEUE_PUT);
    request.data = bytes.data();
    request.size = bytes.size();
    handle_.ask(request);
  }
  /// Nobody will put any more, once this task has its value; what is in the queue can still be taken.
  void close() {
    gantry_shared request = handle_.request(GANTRY_QUEUE_CLOSE);
    handle_.ask(request);
  }

 private:
  std::optional<T> take(std::uint64_t wait_ns) {
    gantry_shared request = handle_.request(GANTRY_QUEUE_GET);
    request.wait_ns = wait_ns;
    const gantry_status status = handle_.ask(request);
    ended_ = status == GANTRY_ENDED;
    std::optional<T> value;
    if (status == GANTRY_OK) handle_.read(request, value.emplace());
    return value;
  }

  detail::Handle handle_;
  bool ended_ = false;
};

/// An i64 that tasks add to.
class Counter {
 public:
  Counter() = default;  ///< for the SDK: empty-handed
  Counter(gantry_call& call, detail::Reader& reader, detail::Writer& writer) : handle_(call, reader, writer) {}

  void add(std::int64_t change = 1) {
    gantry_shared request = handle_.request(GANTRY_COUNTER_ADD);
    request.data = &change;
    request.size = sizeof change;
    handle_.ask(request);
  }
  /// What tasks have added that have their value, and this task so far.
  [[nodiscard]] std::int64_t load() const {
    gantry_shared request = handle_.request(GANTRY_COUNTER_LOAD);
    handle_.ask(request);
    std::int64_t value = 0;
    handle_.read(request, value);
    return value;
  }

 private:
  detail::Handle handle_;
};

/// Numbers that tasks add to, by position.
template <class T>
class Array {
 public:
  using Element = T;
  Array() = default;  ///< for the SDK: empty-handed
  Array(gantry_call& call, detail::Reader& reader, detail::Writer& writer) : handle_(call, reader, writer) {
    reader.value(size_);
  }

  [[nodiscard]] std::uint64_t size() const { return size_; }
  void add(std::uint64_t index, T change) {
    check(index);
    gantry_shared request = handle_.request(GANTRY_ARRAY_ADD);
    request.index = index;
    request.data = &change;
    request.size = sizeof change;
    handle_.ask(request);
  }
  /// What tasks have added that have their value, and this task so far.
  [[nodiscard]] T load(std::uint64_t index) const {
    check(index);
    return load(index, 1).front();
  }
  /// All of it, as it is at one moment.
  [[nodiscard]] std::vector<T> load_all() const { return load(0, size_); }

 private:
  void check(std::uint64_t index) const {
    if (index >= size_)
      throw std::out_of_range("a shared array has " + std::to_string(size_) + " elements, and none at " +
                              std::to_string(index));
  }
  [[nodiscard]] std::vector<T> load(std::uint64_t index, std::uint64_t count) const {
    gantry_shared request = handle_.request(GANTRY_ARRAY_LOAD);
    request.index = index;
    request.count = count;
    handle_.ask(request);
    std::vector<T> values(count);
    if (request.size != count * sizeof(T)) throw std::length_error("a shared array came in another size");
    if (count != 0) std::memcpy(values.data(), request.data, request.size);
    return values;
  }

  detail::Handle handle_;
  std::uint64_t size_ = 0;
};

}  // namespace sdk1
}  // namespace gantry
