// What the walk of a struct has visited: checked against what its signature has, and told when an exception ends it.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <gantry/detail/fields.hpp>
#include <gantry/detail/sentence.hpp>
#include <gantry/detail/text.hpp>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {
namespace detail {

/// A type's name as in the sentences of refused types.
template <class T>
[[gnu::cold]] std::string readable_name() {
  Sentence name;
  write_type_name(name, type_name<T>());
  return {name.characters, name.size};
}

/// Names the fields that a `serialize` visits: "x: double".
class Recorder : public Walker<Recorder, cereal::OutputArchive<Recorder>> {
 public:
  Recorder() : Walker(this) {}
  std::vector<std::string> fields;
  template <class T>
  void field(const char* name, T&) {
    fields.push_back(std::string(name) + ": " + readable_name<std::remove_cv_t<T>>());
  }
  template <class T>
  void unnamed(T&) {}
};

template <class T>
[[gnu::cold, gnu::noinline]] std::vector<std::string> fields_of(const T& value) {
  Recorder recorder;
  call_serialize(recorder, const_cast<T&>(value));
  return std::move(recorder.fields);
}

/// "in the field `x` of Point". The name is looked up in a default-constructed T: that of the walk may be gone.
template <class T>
[[gnu::cold, gnu::noinline]] std::string place_in(std::uint32_t begun, std::uint32_t ended) {
  Recorder recorder;
  try {
    const auto value = std::make_unique<T>();
    call_serialize(recorder, *value);
  } catch (...) {  // NOLINT(bugprone-empty-catch): the fields before it threw will do
  }
  const std::string type = readable_name<T>();
  if (begun == 0 || begun > recorder.fields.size()) return "in " + type;
  const std::string& field = recorder.fields[begun - 1];
  return (begun > ended ? "in the field `" : "after the field `") + field.substr(0, field.find(':')) + "` of " + type;
}

/// The walks of a struct and those that it is in, so far. After an exception it still stands where that was thrown.
class Visits {
 public:
  Visits() = default;
  Visits(const Visits&) = delete;
  Visits& operator=(const Visits&) = delete;

  void start() { at_ = all_.data(); }

  template <class T>
  void enter() {
    if (at_ == &all_.back()) [[unlikely]]
      refuse_depth(type_name<T>());
    *++at_ = {&place_in<T>, 0, 0, 1};
  }
  void leave() { --at_; }

  void begin() { ++at_->begun; }
  template <class T>
  void end(const char* name) {
    ++at_->ended;
    at_->order = std::rotl(at_->order, 7) +
                 (reinterpret_cast<std::uintptr_t>(name) ^ reinterpret_cast<std::uintptr_t>(&TypeTag<T>::address));
  }

  /// Of the innermost struct.
  [[nodiscard]] std::uintptr_t order() const { return at_->order; }
  [[nodiscard]] std::uint32_t fields() const { return at_->ended; }
  /// A field ended in an exception, and what its struct is in went on.
  template <class T>
  [[nodiscard]] bool broken() const {
    return at_->begun != at_->ended || at_->place != &place_in<T>;
  }
  /// Back at the walk of a T, from what broke it. No type contains itself, so there is one.
  template <class T>
  void back_to() {
    const bool inside = at_->place != &place_in<T>;
    while (at_->place != &place_in<T>) --at_;
    if (!inside) at_->begun = at_->ended = 0;  // nobody knows which of its fields it was
  }
  /// "in the field `x` of Point", or "".
  [[nodiscard]] std::string place() const { return at_ == all_.data() ? "" : at_->place(at_->begun, at_->ended); }

 private:
  struct Visit {
    std::string (*place)(std::uint32_t begun, std::uint32_t ended);  ///< place_in of its type
    std::uint32_t begun;                                             ///< fields
    std::uint32_t ended;
    std::uintptr_t order;  ///< of the names and types of those that ended, by their addresses
  };
  std::array<Visit, deepest + 1> all_;  ///< the first is of no struct
  Visit* at_ = all_.data();
};

/// The last order that was found right, for each struct type and archive. (In a class, because g++ 12 gives variable
/// templates the default visibility in spite of the namespace's, and libraries built by a bare g++ command would then
/// share them.)
template <class T, class Archive>
struct Accepted {
  static inline constinit std::atomic<std::uintptr_t> order{0};
};

[[noreturn, gnu::cold, gnu::noinline]] inline void refuse_field_count(const std::string& type, std::size_t visited,
                                                                      std::size_t spelled) {
  throw Unfit("serialize of " + type + " visited " + std::to_string(visited) + " fields, but its signature has " +
              std::to_string(spelled) + "; it must always visit the same ones");
}

/// Of an order that was not seen before: compares names and types themselves.
template <class T, class Archive>
[[gnu::cold, gnu::noinline]] void examine(Visits& visits, const T& value) {
  const std::string type = readable_name<T>();
  if (visits.broken<T>()) {
    visits.back_to<T>();
    throw Unfit("serialize of " + type + " caught what a field threw, and went on with the field half written");
  }
  const std::vector<std::string> spelled = fields_of(*std::make_unique<T>());
  if (visits.fields() != spelled.size()) refuse_field_count(type, visits.fields(), spelled.size());
  const std::vector<std::string> visited = fields_of(value);
  for (std::size_t i = 0; i < spelled.size() && i < visited.size(); ++i) {
    if (visited[i] != spelled[i])
      throw Unfit("serialize of " + type + " visited the field `" + visited[i] + "` where its signature has `" +
                  spelled[i] + "`; it must always visit the same ones");
  }
  Accepted<T, Archive>::order.store(visits.order(), std::memory_order_relaxed);
}

/// A serialize whose fields depend on values would write what its signature does not say.
template <class T, class Archive>
void expect_fields(Visits& visits, const T& value) {
  if (visits.order() != Accepted<T, Archive>::order.load(std::memory_order_relaxed)) [[unlikely]]
    examine<T, Archive>(visits, value);
}

}  // namespace detail
}  // namespace sdk1
}  // namespace gantry
