// Bytes into values, by the layout of sdk/README.md: a Cereal input archive over a span that believes nothing.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <gantry/detail/fields.hpp>
#include <gantry/detail/kind.hpp>
#include <gantry/detail/sentence.hpp>
#include <gantry/detail/visit.hpp>
#include <gantry/names.hpp>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {
namespace detail {

[[noreturn, gnu::cold, gnu::noinline]] inline void refuse_bytes(const char* why, std::uint64_t given,
                                                                std::uint64_t limit) {
  throw Unfit(std::string(why) + " (" + std::to_string(given) + ", but " + std::to_string(limit) + ")");
}

/// Each length is checked against the bytes left before memory is taken for it. Throws Unfit. One thread's, reused.
class Reader : public Walker<Reader, cereal::InputArchive<Reader>> {
 public:
  Reader() : Walker(this) {}

  /// The bytes are borrowed until the next start.
  void start(std::span<const std::byte> bytes) {
    at_ = bytes.data();
    left_ = bytes.size();
    visits_.start();
  }

  /// Where it is, or was when an exception was thrown.
  [[nodiscard]] const Visits& visits() const { return visits_; }

  /// Refuses bytes that belong to no value.
  void finish() const {
    if (left_ != 0) [[unlikely]]
      refuse_bytes("bytes after the last value", left_, 0);
  }

  template <class T>
  void value(T& to) {
    if constexpr (plain_size<T> != 0) {
      copy(&to, sizeof(T));
    } else if constexpr (std::is_same_v<T, bool>) {
      to = flag("a bool must be 0 or 1");
    } else if constexpr (std::is_enum_v<T>) {
      const auto index = number<std::uint32_t>();
      if (index >= Names<T>::all.size()) [[unlikely]]
        refuse_bytes("an enum's index is too large", index, Names<T>::all.size());
      to = Names<T>::all[index].value;
    } else if constexpr (std::is_same_v<T, std::string>) {
      const std::size_t size = length(1);
      to.assign(reinterpret_cast<const char*>(at_), size);
      skip(size);
    } else if constexpr (is_vector<T>) {
      list(to);
    } else if constexpr (Array<T>) {
      for (auto& element : to) value(element);
    } else if constexpr (is_optional<T>) {
      to.reset();
      if (flag("an optional must begin with 0 or 1")) value(to.emplace());
    } else if constexpr (is_tuple<T>) {
      std::apply([this](auto&... element) { (this->value(element), ...); }, to);
    } else if constexpr (is_map<T>) {
      map(to);
    } else {
      structure(to);
    }
  }

  template <class T>
  void field([[maybe_unused]] const char* name, T& member) {
    if constexpr (member_fits<std::remove_cv_t<T>>()) {
      static_assert(!std::is_const_v<T>, "a const member cannot be read back: leave out the const, or the member");
      visits_.begin();
      if constexpr (!std::is_const_v<T>) value(member);
      visits_.end<T>(name);
    }
  }
  template <class T>
  void unnamed(T&) {}  // the Speller says it

 private:
  void skip(std::size_t size) {
    at_ += size;
    left_ -= size;
  }
  void copy(void* to, std::size_t size) {
    if (left_ < size) [[unlikely]]
      refuse_bytes("the bytes end within a value", size, left_);
    std::memcpy(to, at_, size);
    skip(size);
  }
  template <class N>
  N number() {
    N read;
    copy(&read, sizeof read);
    return read;
  }
  bool flag(const char* why) {
    const auto read = number<std::uint8_t>();
    if (read > 1) [[unlikely]]
      refuse_bytes(why, read, 1);
    return read == 1;
  }
  /// A count of elements that take at least `least` bytes each.
  std::size_t length(std::size_t least) {
    const auto read = number<std::uint64_t>();
    if (read > left_ / least) [[unlikely]]
      refuse_bytes("a length needs more bytes than are left", read, left_);
    return static_cast<std::size_t>(read);
  }

  template <class E>
  void list(std::vector<E>& to) {
    if constexpr (plain_size<E> != 0) {
      const std::size_t count = length(plain_size<E>);
      if (reinterpret_cast<std::uintptr_t>(at_) % alignof(E) == 0) {  // a long list is not filled with zeros first
        const auto* from = reinterpret_cast<const E*>(at_);
        to.assign(from, from + count);
        skip(count * sizeof(E));
      } else {
        to.resize(count);
        if (count != 0) copy(to.data(), count * sizeof(E));
      }
    } else if constexpr (std::is_same_v<E, bool>) {
      const std::size_t count = length(1);
      to.resize(count);
      for (std::size_t i = 0; i < count; ++i) to[i] = flag("a bool must be 0 or 1");
    } else {
      const std::size_t count = length(1);
      to.clear();
      to.reserve(std::min(count, left_ / sizeof(E) + 1));
      for (std::size_t i = 0; i < count; ++i) value(to.emplace_back());
    }
  }

  template <class T>
  void map(T& to) {
    const std::size_t count = length(sizeof(std::uint64_t) + 1);  // a key's length, and a value
    to.clear();
    const std::string* previous = nullptr;  // nodes of both maps stay where they are
    std::string key;
    for (std::size_t i = 0; i < count; ++i) {
      value(key);
      if (previous != nullptr && !(*previous < key)) [[unlikely]]
        refuse_bytes("the keys of a map must ascend", i, i);
      const auto place = to.try_emplace(to.end(), std::move(key));
      previous = &place->first;
      value(place->second);
    }
  }

  template <class T>
  void structure(T& to) {
    visits_.enter<T>();
    call_serialize(*this, to);
    expect_fields<T, Reader>(visits_, to);
    visits_.leave();
  }

  const std::byte* at_ = nullptr;
  std::size_t left_ = 0;
  Visits visits_;
};

}  // namespace detail
}  // namespace sdk1
}  // namespace gantry
