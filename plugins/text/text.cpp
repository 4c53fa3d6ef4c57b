// text: words of files, counted. A word is a longest run of ASCII letters, ASCII digits and bytes from 128 on (so that
// letters beyond ASCII stay in their words); A to Z count as a to z. In the shell, with LC_ALL=C:
//   tr A-Z a-z <FILE | tr -cs 'a-z0-9\200-\377' '\n' | grep -a . | sort | uniq -c
#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include <gantry/plugin.hpp>

#include "common/file.hpp"
#include "text/utf8.hpp"

namespace {

using gantry::u64;
using Counts = std::map<std::string, u64>;
using Counted = std::tuple<std::string, u64>;

/// A byte as it stands in a word, 0 if it stands in none.
constexpr std::array<char, 256> in_words = [] {
  std::array<char, 256> table{};
  for (unsigned byte = 0; byte < table.size(); ++byte) {
    const bool upper = byte >= 'A' && byte <= 'Z';
    const bool kept = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte >= 128;
    if (upper || kept) table[byte] = static_cast<char>(upper ? byte - 'A' + 'a' : byte);
  }
  return table;
}();

/// Counts the words of a text that comes in pieces, which may end within a word.
class WordCounter {
 public:
  /// False if a word is not UTF-8: it ends at `position()`.
  bool add(std::span<const unsigned char> piece) {
    for (const unsigned char byte : piece) {
      if (const char letter = in_words[byte]; letter != 0) {
        word_ += letter;
      } else if (!word_.empty() && !end_word()) {
        return false;
      }
      ++position_;
    }
    return true;
  }
  bool finish() { return word_.empty() || end_word(); }
  [[nodiscard]] u64 position() const { return position_; }
  [[nodiscard]] std::unordered_map<std::string, u64> take() { return std::move(counts_); }

 private:
  bool end_word() {
    const auto [place, fresh] = counts_.try_emplace(word_, 0);
    ++place->second;
    word_.clear();
    return !fresh || text::is_utf8(place->first);
  }

  std::unordered_map<std::string, u64> counts_;
  std::string word_;
  u64 position_ = 0;
};

gantry::Result<std::unordered_map<std::string, u64>> count_words(const std::string& path) {
  const auto file = common::File::open(path);
  if (!file) return std::unexpected(file.error());
  file->read_ahead();
  WordCounter counter;
  std::array<unsigned char, common::block_size> block;
  for (;;) {
    const auto piece = file->read(block);
    if (!piece) return std::unexpected(piece.error());
    const bool good = piece->empty() ? counter.finish() : counter.add(*piece);
    if (!good)
      return gantry::fail("encoding", "\"" + path + "\" is not UTF-8: see the word that ends before byte " +
                                          std::to_string(counter.position()) + "; iconv converts other encodings");
    if (piece->empty()) return counter.take();
  }
}

gantry::Result<Counts> merge(std::vector<Counts> counts) {
  Counts total;
  for (Counts& part : counts) {
    if (total.size() < part.size()) total.swap(part);
    for (const auto& [word, count] : part) {
      u64& sum = total[word];
      if (__builtin_add_overflow(sum, count, &sum))
        return gantry::fail("overflow", "the count of \"" + word + "\" does not fit u64");
    }
  }
  return total;
}

std::vector<Counted> top(const Counts& counts, u64 n) {
  const std::size_t size = std::min<u64>(n, counts.size());
  std::vector<const Counts::value_type*> order;
  order.reserve(counts.size());
  for (const auto& entry : counts) order.push_back(&entry);
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(size);
  std::partial_sort(order.begin(), end, order.end(), [](const auto* left, const auto* right) {
    return left->second != right->second ? left->second > right->second : left->first < right->first;
  });
  std::vector<Counted> most;
  most.reserve(size);
  std::for_each(order.begin(), end, [&](const auto* entry) { most.emplace_back(entry->first, entry->second); });
  return most;
}

}  // namespace

GANTRY_PLUGIN(
    "text", "1.0.0",
    gantry::thread_safe(gantry::function<count_words>(
        "count_words", {"path"}, "How often each word is in a UTF-8 file: runs of letters and digits, A-Z as a-z.")),
    gantry::thread_safe(gantry::function<merge>("merge", {"counts"}, "The sums of several counts.")),
    gantry::thread_safe(gantry::function<top>(
        "top", {"counts", "n = 10"}, "The n most frequent words, the first in the alphabet first among equals.")));
