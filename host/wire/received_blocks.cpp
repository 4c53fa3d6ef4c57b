#include "wire/received_blocks.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

namespace gantry::wire {

void ReceivedBlocks::add(Block block) {
  const std::uint64_t id = block.id;
  blocks_.insert_or_assign(id, std::move(block));
}

host::Result<TakenBlock> ReceivedBlocks::take(const BlockName& name) {
  auto found = blocks_.extract(name.id);
  if (found.empty() || found.mapped().size != name.offset + name.size) {
    return host::fail(host::ErrorKind::infrastructure, "a chunk names a block that was not sent");
  }
  const Block& block = found.mapped();
  struct stat status{};
  if (::fstat(block.memory.get(), &status) != 0) {
    return host::fail(host::ErrorKind::infrastructure, errno_text("fstat of a block"));
  }
  std::erase_if(mapped_, [](const Mapped& each) { return each.mapping.expired(); });
  const auto known = std::ranges::find_if(
      mapped_, [&](const Mapped& each) { return each.device == status.st_dev && each.file == status.st_ino; });
  if (known != mapped_.end()) {
    // A shorter mapping was enough for the value that lay there before.
    if (auto mapping = known->mapping.lock(); mapping && mapping->size() >= block.size) {
      return TakenBlock{std::move(mapping), name.offset, name.size};
    }
    mapped_.erase(known);
  }
  auto mapped = map(block.memory, block.size, Access::read_whole);
  if (!mapped) return std::unexpected(std::move(mapped).error());
  auto mapping = std::make_shared<const Mapping>(*std::move(mapped));
  mapped_.push_back({status.st_dev, status.st_ino, mapping});
  return TakenBlock{std::move(mapping), name.offset, name.size};
}

}  // namespace gantry::wire
