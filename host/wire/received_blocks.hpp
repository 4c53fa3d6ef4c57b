// Blocks of arguments that a worker received and has not used yet, and the files that it maps for those in use: a file
// that comes again, as files of shelves do, is not mapped again.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "signature/error.hpp"
#include "wire/assignment.hpp"
#include "wire/message.hpp"

namespace gantry::wire {

class ReceivedBlocks {
 public:
  void add(Block block);
  /// The block, mapped read-only. Error: it was not received, or is not as named.
  [[nodiscard]] host::Result<TakenBlock> take(const BlockName& name);

 private:
  /// A mapped file. While it is mapped, no other file has its number.
  struct Mapped {
    dev_t device;
    ino_t file;
    std::weak_ptr<const Mapping> mapping;
  };

  std::map<std::uint64_t, Block> blocks_;  ///< by id
  std::vector<Mapped> mapped_;
};

}  // namespace gantry::wire
