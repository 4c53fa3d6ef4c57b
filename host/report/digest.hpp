// The digest of a step: what its outcomes are, in 128 bits that do not depend on workers, chunks or order of arrival.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "report/column.hpp"
#include "results/store.hpp"

namespace gantry::report {

/// How many tasks ended how.
struct Counts {
  std::uint64_t ok = 0;
  std::uint64_t error = 0;
  std::uint64_t skipped = 0;
  std::uint64_t not_run = 0;

  [[nodiscard]] std::uint64_t total() const { return ok + error + skipped + not_run; }
  void add(results::Status status, std::uint64_t tasks);
  void add(const Counts& more);
  friend bool operator==(const Counts&, const Counts&) = default;
};

/// XXH3-128 over the three XXH3-128s (each as 16 bytes, canonical: big-endian) of three streams of records in index
/// order. A record is one task, or all consecutive tasks that never started (skipped, not run) for one reason:
///  - a byte a record: its results::Status;
///  - a u64 (little-endian) a record: how many bytes it adds to the third stream; of tasks that never started another
///    u64: how many they are;
///  - the bytes: of the value as encoded (floats as raw bits); of a task without one, kind + ": " + message.
/// Works in bulk: a run of any length is a few calls, whatever the size of its items.
/// Of an unordered step (which task gives what depends on who shared what): XXH3-128 over the sorted hashes of its
/// records, each the XXH3-128 (canonical) of status byte, u64 length, u64 count if it is of tasks that never started
/// (all of the step with that reason are one record), and bytes; 16 bytes of memory a record.
class Digest {
 public:
  explicit Digest(bool unordered = false);
  ~Digest();
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;

  /// The step's next outcomes, in index order.
  void add(const results::Run& run);
  /// No more will be added: gives the streams' memory back (up to 10 KB a step).
  void seal();
  /// Seals it: 32 hexadecimal digits, the canonical form.
  [[nodiscard]] std::string text();
  [[nodiscard]] bool unordered() const { return unordered_; }

 private:
  struct Streams;
  struct Heap;
  using Hash = std::array<unsigned char, 16>;
  [[nodiscard]] Hash hash();

  bool unordered_;
  std::unique_ptr<Streams> streams_;  ///< made by the first add()
  std::unique_ptr<Heap> heap_;        ///< instead, of an unordered step
  std::unique_ptr<Hash> sealed_;
};

/// Seals the digest. "counts 200 ok 0 error 0 skipped 0 not-run xxh3:…\n"; of an unordered step "… not-run unordered
/// xxh3:…\n".
void append_digest_line(const std::string& step, const Counts& counts, Digest& digest, std::string& to);

}  // namespace gantry::report
