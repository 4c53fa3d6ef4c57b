#include "wire/shelf.hpp"

#include <algorithm>
#include <utility>

namespace gantry::wire {
namespace {

constexpr std::uint64_t ahead = 4U << 20;  // bytes of pages that are taken at once

}  // namespace

/// Its bytes and what stands around them; keeps it alive.
class Shelf::Framed final : public signature::SharedBytes {
 public:
  explicit Framed(std::shared_ptr<const Shelf> shelf) : shelf_(std::move(shelf)) {}

  [[nodiscard]] signature::View bytes() const override {
    return {shelf_->memory_->mapping.data() + place().offset,
            shelf_->before_.size() + shelf_->size_ + shelf_->after_.size()};
  }
  [[nodiscard]] std::shared_ptr<const SharedBytes> framed(signature::View /*before*/,
                                                          signature::View /*after*/) const override {
    return nullptr;
  }
  [[nodiscard]] Place place() const override {
    return {shelf_->memory_->file.get(), margin - shelf_->before_.size(), shelf_->memory_};
  }

 private:
  std::shared_ptr<const Shelf> shelf_;
};

Shelves::Shelves() : spare_(std::make_shared<Spare>()) {}

// The smallest that is large enough; none that is far too large, which another value may need.
host::Result<std::shared_ptr<Shelf>> Shelves::make(std::uint64_t size) {
  const std::uint64_t whole = size + 2 * Shelf::margin;
  auto best = spare_->end();
  for (auto each = spare_->begin(); each != spare_->end(); ++each) {
    const std::uint64_t capacity = (*each)->mapping.size();
    if (capacity < whole || capacity / 4 > whole) continue;
    if (best == spare_->end() || capacity < (*best)->mapping.size()) best = each;
  }
  std::shared_ptr<ShelfMemory> memory;
  if (best != spare_->end()) {
    memory = std::move(*best);
    spare_->erase(best);
  } else {
    auto file = lazy_memory("gantry-values", whole);
    if (!file) return std::unexpected(std::move(file).error());
    auto mapping = map(*file, whole, Access::write);
    if (!mapping) return std::unexpected(std::move(mapping).error());
    memory = std::make_shared<ShelfMemory>(*std::move(file), *std::move(mapping));
  }
  return std::make_shared<Shelf>(Shelf::Key{}, std::move(memory), size, spare_);
}

void Shelves::take_back(Spare& spare, std::shared_ptr<ShelfMemory> memory) {
  std::uint64_t total = memory->mapping.size();
  if (total > spare_shelves_most) return;
  for (const auto& each : spare) total += each->mapping.size();
  while (total > spare_shelves_most) {
    total -= spare.front()->mapping.size();
    spare.erase(spare.begin());
  }
  spare.push_back(std::move(memory));
}

Shelf::Shelf(Key, std::shared_ptr<ShelfMemory> memory, std::uint64_t size, std::weak_ptr<Shelves::Spare> home)
    : memory_(std::move(memory)), size_(size), home_(std::move(home)) {}

Shelf::~Shelf() {
  if (const auto home = home_.lock()) Shelves::take_back(*home, std::move(memory_));
}

host::Result<void> Shelf::write(std::uint64_t offset, signature::View bytes) {
  Backing& backing = memory_->backing;
  const std::uint64_t end = margin + offset + bytes.size();
  if (end > backing.ready()) {
    // Whoever writes in order asks far ahead, but never for more than there is.
    const std::uint64_t most = 2 * margin + size_;
    if (auto made = backing.cover_just(std::min(most, std::max(end, backing.ready() + ahead))); !made) return made;
  }
  std::ranges::copy(bytes, memory_->mapping.data() + margin + offset);
  return {};
}

std::shared_ptr<const signature::SharedBytes> Shelf::framed(signature::View before, signature::View after) const {
  if (before.size() > margin || after.size() > margin) return nullptr;
  if (is_framed_ && !(std::ranges::equal(before, before_) && std::ranges::equal(after, after_))) return nullptr;
  if (!is_framed_) {
    if (!memory_->backing.cover_just(2 * margin + size_)) return nullptr;
    before_.assign(before.begin(), before.end());
    after_.assign(after.begin(), after.end());
    std::ranges::copy(before, memory_->mapping.data() + margin - before.size());
    std::ranges::copy(after, memory_->mapping.data() + margin + size_);
    is_framed_ = true;
  }
  return std::make_shared<Framed>(shared_from_this());
}

}  // namespace gantry::wire
