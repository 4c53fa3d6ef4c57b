// Values into bytes, by the layout of sdk/README.md: a Cereal output archive over the room that the worker gave.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
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

/// Most bytes of a result: what the worker takes.
constexpr std::uint64_t longest_result = 0xFFFF'FFFF;

/// Starts in the caller's room and moves to memory of its own when that is full. One thread's, reused for each call.
class Writer : public Walker<Writer, cereal::OutputArchive<Writer>> {
 public:
  explicit Writer(std::uint64_t longest = longest_result) : Walker(this), longest_(longest) {}

  /// From here on, bytes go to `room` while they fit; the room is borrowed until the next start.
  void start(std::span<std::byte> room) {
    begin_ = at_ = room.data();
    end_ = begin_ + room.size();
    visits_.start();
    if (capacity_ > kept) release();
  }

  /// What was written since start; `outside` says that it is not in the room.
  [[nodiscard]] std::span<const std::byte> written() const { return {begin_, static_cast<std::size_t>(at_ - begin_)}; }
  [[nodiscard]] bool outside() const { return begin_ != nullptr && begin_ == own_.get(); }
  /// Where it is, or was when an exception was thrown.
  [[nodiscard]] const Visits& visits() const { return visits_; }

  /// Throws TooLarge.
  void expect_size(std::uint64_t size) const {
    if (size > longest_)
      throw TooLarge("it has at least " + std::to_string(size) + " bytes; a result has at most " +
                     std::to_string(longest_));
  }

  template <class T>
  void value(const T& given) {
    if constexpr (plain_size<T> != 0) {
      copy(&given, sizeof(T));
    } else if constexpr (std::is_same_v<T, bool>) {
      byte(given ? 1 : 0);
    } else if constexpr (std::is_enum_v<T>) {
      enumerator(given);
    } else if constexpr (std::is_same_v<T, std::string>) {
      value(static_cast<std::uint64_t>(given.size()));
      copy(given.data(), given.size());
    } else if constexpr (is_vector<T>) {
      list(given);
    } else if constexpr (Array<T>) {
      for (const auto& element : given) value(element);
    } else if constexpr (is_optional<T>) {
      byte(given ? 1 : 0);
      if (given) value(*given);
    } else if constexpr (is_tuple<T>) {
      std::apply([this](const auto&... element) { (this->value(element), ...); }, given);
    } else if constexpr (is_ordered_map<T>) {
      value(static_cast<std::uint64_t>(given.size()));
      for (const auto& [key, mapped] : given) entry(key, mapped);
    } else if constexpr (is_hashed_map<T>) {
      hashed(given);
    } else {
      structure(given);
    }
  }

  template <class T>
  void field([[maybe_unused]] const char* name, T& member) {
    using Bare = std::remove_cv_t<T>;
    if constexpr (member_fits<Bare>()) {
      visits_.begin();
      value<Bare>(member);
      visits_.end<Bare>(name);
    }
  }
  template <class T>
  void unnamed(T&) {}  // the Speller says it

 private:
  static constexpr std::size_t kept = std::size_t{16} << 20;  ///< a larger buffer is not kept for the next call

  void copy(const void* from, std::size_t size) {
    if (static_cast<std::size_t>(end_ - at_) < size) [[unlikely]]
      grow(size);
    if (size != 0) std::memcpy(at_, from, size);
    at_ += size;
  }
  void byte(std::uint8_t given) { copy(&given, 1); }

  template <class E>
  void enumerator(E given) {
    const std::size_t index = enumerator_index(given);
    if (index == Names<E>::all.size()) [[unlikely]] {
      throw Unfit(std::string(type_name<E>()) + " has no enumerator of value " +
                  std::to_string(static_cast<std::int64_t>(given)));
    }
    value(static_cast<std::uint32_t>(index));
  }

  template <class E>
  void list(const std::vector<E>& given) {
    value(static_cast<std::uint64_t>(given.size()));
    if constexpr (plain_size<E> != 0) {
      copy(given.data(), given.size() * sizeof(E));
    } else if constexpr (std::is_same_v<E, bool>) {
      for (const bool element : given) byte(element ? 1 : 0);
    } else {
      for (const E& element : given) value(element);
    }
  }

  template <class T>
  void entry(const std::string& key, const T& mapped) {
    value(key);
    value(mapped);
  }

  template <class T>
  void hashed(const T& given) {
    std::vector<const typename T::value_type*> sorted;
    sorted.reserve(given.size());
    for (const auto& each : given) sorted.push_back(&each);
    std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
    value(static_cast<std::uint64_t>(given.size()));
    for (const auto* each : sorted) entry(each->first, each->second);
  }

  template <class T>
  void structure(const T& given) {
    visits_.enter<T>();
    call_serialize(*this, const_cast<T&>(given));
    expect_fields<T, Writer>(visits_, given);
    visits_.leave();
  }

  [[gnu::cold, gnu::noinline]] void grow(std::size_t more) {
    const std::size_t used = static_cast<std::size_t>(at_ - begin_);
    expect_size(more > longest_ ? more : used + more);
    const std::size_t wanted = std::min(std::max({used + more, 2 * used, std::size_t{4096}}), longest_);
    if (outside() || wanted > capacity_) {
      auto larger = allocate(wanted);
      if (used != 0) std::memcpy(larger.get(), begin_, used);
      own_ = std::move(larger);
      capacity_ = wanted;
    } else if (used != 0) {
      std::memcpy(own_.get(), begin_, used);
    }
    begin_ = own_.get();
    at_ = begin_ + used;
    end_ = begin_ + capacity_;
  }
  static std::unique_ptr<std::byte[]> allocate(std::size_t size) {
    try {
      return std::make_unique_for_overwrite<std::byte[]>(size);
    } catch (const std::bad_alloc&) {
      throw TooLarge("there is no memory for " + std::to_string(size) + " bytes of it");
    }
  }
  [[gnu::cold, gnu::noinline]] void release() {
    own_.reset();
    capacity_ = 0;
  }

  std::byte* begin_ = nullptr;
  std::byte* at_ = nullptr;
  std::byte* end_ = nullptr;
  Visits visits_;
  std::uint64_t longest_;
  std::unique_ptr<std::byte[]> own_;
  std::size_t capacity_ = 0;
};

}  // namespace detail
}  // namespace sdk1
}  // namespace gantry
