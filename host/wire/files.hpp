// Open files as they pass between host and worker: over the socket, ahead of the frame in the ring that speaks of them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "signature/open_file.hpp"
#include "signature/residence.hpp"
#include "wire/descriptor.hpp"

namespace gantry::wire {

/// One that the host holds.
class HeldFile final : public signature::OpenFile {
 public:
  explicit HeldFile(Descriptor file) : file_(std::move(file)) {}
  [[nodiscard]] int descriptor() const override { return file_.get(); }

 private:
  Descriptor file_;
};

/// Those that tasks of a worker gave as their values, until the values are reported.
class GivenFiles {
 public:
  void add(std::uint64_t lease, std::uint64_t index, Descriptor file) {
    files_.insert_or_assign({lease, index}, std::make_shared<const HeldFile>(std::move(file)));
  }
  /// Nothing if there is none.
  [[nodiscard]] std::shared_ptr<const signature::OpenFile> take(std::uint64_t lease, std::uint64_t index) {
    auto found = files_.extract({lease, index});
    return found.empty() ? nullptr : std::move(found.mapped());
  }
  /// Closes what tasks of the lease gave that have no value after all.
  void forget(std::uint64_t lease) {
    files_.erase(files_.lower_bound({lease, 0}), files_.upper_bound({lease, UINT64_MAX}));
  }
  /// More than a worker that keeps to the protocol has on its way.
  [[nodiscard]] bool crowded() const { return files_.size() > most; }

 private:
  static constexpr std::size_t most = 64;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::shared_ptr<const HeldFile>> files_;  ///< by lease and index
};

/// Those that tasks of a chunk take as arguments, in its worker.
struct TakenFile {
  signature::Resident resident;
  Descriptor file;
};
using TakenFiles = std::vector<TakenFile>;

/// Most that come with one chunk.
inline constexpr std::uint32_t files_cap = 1024;

}  // namespace gantry::wire
