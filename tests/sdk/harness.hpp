// A worker of one screen: calls a gantry_function by hand and keeps all that it says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gantry/abi.h>

namespace harness {

using Bytes = std::vector<std::byte>;

/// Little-endian bytes of scalars, one after the other.
template <class... T>
Bytes packed(T... values) {
  Bytes bytes;
  const auto add = [&](const void* from, std::size_t size) {
    const auto* first = static_cast<const std::byte*>(from);
    bytes.insert(bytes.end(), first, first + size);
  };
  (add(&values, sizeof values), ...);
  return bytes;
}

inline std::string hex(std::span<const std::byte> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : bytes) {
    if (!text.empty()) text += ' ';
    text += digits[std::to_integer<unsigned>(byte) >> 4];
    text += digits[std::to_integer<unsigned>(byte) & 15];
  }
  return text;
}

struct Logged {
  std::int32_t level;
  std::string text;
};

/// A pinned value, as a worker holds it.
struct Kept {
  void* object = nullptr;
  void (*destroy)(void*) = nullptr;
  std::string type;
  std::string layout;
};

/// What came of a call.
struct Told {
  gantry_status status = GANTRY_FAILED;
  Bytes result;
  bool emitted = false;
  int pieced = 0;  ///< results given in pieces
  int failures = 0;
  std::string kind;
  std::string message;
  std::vector<Logged> logged;
  Kept kept;            ///< as a pinned value
  int descriptor = -1;  ///< given as an open file; the test's to close

  template <class T>
  [[nodiscard]] T as() const {
    T value{};
    if (result.size() == sizeof value) std::memcpy(&value, result.data(), sizeof value);
    return value;
  }
};

/// A place for a plugin's archives, NULL at first. As in a worker, neither it nor what it will hold is ever freed.
inline void** new_scratch_place() {
  static std::deque<void*>* const places = std::make_unique<std::deque<void*>>().release();
  return &places->emplace_back(nullptr);
}

/// One plugin on one thread.
class Caller {
 public:
  explicit Caller(std::size_t room_size = 256) : room_(room_size) {}

  std::string step = "total";
  std::uint64_t index = GANTRY_NO_INDEX;
  std::uint64_t seed = 0;
  std::uint32_t attempt = 1;

  /// What find and find_descriptor find, by the index of the task that made it.
  std::map<std::uint64_t, Kept> kept;
  std::map<std::uint64_t, int> files;

  [[nodiscard]] void* scratch() const { return *scratch_; }

  /// A call with all that a worker fills in; `told` and `arguments` must outlive it.
  gantry_call prepare(const gantry_function& function, std::span<const std::byte> arguments, Told& told) {
    gantry_call call{};
    call.struct_size = sizeof call;
    call.attempt = attempt;
    call.self = &function;
    call.worker = &told;
    call.arguments = arguments.data();
    call.arguments_size = arguments.size();
    call.room = room_.data();
    call.room_size = room_.size();
    call.scratch = scratch_;
    call.step = {step.data(), step.size()};
    call.index = index;
    call.seed = seed;
    call.emit = [](gantry_call* self, const void* from, std::uint64_t size) -> gantry_status {
      auto& to = *static_cast<Told*>(self->worker);
      const auto* first = static_cast<const std::byte*>(from);
      to.result.assign(first, first + size);
      to.emitted = true;
      return GANTRY_OK;
    };
    call.emit_pieces = [](gantry_call* self, const gantry_piece* pieces, std::uint64_t count) -> gantry_status {
      auto& to = *static_cast<Told*>(self->worker);
      for (std::uint64_t i = 0; i < count; ++i) {
        const auto* first = static_cast<const std::byte*>(pieces[i].data);
        to.result.insert(to.result.end(), first, first + pieces[i].size);
      }
      to.emitted = true;
      ++to.pieced;
      return GANTRY_OK;
    };
    call.fail = [](gantry_call* self, gantry_text kind, gantry_text message) {
      auto& to = *static_cast<Told*>(self->worker);
      ++to.failures;
      to.kind.assign(kind.data, kind.size);
      to.message.assign(message.data, message.size);
    };
    call.log = [](gantry_call* self, std::int32_t level, gantry_text text) {
      static_cast<Told*>(self->worker)->logged.push_back({level, std::string(text.data, text.size)});
    };
    finds_ = this;
    call.keep = [](gantry_call* self, const gantry_pin* pin) -> gantry_status {
      auto& to = *static_cast<Told*>(self->worker);
      to.kept = {pin->object, pin->destroy, {pin->type.data, pin->type.size}, {pin->layout.data, pin->layout.size}};
      to.emitted = true;
      return GANTRY_OK;
    };
    call.find = [](gantry_call*, gantry_pin* pin) -> gantry_status {
      const auto found = finds_->kept.find(pin->index);
      if (found == finds_->kept.end() || found->second.layout != std::string_view(pin->layout.data, pin->layout.size) ||
          found->second.type != std::string_view(pin->type.data, pin->type.size)) {
        return GANTRY_FAILED;
      }
      pin->object = found->second.object;
      return GANTRY_OK;
    };
    call.give_descriptor = [](gantry_call* self, std::int32_t descriptor) -> gantry_status {
      auto& to = *static_cast<Told*>(self->worker);
      to.descriptor = descriptor;
      to.emitted = true;
      return GANTRY_OK;
    };
    call.find_descriptor = [](gantry_call*, std::uint64_t, std::uint64_t at,
                              std::int32_t* descriptor) -> gantry_status {
      const auto found = finds_->files.find(at);
      if (found == finds_->files.end()) return GANTRY_FAILED;
      *descriptor = found->second;
      return GANTRY_OK;
    };
    return call;
  }

  Told run(const gantry_function& function, std::span<const std::byte> arguments) {
    Told told;
    gantry_call call = prepare(function, arguments, told);
    told.status = function.run(&call);
    if (told.status == GANTRY_OK && !told.emitted) {
      told.result.assign(room_.begin(), room_.begin() + static_cast<std::ptrdiff_t>(call.result_size));
    }
    return told;
  }

  [[nodiscard]] std::span<std::byte> room() { return room_; }

 private:
  static inline Caller* finds_ = nullptr;  ///< whose kept and files the call in progress finds
  Bytes room_;
  void** scratch_ = new_scratch_place();
};

/// The signature, or "error: why there is none".
inline std::string signature(const gantry_function& function) {
  if (function.signature != nullptr) return function.signature;
  std::string text;
  const auto append = [](void* to, const char* from, std::uint64_t size) {
    static_cast<std::string*>(to)->append(from, size);
  };
  if (function.spell(&function, &text, append, append) != GANTRY_OK) return "error: " + text;
  return text;
}

/// The `nth` overload called `name`, or NULL.
inline const gantry_function* find(const gantry_descriptor& descriptor, std::string_view name, std::size_t nth = 0) {
  for (std::uint64_t i = 0; i < descriptor.function_count; ++i) {
    if (descriptor.functions[i]->name == name && nth-- == 0) return descriptor.functions[i];
  }
  return nullptr;
}

}  // namespace harness
