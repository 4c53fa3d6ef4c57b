// Workers that hold pinned values, simulated: they run leases in order, die at random, and check that every task finds
// its values where it runs. No process, no clock.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "schedule/schedule.hpp"

namespace gantry::test {

struct PinnedWorld {
  struct Behaviour {
    std::uint64_t seed = 1;
    unsigned workers = 2;
    unsigned deaths = 0;     ///< of a thousand moves
    bool shared = false;     ///< workers die together
    unsigned bad_again = 0;  ///< of a hundred values that are made again, those that fail
    unsigned guilty = 0;     ///< of a hundred deaths, those that the running task is to blame for
  };
  enum class Kind : std::uint8_t { none, value, error, skipped, lost };
  using Task = std::pair<std::uint32_t, std::uint64_t>;

  PinnedWorld(std::vector<schedule::Step> steps, Behaviour behaviour);

  /// To the end. An empty string, or the law that was broken.
  [[nodiscard]] std::string run();

  std::map<Task, Kind> outcomes;
  std::uint64_t deaths = 0;
  std::uint64_t made_again = 0;
  std::uint64_t dropped = 0;
  std::map<signature::Resident, unsigned> first_maker;

 private:
  struct Held {
    schedule::Lease lease;
    std::uint64_t next = 0;
  };

  [[nodiscard]] unsigned draw(unsigned below) { return static_cast<unsigned>(random_() % below); }
  void broken(const std::string& law);
  void record(Task task, Kind kind);
  bool dispatch(unsigned worker);
  bool advance(unsigned worker);
  void finish(Held& held, unsigned worker);
  void check_values(const schedule::Lease& lease, std::uint64_t index, unsigned worker);
  void check_order(std::uint32_t step, std::uint64_t index);
  void kill(unsigned worker);
  bool take();

  std::vector<schedule::Step> steps_;
  Behaviour behaviour_;
  std::mt19937_64 random_;
  schedule::Schedule schedule_;
  std::vector<std::deque<Held>> held_;
  std::map<signature::Resident, unsigned> living_;  ///< values, by the worker that has them
  std::set<signature::Resident> gone_;              ///< dropped
  std::set<signature::Resident> died_;              ///< and not made again
  std::map<signature::Resident, Task> changed_;     ///< by whom last
  std::string broken_;
};

}  // namespace gantry::test
