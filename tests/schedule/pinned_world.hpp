// Workers that hold pinned values, simulated: they run leases in order, wait in queues, die at random or of a task, and
// check that every task finds its values where it runs. No process, no clock.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "schedule/schedule.hpp"
#include "schedule/stuck.hpp"

namespace gantry::test {

struct PinnedWorld {
  struct Behaviour {
    std::uint64_t seed = 1;
    unsigned workers = 2;
    unsigned deaths = 0;     ///< of a thousand moves
    bool shared = false;     ///< workers die together
    unsigned bad_again = 0;  ///< of a hundred values that are made again, those that fail
    unsigned guilty = 0;     ///< of a hundred deaths, those that the running task is to blame for
    unsigned spare = 0;
    unsigned errors = 0;  ///< of a hundred tasks that only read what they use, those that fail
    bool away = false;    ///< a worker that died is away for a while
  };
  enum class Kind : std::uint8_t { none, value, error, skipped, lost, deadlock };
  /// What the tasks of a step do besides.
  struct Role {
    enum class What : std::uint8_t { nothing, puts, drains, crashes };
    What what = What::nothing;
    std::uint32_t queue = 0;
  };
  using Task = std::pair<std::uint32_t, std::uint64_t>;

  PinnedWorld(std::vector<schedule::Step> steps, Behaviour behaviour, std::vector<Role> roles = {});

  /// To the end. An empty string, or the law that was broken.
  [[nodiscard]] std::string run();

  std::map<Task, Kind> outcomes;
  std::uint64_t deaths = 0;
  std::uint64_t made_again = 0;
  std::uint64_t dropped = 0;
  std::map<signature::Resident, unsigned> first_maker;
  std::uint64_t retried = 0;
  std::uint64_t waits = 0;  ///< tasks that waited in a queue
  unsigned places_used = 0;

 private:
  struct Held {
    schedule::Lease lease;
    std::uint64_t next = 0;
    bool waits = false;
    std::vector<schedule::Dropped> drops = {};  ///< values that go when it is done
  };
  struct Queue {
    std::uint64_t values = 0;
    bool closed = false;
  };

  [[nodiscard]] unsigned draw(unsigned below) { return static_cast<unsigned>(random_() % below); }
  void broken(const std::string& law);
  void record(Task task, Kind kind);
  bool dispatch(unsigned worker);
  bool advance(unsigned worker);
  void check_values(const schedule::Lease& lease, std::uint64_t index, unsigned worker);
  void check_company(unsigned worker, const schedule::Lease& lease);
  void kill(unsigned worker, bool by_task = false);
  bool take();
  void drop(const schedule::Dropped& one);
  void pop(unsigned worker);
  bool drain(Held& held);
  void serve();
  bool resolve();

  std::vector<schedule::Step> steps_;
  std::vector<Role> roles_;
  std::map<std::uint32_t, Queue> queues_;
  schedule::StuckSearch search_;
  Behaviour behaviour_;
  std::mt19937_64 random_;
  schedule::Schedule schedule_;
  std::vector<std::deque<Held>> held_;
  std::map<signature::Resident, unsigned> living_;  ///< values, by the worker that has them
  std::set<signature::Resident> gone_;              ///< dropped
  std::set<signature::Resident> died_;              ///< and not made again
  std::map<signature::Resident, Task> changed_;     ///< by whom last
  std::set<unsigned> away_;
  std::string broken_;
};

}  // namespace gantry::test
