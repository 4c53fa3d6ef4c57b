// The objects that tasks share: queues, counters, arrays. Pure: no process, no clock. What a running task took from a
// queue is leased to it: used up when the task has its outcome, back at its place at the queue's front when the attempt
// is lost or to be made again. What tasks put and add is done at once, with their values. Belongs to the driver's
// thread. A task is known by its lease: tasks that share are leased one by one.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "plan/shared.hpp"
#include "schedule/shared.hpp"
#include "signature/ids.hpp"

namespace gantry::results {

using host::LeaseId;

class SharedObjects {
 public:
  explicit SharedObjects(const std::vector<plan::SharedObject>& declared);

  /// A task gets something; at once, or when it is there: see take_replies().
  struct Reply {
    LeaseId lease{};
    schedule::Answer answer;
  };
  /// A task that waits in a queue.
  struct Waiting {
    LeaseId lease{};
    std::uint32_t object = 0;
    bool timed = false;  ///< it will give up by itself
  };

  /// A running task asks for something. Precondition: it holds the object, and waits for nothing.
  void ask(LeaseId lease, const schedule::Ask& ask);
  /// Why a task with these changes can have no value: "it would …"; nothing if it can.
  [[nodiscard]] std::optional<std::string> refusal(const schedule::Changes& changes) const;
  /// The task has its value. Precondition: no refusal().
  void commit(LeaseId lease, const schedule::Changes* changes);
  /// The task has an error for good: what it took is used up.
  void consume(LeaseId lease) { attempts_.erase(lease); }
  /// The attempt is lost, or to be made again: what it took goes back.
  void give_back(LeaseId lease);
  /// Nobody is left who could put into the queue.
  void close(std::uint32_t object);
  /// A waiting task is to end with this error.
  void refuse(LeaseId lease, std::string message);

  /// What is to be told to tasks since the last call, in order.
  [[nodiscard]] std::vector<Reply> take_replies();
  /// Tasks that wait, those that wait longest first.
  [[nodiscard]] const std::vector<Waiting>& waiting() const { return waiting_; }
  [[nodiscard]] bool waits(LeaseId lease) const;
  [[nodiscard]] bool closed(std::uint32_t object) const { return objects_[object].closed; }
  /// Values in a queue that nobody has taken.
  [[nodiscard]] std::uint64_t size(std::uint32_t object) const;
  /// A counter or an array as it is.
  [[nodiscard]] const signature::Bytes& numbers(std::uint32_t object) const { return objects_[object].numbers; }
  [[nodiscard]] const std::string& name(std::uint32_t object) const { return objects_[object].name; }

 private:
  struct Object {
    std::string name;
    signature::Type type;
    std::map<std::uint64_t, signature::Bytes> returned;  ///< by number: all before the first of `values`
    std::deque<signature::Bytes> values;
    std::uint64_t first = 0;  ///< number of the first of `values`: values are counted as they are put
    signature::Bytes numbers;
    bool closed = false;
  };
  struct Taken {
    std::uint32_t object = 0;
    std::uint64_t number = 0;
    signature::Bytes value;
  };

  [[nodiscard]] bool take(LeaseId lease, std::uint32_t at);
  void serve(std::uint32_t at);
  void load(LeaseId lease, const schedule::Ask& ask);
  void reply(LeaseId lease, schedule::Answer::Kind kind, signature::Bytes bytes = {});
  void apply(const schedule::Change& change);
  bool forget(LeaseId lease);

  std::vector<Object> objects_;
  std::unordered_map<LeaseId, std::vector<Taken>> attempts_;  ///< of running tasks that took something
  std::vector<Waiting> waiting_;
  std::vector<Reply> replies_;
};

}  // namespace gantry::results
