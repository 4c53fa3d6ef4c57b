// Many calls in one, for functions whose parameters and result are all scalars: no archives, a loop over rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <utility>

#include <gantry/detail/run.hpp>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {
namespace detail {

template <class... P>
constexpr std::size_t row_size(const std::tuple<P...>*) {
  return (sizeof(P) + ... + std::size_t{0});
}

template <class T>
void read_scalar(const std::byte*& from, T& to) {
  if constexpr (std::is_same_v<T, bool>) {
    const auto read = std::to_integer<std::uint8_t>(*from);
    if (read > 1) [[unlikely]]
      refuse_bytes("a bool must be 0 or 1", read, 1);
    to = read == 1;
  } else {
    std::memcpy(&to, from, sizeof to);
  }
  from += sizeof(T);
}

/// True when `count` rows of `size` bytes, `stride` apart, lie within `available` bytes.
constexpr bool rows_fit(std::uint64_t count, std::uint64_t stride, std::uint64_t size, std::uint64_t available) {
  if (size > available) return false;
  return count <= 1 || stride == 0 || (available - size) / stride >= count - 1;
}

template <auto F, std::size_t... I>
gantry_status loop(gantry_call& call, std::uint64_t count, std::uint64_t arguments_stride, std::uint64_t room_stride,
                   volatile std::uint64_t& done, Phase& phase, std::index_sequence<I...>) {
  using Shape = ShapeOf<F>;
  using Value = typename Shape::Value;
  const auto* row = static_cast<const std::byte*>(call.arguments);
  auto* room = static_cast<std::byte*>(call.room);
  for (std::uint64_t task = 0; task < count; ++task, row += arguments_stride, room += room_stride) {
    [[maybe_unused]] const std::byte* at = row;
    typename Shape::Held held{};
    phase = Phase::decode;
    (read_scalar(at, std::get<I>(held)), ...);
    phase = Phase::call;
    Value value{};
    if constexpr (Shape::can_fail) {
      const auto result = call_with<F>(call, held, typename Shape::Parameters{}, std::index_sequence<I...>{});
      if (!result) return report(call, result.error().kind, result.error().message);
      value = *result;
    } else {
      value = call_with<F>(call, held, typename Shape::Parameters{}, std::index_sequence<I...>{});
    }
    std::memcpy(room, &value, sizeof value);
    done = task + 1;
  }
  return GANTRY_OK;
}

/// gantry_function.run_many of F.
template <auto F>
gantry_status run_many(gantry_call* call, std::uint64_t count, std::uint64_t arguments_stride,
                       std::uint64_t room_stride, volatile std::uint64_t* done) noexcept {
  using Shape = ShapeOf<F>;
  constexpr std::size_t arguments = row_size(static_cast<typename Shape::Held*>(nullptr));
  constexpr std::size_t result = sizeof(typename Shape::Value);
  if (count == 0) return GANTRY_OK;
  if (!rows_fit(count, arguments_stride, arguments, call->arguments_size) ||
      (arguments_stride != 0 && arguments_stride < arguments)) {
    return report(*call, "decode", "the rows of arguments do not lie within their bytes");
  }
  if (!rows_fit(count, room_stride, result, call->room_size) || (count > 1 && room_stride < result)) {
    return report(*call, "encode", "the rows of results do not lie within their room");
  }
  Phase phase = Phase::decode;
  try {
    return loop<F>(*call, count, arguments_stride, room_stride, *done, phase, std::make_index_sequence<Shape::arity>{});
  } catch (...) {
    return report_exception(*call, {.phase = phase});
  }
}

}  // namespace detail
}  // namespace sdk1
}  // namespace gantry
