#include "wire/shelf.hpp"

#include <sys/mman.h>

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
    return {shelf_->mapping_.data() + place().offset, shelf_->before_.size() + shelf_->size_ + shelf_->after_.size()};
  }
  [[nodiscard]] std::shared_ptr<const SharedBytes> framed(signature::View /*before*/,
                                                          signature::View /*after*/) const override {
    return nullptr;
  }
  [[nodiscard]] Place place() const override { return {shelf_->file_.get(), margin - shelf_->before_.size()}; }

 private:
  std::shared_ptr<const Shelf> shelf_;
};

host::Result<std::shared_ptr<Shelf>> Shelf::make(std::uint64_t size) {
  auto file = lazy_memory("gantry-values", size + 2 * margin);
  if (!file) return std::unexpected(std::move(file).error());
  auto mapping = map(*file, size + 2 * margin, Access::write);
  if (!mapping) return std::unexpected(std::move(mapping).error());
  return std::make_shared<Shelf>(Key{}, *std::move(file), *std::move(mapping), size);
}

Shelf::Shelf(Key, Descriptor file, Mapping mapping, std::uint64_t size)
    : file_(std::move(file)), mapping_(std::move(mapping)), size_(size) {}

void Shelf::write(std::uint64_t offset, signature::View bytes) {
  const std::uint64_t end = margin + offset + bytes.size();
  if (end > taken_) {
    // Whoever writes in order asks far ahead, but never for more than there is. An error only makes it slower.
    const std::uint64_t from = taken_;
    taken_ = std::min(mapping_.size(), std::max(end, from + ahead));
    taken_ = std::min(mapping_.size(), (taken_ + margin - 1) / margin * margin);
    static_cast<void>(::madvise(mapping_.data() + from, taken_ - from, MADV_POPULATE_WRITE));
  }
  std::ranges::copy(bytes, mapping_.data() + margin + offset);
}

std::shared_ptr<const signature::SharedBytes> Shelf::framed(signature::View before, signature::View after) const {
  if (before.size() > margin || after.size() > margin) return nullptr;
  if (is_framed_ && !(std::ranges::equal(before, before_) && std::ranges::equal(after, after_))) return nullptr;
  if (!is_framed_) {
    before_.assign(before.begin(), before.end());
    after_.assign(after.begin(), after.end());
    std::ranges::copy(before, mapping_.data() + margin - before.size());
    std::ranges::copy(after, mapping_.data() + margin + size_);
    is_framed_ = true;
  }
  return std::make_shared<Framed>(shared_from_this());
}

}  // namespace gantry::wire
