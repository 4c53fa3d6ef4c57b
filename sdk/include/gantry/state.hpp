// How a function gets at what its plugin keeps in the worker: a parameter that is not in the signature.
#pragma once

#include <gantry/abi.h>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {

/// The object that the plugin's gantry::worker function made in this worker. First parameter, or behind Context&; lives
/// for one call. Tasks of one worker process run one after the other, so it needs no lock; but in thread mode,
/// functions that are declared gantry::thread_safe share the object of their process.
template <class T>
class State {
 public:
  explicit State(T& object) : object_(&object) {}
  [[nodiscard]] T& operator*() const { return *object_; }
  [[nodiscard]] T* operator->() const { return object_; }

 private:
  T* object_;
};

}  // namespace sdk1
}  // namespace gantry
