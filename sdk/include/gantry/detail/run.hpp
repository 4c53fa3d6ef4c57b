// One call: decode the arguments, call the function, encode its result; whatever goes wrong leaves by `fail`.
#pragma once

#include <cxxabi.h>
#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <typeinfo>
#include <utility>

#include <cstdlib>

#include <gantry/abi.h>
#include <gantry/context.hpp>
#include <gantry/detail/pin.hpp>
#include <gantry/detail/reader.hpp>
#include <gantry/detail/traits.hpp>
#include <gantry/detail/visit.hpp>
#include <gantry/detail/writer.hpp>
#include <gantry/fd.hpp>
#include <gantry/pinned.hpp>
#include <gantry/shared.hpp>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {
namespace detail {

constexpr std::size_t longest_message = 4096;

/// What a call is at: decides the kind of an exception that ends it.
enum class Phase : std::uint8_t { decode, call, encode };

/// The archives of one plugin on one thread, built at the first call and kept for ever in gantry_call.scratch.
struct Scratch {
  Reader reader;
  Writer writer;
  Phase phase = Phase::decode;
  std::size_t argument = 0;  ///< position from 1 of the one being decoded
};

[[gnu::cold, gnu::noinline]] inline Scratch& new_scratch(void** place) {
  *place = std::make_unique<Scratch>().release();  // the place owns it, and is never emptied
  return *static_cast<Scratch*>(*place);
}
inline Scratch& scratch_of(const gantry_call& call) {
  if (*call.scratch == nullptr) [[unlikely]]
    return new_scratch(call.scratch);
  return *static_cast<Scratch*>(*call.scratch);
}

/// Hands both texts over, the message cut to 4 KiB at a character's start.
[[gnu::cold, gnu::noinline]] inline gantry_status report(gantry_call& call, std::string_view kind,
                                                         std::string_view message) {
  if (message.size() > longest_message) {
    std::size_t cut = longest_message;
    while (cut > 0 && (static_cast<unsigned char>(message[cut]) & 0xC0u) == 0x80u) --cut;
    message = message.substr(0, cut);
  }
  if (kind.empty()) kind = "error";
  call.fail(&call, {kind.data(), kind.size()}, {message.data(), message.size()});
  return GANTRY_FAILED;
}

/// The type of an exception that is no std::exception, as its author wrote it.
inline std::string thrown_type() {
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (type == nullptr) return "an unknown type";
  const std::unique_ptr<char, decltype(&std::free)> name(abi::__cxa_demangle(type->name(), nullptr, nullptr, nullptr),
                                                         &std::free);
  return name ? name.get() : type->name();
}

/// What a call was at when an exception ended it.
struct Fault {
  Phase phase = Phase::call;
  std::size_t argument = 0;                ///< position from 1 of the one being decoded
  const Visits* visits = nullptr;          ///< of what was being decoded or encoded
  std::string (*result_type)() = nullptr;  ///< names it
};

/// "argument 2, in the field `x` of Point: ", and the like.
inline std::string place_of(const Fault& fault, bool name_type) {
  std::string place;
  if (fault.phase == Phase::decode && fault.argument != 0) place = "argument " + std::to_string(fault.argument);
  if (fault.phase == Phase::encode) place = "the result";
  if (place.empty()) return place;
  if (name_type && fault.result_type != nullptr) place += ", " + fault.result_type();
  if (const std::string field = fault.visits->place(); !field.empty()) place += ", " + field;
  return place + ": ";
}

/// To be called in a handler: names the exception that is being handled.
[[gnu::cold, gnu::noinline]] inline gantry_status report_exception(gantry_call& call, const Fault& fault) noexcept {
  const std::string_view kind = fault.phase == Phase::decode   ? "decode"
                                : fault.phase == Phase::encode ? "encode"
                                                               : "exception";
  try {
    try {
      throw;
    } catch (const TooLarge& exception) {
      return report(call, "too-large", place_of(fault, true) + exception.what());
    } catch (const std::exception& exception) {
      return report(call, kind, place_of(fault, false) + exception.what());
    } catch (...) {
      return report(call, kind,
                    place_of(fault, false) + "an exception of type " + thrown_type() + ", which is no std::exception");
    }
  } catch (...) {  // no memory left for the sentence
    return report(call, kind, "an exception, and no memory to say which");
  }
}

[[nodiscard]] inline bool has_residents(const gantry_call& call) {
  return call.struct_size >= offsetof(gantry_call, find_descriptor) + sizeof call.find_descriptor &&
         call.find_descriptor != nullptr;
}

template <class T>
[[nodiscard]] gantry_pin pin_of() {
  constexpr std::string_view type = PinName<T>::get();
  constexpr std::string_view layout = layout_of<T>();
  gantry_pin pin{};
  pin.struct_size = sizeof pin;
  pin.type = {type.data(), type.size()};
  pin.layout = {layout.data(), layout.size()};
  return pin;
}

/// The object that the argument means: it is in this worker.
template <class T>
[[nodiscard]] T& find_pinned(gantry_call& call, Reader& reader) {
  gantry_pin pin = pin_of<std::remove_const_t<T>>();
  reader.value(pin.step);
  reader.value(pin.index);
  if (call.find(&call, &pin) != GANTRY_OK) throw Stopped();
  return *static_cast<T*>(pin.object);
}

[[nodiscard]] inline Fd find_open_file(gantry_call& call, Reader& reader) {
  std::uint64_t step = 0;
  std::uint64_t index = 0;
  reader.value(step);
  reader.value(index);
  std::int32_t descriptor = -1;
  if (call.find_descriptor(&call, step, index, &descriptor) != GANTRY_OK) throw Stopped();
  return Fd::duplicate(descriptor);
}

template <class T>
void decode_one(gantry_call& call, Scratch& scratch, T& to) {
  if constexpr (is_shared<T>)
    to = T(call, scratch.reader, scratch.writer);
  else if constexpr (is_ref<T>)
    to = T(find_pinned<typename T::Object>(call, scratch.reader));
  else if constexpr (is_fd<T>)
    to = find_open_file(call, scratch.reader);
  else
    scratch.reader.value(to);
}

template <class Held, std::size_t... I>
void decode_all(gantry_call& call, Scratch& scratch, Held& held, std::index_sequence<I...>) {
  scratch.phase = Phase::decode;
  scratch.argument = 0;
  scratch.reader.start({static_cast<const std::byte*>(call.arguments), call.arguments_size});
  ((scratch.argument = I + 1, decode_one(call, scratch, std::get<I>(held))), ...);
  scratch.argument = 0;
  scratch.reader.finish();
  scratch.phase = Phase::call;
}

template <auto F, class... P, class Held, std::size_t... I>
decltype(auto) call_with(gantry_call& call, Held& held, List<P...>, std::index_sequence<I...>) {
  constexpr auto function = pointer_to<F>();
  using Object = typename ShapeOf<F>::State;
  if constexpr (!std::is_void_v<Object>) {
    const State<Object> state(*static_cast<Object*>(call.state));
    if constexpr (ShapeOf<F>::wants_context) {
      Context context(call);
      return function(context, state, static_cast<P&&>(std::get<I>(held))...);
    } else {
      return function(state, static_cast<P&&>(std::get<I>(held))...);
    }
  } else if constexpr (ShapeOf<F>::wants_context) {
    Context context(call);
    return function(context, static_cast<P&&>(std::get<I>(held))...);
  } else {
    return function(static_cast<P&&>(std::get<I>(held))...);
  }
}

/// Is the state of the plugin here? A worker of an older minor version makes none.
inline bool has_state(const gantry_call& call) {
  return call.struct_size >= offsetof(gantry_call, state) + sizeof call.state && call.state != nullptr;
}

/// A list whose memory is its encoding: all but the count before it.
template <class T>
constexpr bool is_plain_list = false;
template <class E>
constexpr bool is_plain_list<std::vector<E>> = plain_size<E> != 0;

/// A long list goes from where it lies, if the worker knows how.
template <class T>
bool lies_ready(const gantry_call& call, const T& value) {
  return sizeof(std::uint64_t) + value.size() * sizeof(value[0]) > call.room_size &&
         call.struct_size >= offsetof(gantry_call, emit_pieces) + sizeof call.emit_pieces &&
         call.emit_pieces != nullptr;
}

template <class T>
gantry_status give(gantry_call& call, Scratch& scratch, const T& value) {
  scratch.phase = Phase::encode;
  scratch.writer.start({static_cast<std::byte*>(call.room), call.room_size});
  if constexpr (is_plain_list<T>) {
    if (lies_ready(call, value)) {
      const std::uint64_t count = value.size();
      scratch.writer.expect_size(sizeof count + count * sizeof(value[0]));
      const std::array<gantry_piece, 2> pieces{{{&count, sizeof count}, {value.data(), count * sizeof(value[0])}}};
      return call.emit_pieces(&call, pieces.data(), pieces.size());
    }
  }
  scratch.writer.value(value);
  const std::span<const std::byte> written = scratch.writer.written();
  if (scratch.writer.outside()) [[unlikely]]
    return call.emit(&call, written.data(), written.size());
  call.result_size = written.size();
  return GANTRY_OK;
}

/// The worker owns the object from now on, whatever it answers.
template <class T>
gantry_status keep(gantry_call& call, Pinned<T>& value) {
  if (value.get() == nullptr) return report(call, "result", "the function returned a gantry::Pinned without an object");
  gantry_pin pin = pin_of<T>();
  pin.object = value.release().release();
  pin.destroy = [](void* object) { const std::unique_ptr<T> owned(static_cast<T*>(object)); };
  call.result_size = 0;
  return call.keep(&call, &pin);
}

inline gantry_status keep(gantry_call& call, Fd& value) {
  if (!value) return report(call, "result", "the function returned a gantry::Fd without a descriptor");
  call.result_size = 0;
  return call.give_descriptor(&call, value.release());
}

template <auto F>
gantry_status run_checked(gantry_call& call, Scratch& scratch) {
  using Shape = ShapeOf<F>;
  constexpr std::make_index_sequence<Shape::arity> positions{};
  if constexpr (!std::is_void_v<typename Shape::State>) {
    if (!has_state(call))
      return report(call, "plugin", "the plugin's state is not there: this gantry is too old for it");
  }
  if constexpr (Shape::wants_shared) {
    if (!has_shared(call)) return report(call, "plugin", "this worker knows nothing of shared objects: update gantry");
  }
  if constexpr (Shape::wants_residents) {
    if (!has_residents(call))
      return report(call, "plugin", "this worker knows nothing of pinned values and open files: update gantry");
  }
  typename Shape::Held held{};
  decode_all(call, scratch, held, positions);
  if constexpr (is_pinned<typename Shape::Value> || is_fd<typename Shape::Value>) {
    auto result = call_with<F>(call, held, typename Shape::Parameters{}, positions);
    if constexpr (Shape::can_fail) {
      if (!result) return report(call, result.error().kind, result.error().message);
      return keep(call, *result);
    } else {
      return keep(call, result);
    }
  } else if constexpr (std::is_void_v<typename Shape::Result>) {
    call_with<F>(call, held, typename Shape::Parameters{}, positions);
    call.result_size = 0;
    return GANTRY_OK;
  } else {
    const auto& result = call_with<F>(call, held, typename Shape::Parameters{}, positions);
    if constexpr (Shape::can_fail) {
      if (!result) return report(call, result.error().kind, result.error().message);
      if constexpr (std::is_void_v<typename Shape::Value>) {
        call.result_size = 0;
        return GANTRY_OK;
      } else {
        return give(call, scratch, *result);
      }
    } else {
      return give<typename Shape::Value>(call, scratch, result);
    }
  }
}

/// gantry_function.run of F.
template <auto F>
gantry_status run(gantry_call* call) noexcept {
  Scratch* scratch = nullptr;
  try {
    scratch = &scratch_of(*call);
    return run_checked<F>(*call, *scratch);
  } catch (const Stopped&) {
    return GANTRY_FAILED;
  } catch (...) {
    if (scratch == nullptr) return report(*call, "exception", "no memory for the plugin's archives");
    const Visits& visits = scratch->phase == Phase::decode ? scratch->reader.visits() : scratch->writer.visits();
    return report_exception(*call,
                            {scratch->phase, scratch->argument, &visits, &readable_name<typename ShapeOf<F>::Value>});
  }
}

}  // namespace detail
}  // namespace sdk1
}  // namespace gantry
