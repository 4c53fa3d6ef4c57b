// Drives a Schedule with a FakeRunner to the end and checks every law on the way; the outcomes are then compared with
// those of a serial run (oracle.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "schedule/fake_runner.hpp"
#include "schedule/oracle.hpp"
#include "schedule/schedule.hpp"

namespace gantry::test {

class Drive {
 public:
  Drive(const Pipeline& pipeline, FakeRunner::Behaviour behaviour);

  /// To the end. An empty string, or the law that was broken.
  [[nodiscard]] std::string run();
  /// The runner repeats itself, and says what cannot be.
  void be_rude() { rude_ = true; }
  /// Stops starting tasks after so many events.
  void drain_after(std::uint64_t events) { drain_after_ = events; }
  [[nodiscard]] const std::vector<std::vector<Outcome>>& outcomes() const { return outcomes_; }
  /// Most tasks that were started and not released, of any step with a window.
  [[nodiscard]] std::uint64_t most_outstanding() const { return most_outstanding_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }
  [[nodiscard]] std::uint64_t recalls() const { return recalls_; }
  [[nodiscard]] std::uint64_t second_leases() const { return second_leases_; }
  [[nodiscard]] const FakeRunner& runner() const { return *runner_; }

 private:
  [[nodiscard]] unsigned draw(unsigned below) { return static_cast<unsigned>(random_() % below); }
  void broken(const std::string& law);
  bool size_steps();
  bool record_skipped();
  void check_alone(const schedule::Lease& lease);
  bool dispatch();
  bool recall();
  bool consume();
  void check_released();
  void handle(const schedule::Event& event);
  void repeat(const schedule::Event& event);
  void started(const schedule::Lease& lease, std::uint64_t index);
  void record(host::StepIndex step, std::uint64_t index, Outcome outcome);
  [[nodiscard]] bool has_value(host::StepIndex step, std::uint64_t index) const;

  const Pipeline& pipeline_;
  std::mt19937_64 random_;
  std::unique_ptr<FakeRunner> runner_;
  schedule::Schedule schedule_;
  std::vector<bool> windowed_;
  std::vector<std::vector<Outcome>> outcomes_;
  std::vector<std::uint64_t> frontiers_;
  std::vector<std::uint64_t> consumed_;
  std::vector<std::uint64_t> released_;
  std::vector<std::uint64_t> highest_;  ///< end of what was ever leased
  std::set<std::pair<std::uint32_t, std::uint64_t>> running_;
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::uint32_t> starts_;
  std::vector<unsigned> held_;
  std::set<std::uint64_t> asked_;      ///< leases to be recalled, that have not reported since
  std::vector<schedule::Event> told_;  ///< by a rude runner
  bool rude_ = false;
  std::string broken_;
  std::uint64_t drain_after_ = ~std::uint64_t{0};
  std::uint64_t most_outstanding_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t recalls_ = 0;
  std::uint64_t second_leases_ = 0;
  host::LeaseId alone_{};  ///< of a suspect, while it is open
};

}  // namespace gantry::test
