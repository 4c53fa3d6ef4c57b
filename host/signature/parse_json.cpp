// JSON and literals -> marked tree. Written by hand because numbers must keep their text and nodes their places, which
// no event of a JSON library tells.
#include <algorithm>
#include <numeric>
#include <tuple>

#include <fmt/format.h>

#include "signature/identifier.hpp"
#include "signature/json_string.hpp"
#include "signature/node.hpp"
#include "signature/type.hpp"
#include "signature/utf8.hpp"

namespace gantry::signature {

namespace {

enum class Dialect : std::uint8_t { json, literal };

/// The length of the JSON number that `text` begins with, or 0.
[[nodiscard]] std::size_t number_size(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const auto start = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at > start;
  };
  const auto take = [&](std::string_view any) {
    const bool found = at < text.size() && any.contains(text[at]);
    if (found) ++at;
    return found;
  };
  (void)take("-");
  if (!take("0") && !digits()) return 0;
  if (take(".") && !digits()) return 0;
  if (take("eE")) {
    (void)take("+-");
    if (!digits()) return 0;
  }
  return at;
}

class TreeParser {
 public:
  TreeParser(std::string_view text, std::uint32_t source, Dialect dialect)
      : text_(text), source_(source), dialect_(dialect) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  }

  [[nodiscard]] host::Result<Node> whole();

 private:
  using Failure = std::unexpected<host::Error>;

  [[nodiscard]] host::Result<Node> value(std::uint64_t depth);
  [[nodiscard]] host::Result<Node> list(std::uint64_t depth);
  [[nodiscard]] host::Result<Node> map(std::uint64_t depth);
  [[nodiscard]] host::Result<Node::Entry> entry(std::uint64_t depth);
  [[nodiscard]] host::Result<std::string> quoted();
  [[nodiscard]] host::Result<Node> json_word();
  [[nodiscard]] host::Result<Node> bare(std::string_view stop);
  /// Text without quotes up to a character of `stop`, without the spaces around it; empty if there is none.
  [[nodiscard]] std::string_view bare_text(std::string_view stop);
  [[nodiscard]] host::Result<void> keys_differ(const Node& map);

  void skip_spaces() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  [[nodiscard]] bool take(char c) {
    skip_spaces();
    const bool found = at_ < text_.size() && text_[at_] == c;
    if (found) ++at_;
    return found;
  }
  [[nodiscard]] bool next_is(char c) {
    skip_spaces();
    return at_ < text_.size() && text_[at_] == c;
  }
  /// Of an offset; cheap where offsets grow from call to call, so that a tree costs one pass.
  [[nodiscard]] Mark mark(std::size_t at);
  [[nodiscard]] Failure refuse(Mark mark, std::string_view sentence) const;
  [[nodiscard]] Failure refuse(std::size_t at, std::string_view sentence) { return refuse(mark(at), sentence); }
  [[nodiscard]] Failure expected(std::string_view what);

  std::string_view text_;
  std::uint32_t source_;
  Dialect dialect_;
  std::size_t at_ = 0;
  std::size_t counted_ = 0;  ///< the offset that line_ and column_ tell of
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 1;
};

Mark TreeParser::mark(std::size_t at) {
  if (at < counted_) {
    counted_ = 0;
    line_ = 1;
    column_ = 1;
  }
  while (counted_ < at) {
    const bool breaks = text_[counted_] == '\n';
    counted_ += std::max<std::size_t>(code_point_size(text_, counted_), 1);
    line_ += breaks ? 1 : 0;
    column_ = breaks ? 1 : column_ + 1;
  }
  return {.source = source_, .line = line_, .column = column_};
}

TreeParser::Failure TreeParser::refuse(Mark mark, std::string_view sentence) const {
  return host::fail(host::ErrorKind::value, fmt::format("{}:{}: {}", mark.line, mark.column, sentence));
}

TreeParser::Failure TreeParser::expected(std::string_view what) {
  skip_spaces();
  if (at_ == text_.size()) return refuse(at_, fmt::format("expected {}, found the end", what));
  auto stop = at_;
  while (stop < text_.size() && is_word(text_[stop])) ++stop;
  if (stop > at_) {
    return refuse(at_, fmt::format("expected {}, found {}", what, excerpt(text_.substr(at_, stop - at_), 40)));
  }
  return refuse(at_, fmt::format("expected {}, found {}", what, name_character(text_, at_)));
}

host::Result<std::string> TreeParser::quoted() {
  std::string text;
  const auto behind = read_json_string(text_, at_, text);
  if (!behind) return refuse(behind.error().at, behind.error().sentence);
  at_ = *behind;
  return text;
}

host::Result<Node> TreeParser::json_word() {
  Node node;
  node.kind = Node::Kind::plain;
  node.mark = mark(at_);
  auto size = number_size(text_.substr(at_));
  for (const std::string_view word : {"true", "false", "null"}) {
    if (text_.substr(at_).starts_with(word)) size = word.size();
  }
  // "nullx" and "01" are no values followed by something: they are no values.
  const auto behind = at_ + size;
  if (size == 0 || (behind < text_.size() && is_word(text_[behind]))) return expected("a JSON value");
  node.text = text_.substr(at_, size);
  if (node.text == "null")
    node = Node{.kind = Node::Kind::null, .mark = node.mark, .text = {}, .items = {}, .entries = {}};
  at_ = behind;
  return node;
}

std::string_view TreeParser::bare_text(std::string_view stop) {
  skip_spaces();
  const auto start = at_;
  while (at_ < text_.size() && !stop.contains(text_[at_])) ++at_;
  auto end = at_;
  while (end > start && is_space(text_[end - 1])) --end;
  return text_.substr(start, end - start);
}

host::Result<Node> TreeParser::bare(std::string_view stop) {
  Node node;
  node.mark = mark(at_);
  const auto start = at_;
  const auto text = bare_text(stop);
  if (text.empty()) return expected("a value");
  for (std::size_t at = 0; at < text.size();) {
    const auto size = code_point_size(text, at);
    if (size == 0) return refuse(start + at, "not UTF-8");
    at += size;
  }
  if (text == "null") return node;
  node.kind = Node::Kind::plain;
  node.text = text;
  return node;
}

host::Result<Node> TreeParser::value(std::uint64_t depth) {
  skip_spaces();
  const auto start = at_;
  if (next_is('[') || next_is('{')) {
    if (depth == deepest)
      return refuse(at_, fmt::format("lists and maps stand at most {} deep inside each other", deepest));
    return text_[at_] == '[' ? list(depth + 1) : map(depth + 1);
  }
  if (!next_is('"')) {
    if (dialect_ == Dialect::json) return json_word();
    return bare(depth == 0 ? "" : ",]}");
  }
  Node node;
  node.kind = Node::Kind::quoted;
  node.mark = mark(start);
  auto text = quoted();
  if (!text) return std::unexpected(text.error());
  node.text = std::move(*text);
  return node;
}

host::Result<Node> TreeParser::list(std::uint64_t depth) {
  Node node;
  node.kind = Node::Kind::list;
  node.mark = mark(at_++);
  if (take(']')) return node;
  do {
    auto item = value(depth);
    if (!item) return item;
    node.items.push_back(std::move(*item));
  } while (take(','));
  if (!take(']')) return expected("',' or ']' in the list");
  return node;
}

host::Result<Node::Entry> TreeParser::entry(std::uint64_t depth) {
  skip_spaces();
  Node::Entry entry;
  const auto start = at_;
  entry.mark = mark(at_);
  if (next_is('"')) {
    auto key = quoted();
    if (!key) return std::unexpected(key.error());
    entry.key = std::move(*key);
  } else {
    if (dialect_ == Dialect::literal) entry.key = bare_text(":,[]{}\"");
    if (entry.key.empty()) {
      at_ = start;
      return expected(dialect_ == Dialect::json ? "a key in double quotes" : "a key");
    }
  }
  if (!take(':')) return expected("':' after the key");
  auto value = this->value(depth);
  if (!value) return std::unexpected(value.error());
  entry.value = std::move(*value);
  return entry;
}

host::Result<Node> TreeParser::map(std::uint64_t depth) {
  Node node;
  node.kind = Node::Kind::map;
  node.mark = mark(at_++);
  if (take('}')) return node;
  do {
    auto next = entry(depth);
    if (!next) return std::unexpected(next.error());
    node.entries.push_back(std::move(*next));
  } while (take(','));
  if (!take('}')) return expected("',' or '}' in the map");
  if (const auto differ = keys_differ(node); !differ) return std::unexpected(differ.error());
  return node;
}

host::Result<void> TreeParser::keys_differ(const Node& map) {
  std::vector<std::size_t> order(map.entries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // Of equal keys the later one is the one too many.
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    return std::tie(map.entries[a].key, a) < std::tie(map.entries[b].key, b);
  });
  for (std::size_t i = 1; i < order.size(); ++i) {
    const auto& entry = map.entries[order[i]];
    if (entry.key != map.entries[order[i - 1]].key) continue;
    return refuse(entry.mark, fmt::format("the key {} stands twice in one map", excerpt(entry.key, 40)));
  }
  return {};
}

host::Result<Node> TreeParser::whole() {
  auto node = value(0);
  if (!node) return node;
  skip_spaces();
  if (at_ != text_.size()) return expected("the end");
  return node;
}

}  // namespace

host::Result<Node> parse_json(std::string_view text, std::uint32_t source) {
  return TreeParser(text, source, Dialect::json).whole();
}

host::Result<Node> parse_literal(std::string_view text, std::uint32_t source) {
  return TreeParser(text, source, Dialect::literal).whole();
}

}  // namespace gantry::signature
