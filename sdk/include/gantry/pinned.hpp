// Objects that cannot be sent, and need not be: a function that returns gantry::Pinned<T> leaves its object in the
// worker that ran it, and functions that take gantry::Ref<T> run there.
//
//   class Session { … };                                             // a connection, a model, anything
//   static gantry::Result<gantry::Pinned<Session>> open(const std::string& path);
//   static std::uint64_t count(gantry::Ref<const Session> session, const std::string& word);
//   GANTRY_PLUGIN("db", "1.0.0", gantry::function<open>("open", {"path"}), gantry::function<count>("count", {"session",
//   "word"}));
//
// In signatures it is `pin<db.session>`. The object is destroyed when no task needs it any more, by the worker that
// made it. If that worker dies, `open` is called again in another one, and its users go on there: a function that takes
// Ref<const T> must not change what others can see. One that takes Ref<T> may: its tasks run in order, one at a time,
// and once one has run, an object that dies is lost with all later tasks that need it.
#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

#include <gantry/abi.h>
#include <gantry/detail/pin.hpp>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {

/// What gantry cannot know of a type that is pinned; to be specialised:
///   template <> struct gantry::pinned<Session> {
///     static constexpr const char* name = "db.session";   // else the type's own, "session" of the plugin's
///     static constexpr bool thread_safe = true;            // several threads may use one object at once
///   };
/// Both may be left out. A name with a dot is the same in all plugins that spell it: they must mean the same type.
template <class T>
struct pinned {};

/// The whole result of a function: owns an object until the worker takes it over.
template <class T>
class Pinned {
  static_assert(std::is_object_v<T> && !std::is_array_v<T> && !std::is_const_v<T>,
                "gantry::Pinned keeps an object: of a class, or of any type that is no array and not const");

 public:
  using Object = T;

  /// Null: the task that returns it fails.
  Pinned(std::unique_ptr<T> object) : object_(std::move(object)) {}  // not explicit: it is what `return` is given
  Pinned(T&& object)
    requires std::move_constructible<T>
      : object_(std::make_unique<T>(std::move(object))) {}
  /// Of a class derived from T.
  template <class Derived>
    requires(std::derived_from<Derived, T> && !std::same_as<Derived, T>)
  Pinned(std::unique_ptr<Derived> object) : object_(std::move(object)) {
    static_assert(std::has_virtual_destructor_v<T>,
                  "an object of a derived class is kept as one of its base, which needs a virtual destructor");
  }
  /// Made in place, for what cannot be moved.
  template <class... A>
  [[nodiscard]] static Pinned make(A&&... arguments) {
    return Pinned(std::make_unique<T>(std::forward<A>(arguments)...));
  }

  [[nodiscard]] T* get() const { return object_.get(); }
  [[nodiscard]] std::unique_ptr<T> release() { return std::move(object_); }

 private:
  std::unique_ptr<T> object_;
};

/// A parameter: an object that a task before this one left in this worker. Ref<const T> looks at it, Ref<T> changes it.
/// Lives for one call.
template <class T>
class Ref {
 public:
  using Object = T;

  Ref() = default;  ///< for the SDK: empty-handed
  explicit Ref(T& object) : object_(&object) {}

  [[nodiscard]] T& operator*() const { return *object_; }
  [[nodiscard]] T* operator->() const { return object_; }
  [[nodiscard]] T* get() const { return object_; }

 private:
  T* object_ = nullptr;
};

}  // namespace sdk1
}  // namespace gantry
