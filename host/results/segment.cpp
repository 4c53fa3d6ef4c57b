#include "results/segment.hpp"

namespace gantry::results {
namespace {

constexpr std::uint64_t kMarkEvery = 64;
constexpr std::uint64_t kSmall = 1024;        // bytes of a segment that is put at its neighbour's end
constexpr std::uint64_t kJoined = 64 * 1024;  // bytes of a segment that nothing more is put at

void build_marks(Segment::Lengths& lengths) {
  lengths.marks.reserve(lengths.each.size() / kMarkEvery + 1);
  std::uint64_t at = 0;
  for (std::size_t i = 0; i < lengths.each.size(); ++i) {
    if (i % kMarkEvery == 0) lengths.marks.push_back(at);
    at += lengths.each[i];
  }
  if (lengths.each.size() % kMarkEvery == 0) lengths.marks.push_back(at);
}

}  // namespace

std::uint64_t Segment::slack() const {
  std::uint64_t spare = bytes.capacity() - bytes.size();
  if (lengths) spare += (lengths->each.capacity() - lengths->each.size()) * sizeof(std::uint64_t);
  return spare;
}

std::uint64_t Segment::offset(std::uint64_t position, std::optional<std::uint64_t> size) const {
  if (!lengths) return position * size.value_or(0);
  if (position == 0) return 0;
  if (position == count) return content().size();
  if (lengths->marks.empty()) build_marks(*lengths);
  std::uint64_t at = lengths->marks[position / kMarkEvery];
  for (std::uint64_t i = position / kMarkEvery * kMarkEvery; i < position; ++i) at += lengths->each[i];
  return at;
}

bool Segment::takes(const Segment& after) const {
  if (reason || after.reason || shared || after.shared) return false;
  if (after.shelved.data() != nullptr) return shelved.data() + shelved.size() == after.shelved.data();
  return shelved.data() == nullptr && after.size() <= kSmall && size() + after.size() <= kJoined;
}

void Segment::append(const Segment& after) {
  count += after.count;
  if (after.shelved.data() != nullptr) {
    shelved = {shelved.data(), shelved.size() + after.shelved.size()};
    return;
  }
  signature::append(bytes, after.bytes);
  if (!lengths) return;
  lengths->each.insert(lengths->each.end(), after.lengths->each.begin(), after.lengths->each.end());
  lengths->marks.clear();
}

Run Segment::run(std::uint64_t from, std::uint64_t to, std::optional<std::uint64_t> size) const {
  Run part{.first = from, .count = to - from, .reason = reason.get(), .bytes = {}, .size = size, .lengths = {}};
  if (reason) return part;
  const std::uint64_t begin = offset(from - first, size);
  part.bytes = content().subspan(begin, offset(to - first, size) - begin);
  if (lengths) part.lengths = std::span(lengths->each).subspan(from - first, to - from);
  return part;
}

signature::View Segment::value(std::uint64_t index, std::optional<std::uint64_t> size) const {
  const std::uint64_t position = index - first;
  const std::uint64_t length = lengths ? lengths->each[position] : size.value_or(0);
  return content().subspan(offset(position, size), length);
}

}  // namespace gantry::results
