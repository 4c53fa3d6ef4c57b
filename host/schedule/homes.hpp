// Where pinned values are, and what may run there. A home is one value that was made without another (the root), with
// all values that were made from it and all tasks that use any of them: what belongs to a home is in one worker. When
// that dies, the home's values are made again in another, one after the other, before its tasks go on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "schedule/intervals.hpp"
#include "signature/residence.hpp"

namespace gantry::schedule {

using signature::Resident;

/// Why a value will never be there again, though it was once.
struct Loss {
  enum class Why : std::uint8_t {
    changed,         ///< a task had changed it (or one of its home)
    not_repeatable,  ///< the step that makes it may not run twice
    failed,          ///< making it again failed
    died,            ///< a worker died when it made it again
  };
  Why why = Why::changed;
  Resident value;
};

/// What the homes of a step's values are to be kept from: see placement.cpp.
struct Isolation {
  bool from_crashes = false;  ///< some value of it cannot be made again
  bool from_waits = false;    ///< some of its tasks may wait for others, which then hold up all of its worker
};

struct Home {
  std::optional<std::uint32_t> worker;  ///< where it is; nothing: its root is to be made again
  Isolation isolation;
  bool anywhere = false;                       ///< all workers share a process, and any of them may use it
  std::map<std::uint32_t, IntervalSet> ready;  ///< tasks that may run once nothing is lost, by step; none is empty
  std::map<Resident, std::uint32_t> values;    ///< that somebody may still use, by the worker that made them last
  std::set<Resident> lost;                     ///< of them: to be made again
  bool making = false;                         ///< a lease makes one of them
  bool changed = false;                        ///< by a task
  std::uint32_t deaths = 0;                    ///< of workers that made one again
  std::optional<Loss> loss;                    ///< it is given up

  [[nodiscard]] bool is_whole() const { return !loss && lost.empty() && worker; }
};

class Homes {
 public:
  /// By root.
  using Map = std::map<Resident, Home>;
  using Position = Map::iterator;

  explicit Homes(unsigned places) : at_(places) {}

  [[nodiscard]] Map& all() { return homes_; }
  [[nodiscard]] const Map& all() const { return homes_; }
  /// Nothing if there is none.
  [[nodiscard]] Home* find(Resident root);
  /// The root's value was made by this worker, for the first time or again. `anywhere`: see Home.
  Home& settle(Resident root, std::uint32_t worker, bool anywhere, Isolation isolation);
  /// Its worker is dead, or it is given up: nothing of it is offered.
  void leave(Resident root);
  void erase(Resident root);

  /// Tasks of a home that may be leased once it is whole.
  void add(Resident root, std::uint32_t step, Range tasks);
  void remove(Resident root, std::uint32_t step, Range tasks);
  /// To be called after `lost` or `loss` changed: offers what is whole, and nothing else.
  void offer(Resident root);

  /// Tasks of a step at a home that is whole.
  struct Offer {
    std::uint32_t step = 0;
    Resident root;

    /// The latest step comes first.
    friend bool operator<(const Offer& one, const Offer& other) {
      return one.step != other.step ? one.step > other.step : one.root < other.root;
    }
  };
  /// What this worker may run, the best first; and what any worker may.
  [[nodiscard]] const std::set<Offer>& offers(std::uint32_t worker) const { return at_[worker].offers; }
  [[nodiscard]] const std::set<Offer>& offers_anywhere() const { return anywhere_; }
  /// Homes in this worker; those that are anywhere are not among them.
  [[nodiscard]] const std::set<Resident>& at(std::uint32_t worker) const { return at_[worker].roots; }
  [[nodiscard]] std::size_t load(std::uint32_t worker) const { return at_[worker].roots.size(); }
  /// Of any of them.
  [[nodiscard]] Isolation isolation(std::uint32_t worker) const {
    return {at_[worker].from_crashes > 0, at_[worker].from_waits > 0};
  }

 private:
  /// What is at one worker.
  struct Place {
    std::set<Resident> roots;
    std::set<Offer> offers;
    std::size_t from_crashes = 0;  ///< roots whose homes are to be kept from these
    std::size_t from_waits = 0;
  };

  [[nodiscard]] std::set<Offer>& offers_of(const Home& home) {
    return home.anywhere ? anywhere_ : at_[*home.worker].offers;
  }
  void retract(Resident root, Home& home);

  Map homes_;
  std::vector<Place> at_;
  std::set<Offer> anywhere_;
};

}  // namespace gantry::schedule
