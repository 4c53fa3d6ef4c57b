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
#include "wire/socket.hpp"

namespace gantry::wire {

/// One that the host holds.
class HeldFile final : public signature::OpenFile {
 public:
  explicit HeldFile(Descriptor file) : file_(std::move(file)) {}
  [[nodiscard]] int descriptor() const override { return file_.get(); }

 private:
  Descriptor file_;
};

/// Those that tasks of a worker gave as their values, until the values are reported. One whose descriptor is -1 could
/// not be taken in.
class GivenFiles {
 public:
  /// False: the task has given one already.
  [[nodiscard]] bool add(std::uint64_t lease, std::uint64_t index, Descriptor file) {
    return files_.try_emplace({lease, index}, std::make_shared<const HeldFile>(std::move(file))).second;
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

 private:
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::shared_ptr<const HeldFile>> files_;  ///< by lease and index
};

/// Those that tasks of a chunk take as arguments, in its worker. No descriptor: this process could not take it in.
struct TakenFile {
  signature::Resident resident;
  Descriptor file;
};
using TakenFiles = std::vector<TakenFile>;

/// Most that come with one chunk: they come in one message.
inline constexpr std::uint32_t files_cap = descriptors_cap;

}  // namespace gantry::wire
