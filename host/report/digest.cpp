#include "report/digest.hpp"

#include <fmt/core.h>
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <iterator>
#include <map>
#include <new>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace gantry::report {
namespace {

static_assert(std::endian::native == std::endian::little, "lengths are hashed as they lie in memory");

constexpr std::size_t kBlock = 4096;

struct FreeState {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

/// One XXH3-128 over bytes that come piece by piece.
class Stream {
 public:
  Stream() : state_(XXH3_createState()) {
    if (state_ == nullptr) throw std::bad_alloc();
    XXH3_128bits_reset(state_.get());
  }
  void add(const void* bytes, std::size_t size) { XXH3_128bits_update(state_.get(), bytes, size); }

  /// The same bytes `times` over, from a block of many of them that is kept for the next run alike.
  void repeat(std::string_view item, std::uint64_t times) {
    if (item.empty() || times == 0) return;
    if (times == 1) return add(item.data(), item.size());
    const std::uint64_t many = std::max<std::uint64_t>(1, kBlock / item.size());
    if (item_ != item) {
      item_ = item;
      block_.clear();
      for (std::uint64_t i = 0; i < many; ++i) block_ += item;
    }
    for (; times >= many; times -= many) add(block_.data(), block_.size());
    add(block_.data(), times * item.size());
  }

  [[nodiscard]] XXH128_canonical_t hash() const {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state_.get()));
    return canonical;
  }

 private:
  std::unique_ptr<XXH3_state_t, FreeState> state_;
  std::string item_;   ///< what block_ repeats
  std::string block_;  ///< empty until a run of several tasks comes
};

std::string_view memory_of(const std::uint64_t& length) {
  return {reinterpret_cast<const char*>(&length), sizeof length};
}

std::string text_of(const results::Reason& reason) {
  return reason.kind + ": " + reason.message;
}

}  // namespace

void Counts::add(results::Status status, std::uint64_t tasks) {
  switch (status) {
    case results::Status::value:
      ok += tasks;
      break;
    case results::Status::error:
      error += tasks;
      break;
    case results::Status::skipped:
      skipped += tasks;
      break;
    case results::Status::not_run:
      not_run += tasks;
      break;
  }
}

void Counts::add(const Counts& more) {
  ok += more.ok;
  error += more.error;
  skipped += more.skipped;
  not_run += more.not_run;
}

struct Digest::Streams {
  void add(const results::Run& run) {
    if (run.reason != nullptr && is_blank(*run.reason)) {
      if (blanks == 0 || blank != *run.reason) close_blanks();
      blank = *run.reason;
      blanks += run.count;
      return;
    }
    close_blanks();
    const auto status = static_cast<char>(run.reason == nullptr ? results::Status::value : run.reason->status);
    statuses.repeat({&status, 1}, run.count);
    if (run.reason != nullptr) {
      const std::string text = text_of(*run.reason);
      const std::uint64_t length = text.size();
      lengths.repeat(memory_of(length), run.count);
      bytes.repeat(text, run.count);
      return;
    }
    if (run.size) {
      const std::uint64_t length = *run.size;
      lengths.repeat(memory_of(length), run.count);
    } else {
      lengths.add(run.lengths.data(), run.lengths.size_bytes());
    }
    bytes.add(run.bytes.data(), run.bytes.size());
  }

  /// The run of tasks that never started ends here.
  void close_blanks() {
    const std::uint64_t count = std::exchange(blanks, 0);
    if (count == 0) return;
    const auto status = static_cast<char>(blank.status);
    const std::string text = text_of(blank);
    const std::uint64_t length = text.size();
    statuses.add(&status, 1);
    lengths.add(&length, sizeof length);
    lengths.add(&count, sizeof count);
    bytes.add(text.data(), text.size());
  }

  Stream statuses;
  Stream lengths;
  Stream bytes;
  results::Reason blank;     ///< of the tasks that never started and are not hashed yet
  std::uint64_t blanks = 0;  ///< how many
};

/// Hashes of outcomes, in any order.
struct Digest::Heap {
  void add(results::Status status, std::string_view bytes, std::optional<std::uint64_t> count) {
    const std::uint64_t length = bytes.size();
    XXH3_128bits_reset(state.get());
    XXH3_128bits_update(state.get(), &status, 1);
    XXH3_128bits_update(state.get(), &length, sizeof length);
    if (count) XXH3_128bits_update(state.get(), &*count, sizeof *count);
    XXH3_128bits_update(state.get(), bytes.data(), bytes.size());
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state.get()));
    std::copy(std::begin(canonical.digest), std::end(canonical.digest), all.emplace_back().begin());
  }

  void add(const results::Run& run) {
    if (run.reason != nullptr && is_blank(*run.reason)) {
      blanks[{run.reason->status, text_of(*run.reason)}] += run.count;
      return;
    }
    std::uint64_t at = 0;
    for (std::uint64_t i = 0; i < run.count; ++i) {
      if (run.reason != nullptr) {
        add(run.reason->status, text_of(*run.reason), std::nullopt);
        continue;
      }
      const auto value = run.bytes.subspan(at, run.size ? *run.size : run.lengths[i]);
      add(results::Status::value, {reinterpret_cast<const char*>(value.data()), value.size()}, std::nullopt);
      at += value.size();
    }
  }

  [[nodiscard]] Hash hash() {
    for (const auto& [reason, count] : std::exchange(blanks, {})) add(reason.first, reason.second, count);
    std::ranges::sort(all);
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(all.data(), all.size() * sizeof(Hash)));
    Hash whole{};
    std::copy(std::begin(canonical.digest), std::end(canonical.digest), whole.begin());
    return whole;
  }

  std::unique_ptr<XXH3_state_t, FreeState> state{XXH3_createState()};
  std::vector<Hash> all;
  std::map<std::pair<results::Status, std::string>, std::uint64_t> blanks;  ///< tasks that never started, by reason
};

Digest::Digest(bool unordered) : unordered_(unordered) {}
Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;

void Digest::add(const results::Run& run) {
  if (unordered_) {
    if (!heap_) heap_ = std::make_unique<Heap>();
    return heap_->add(run);
  }
  if (!streams_) streams_ = std::make_unique<Streams>();
  streams_->add(run);
}

Digest::Hash Digest::hash() {
  if (unordered_) return heap_ ? heap_->hash() : Heap().hash();
  Streams nothing;
  Streams& streams = streams_ ? *streams_ : nothing;
  streams.close_blanks();
  const std::array<XXH128_canonical_t, 3> parts{streams.statuses.hash(), streams.lengths.hash(), streams.bytes.hash()};
  static_assert(sizeof parts == 48, "three hashes without a gap");
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(parts.data(), sizeof parts));
  Hash whole{};
  std::copy(std::begin(canonical.digest), std::end(canonical.digest), whole.begin());
  return whole;
}

void Digest::seal() {
  if (sealed_) return;
  sealed_ = std::make_unique<Hash>(hash());
  streams_.reset();
  heap_.reset();
}

std::string Digest::text() {
  seal();
  std::string digits;
  for (const unsigned char byte : *sealed_) fmt::format_to(std::back_inserter(digits), "{:02x}", byte);
  return digits;
}

void append_digest_line(const std::string& step, const Counts& counts, Digest& digest, std::string& to) {
  fmt::format_to(std::back_inserter(to), "{} {} ok {} error {} skipped {} not-run {}xxh3:{}\n", step, counts.ok,
                 counts.error, counts.skipped, counts.not_run, digest.unordered() ? "unordered " : "", digest.text());
}

}  // namespace gantry::report
