#include "plan/file_pattern.hpp"

#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "signature/utf8.hpp"

namespace gantry::plan {
namespace {

template <class T>
using Read = std::expected<T, std::string>;
using Kind = PatternPart::Kind;

/// Longest pattern in bytes.
constexpr std::size_t longest = 1U << 14;

std::unexpected<std::string> wrong(std::string sentence) {
  return std::unexpected(std::move(sentence));
}

/// A group of alternatives: where it opens and closes, and its commas.
struct Braces {
  std::size_t open = 0, close = 0;
  std::vector<std::size_t> commas;
};

/// The group that opens at `open`. Without a comma it is none: its braces are ordinary.
Read<Braces> braces_at(std::string_view text, std::size_t open) {
  Braces braces{open, 0, {}};
  std::size_t depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '{') {
      ++depth;
    } else if (text[i] == ',' && depth == 1) {
      braces.commas.push_back(i);
    } else if (text[i] == '}' && --depth == 0) {
      braces.close = i;
      return braces;
    }
  }
  return wrong(R"(a { is never closed; write \{ for the brace itself)");
}

Read<std::optional<Braces>> first_braces(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
      continue;
    }
    if (text[i] != '{') continue;
    auto braces = braces_at(text, i);
    if (!braces) return wrong(std::move(braces.error()));
    if (!braces->commas.empty()) return std::move(*braces);
  }
  return std::nullopt;
}

/// The texts that a pattern's braces stand for.
Read<std::vector<std::string>> alternatives_of(std::string_view pattern) {
  std::vector<std::string> done;
  std::vector<std::string> open{std::string(pattern)};
  while (!open.empty()) {
    const std::string text = std::move(open.back());
    open.pop_back();
    auto braces = first_braces(text);
    if (!braces) return wrong(std::move(braces.error()));
    if (!*braces) {
      done.push_back(text);
      continue;
    }
    const auto& [from, to, commas] = **braces;
    if (done.size() + open.size() + commas.size() >= most_alternatives)
      return wrong(fmt::format("its braces make more than {} alternatives", most_alternatives));
    for (std::size_t i = 0; i <= commas.size(); ++i) {
      const std::size_t begin = i == 0 ? from + 1 : commas[i - 1] + 1;
      const std::size_t end = i == commas.size() ? to : commas[i];
      open.push_back(text.substr(0, from) + text.substr(begin, end - begin) + text.substr(to + 1));
    }
  }
  return done;
}

/// A code point past U+00FF begins here: fnmatch of glibc 2.36 misreads ranges to and from these, and only ranges.
bool beyond_latin_1(char c) {
  return static_cast<unsigned char>(c) >= 0xC4;
}

/// The `]` of the bracket that opens at `open`.
Read<std::size_t> end_of_bracket(std::string_view text, std::size_t open) {
  std::size_t i = open + 1;
  if (i < text.size() && (text[i] == '!' || text[i] == '^')) ++i;
  const std::size_t first = i;
  char before = 0;
  while (i < text.size() && (text[i] != ']' || i == first)) {
    if (text[i] == '-' && i > first && i + 1 < text.size() && text[i + 1] != ']' &&
        (beyond_latin_1(before) || beyond_latin_1(text[i + 1])))
      return wrong("a range like a-z has no place for characters past ÿ; write them one by one");
    const std::size_t end = text.substr(i).starts_with("[:") ? text.find(":]", i + 2) : std::string_view::npos;
    if (end != std::string_view::npos) {
      i = end + 2;
    } else {
      if (text[i] == '\\' && i + 1 < text.size()) ++i;
      before = text[i];
      i += std::max<std::size_t>(signature::code_point_size(text, i), 1);
    }
  }
  if (i >= text.size()) return wrong(R"(a [ is never closed; write \[ for the bracket itself)");
  return i;
}

Read<PatternPart> read_part(std::string_view text) {
  if (text == "**") return PatternPart{Kind::any_depth, ""};
  PatternPart part{Kind::name, ""};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      if (++i == text.size()) return wrong(R"(a \ has nothing after it; write \\ for the backslash itself)");
    } else if (text[i] == '*' || text[i] == '?') {
      if (text.substr(i).starts_with("**")) return wrong("** stands alone between slashes, as in data/**/*.txt");
      part.kind = Kind::wild;
    } else if (text[i] == '[') {
      const auto end = end_of_bracket(text, i);
      if (!end) return wrong(end.error());
      i = *end;
      part.kind = Kind::wild;
    }
    part.text.push_back(text[i]);
  }
  if (part.kind == Kind::wild) part.text = text;
  return part;
}

/// Appends a part; `.` and `..` are resolved. False: a `..` stands behind a wildcard.
bool append(PatternPart part, bool absolute, std::vector<PatternPart>& to) {
  if (part.kind != Kind::name || (part.text != "." && part.text != "..")) {
    to.push_back(std::move(part));
  } else if (part.text == "..") {
    if (!to.empty() && to.back().kind != Kind::name) return false;
    if (!to.empty() && to.back().text != "..") {
      to.pop_back();
    } else if (!absolute) {
      to.push_back(std::move(part));
    }
  }
  return true;
}

Read<FilePattern> read_alternative(std::string_view text, const std::filesystem::path& folder) {
  if (text.empty()) return wrong("the pattern is empty");
  if (text.ends_with('/'))
    return wrong("a pattern that ends in / is one of folders, and files are wanted; write /* for the files in them");
  const bool own = text.starts_with('/');
  const bool absolute = own || folder.is_absolute();
  std::vector<PatternPart> parts;
  if (!own) {
    for (const auto& name : folder) {
      if (!name.empty() && name != "/") append({Kind::name, name.string()}, absolute, parts);
    }
  }
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('/', at), text.size());
    if (end > at) {
      auto part = read_part(text.substr(at, end - at));
      if (!part) return wrong(std::move(part.error()));
      if (!append(std::move(*part), absolute, parts)) return wrong(".. cannot stand behind a wildcard");
    }
    at = end + 1;
  }
  if (parts.empty() || parts.back().text == "..") return wrong("this is a folder; write /* for the files in it");
  if (parts.back().kind == Kind::any_depth) parts.push_back({Kind::wild, "*"});
  FilePattern pattern{absolute ? "/" : "", {}};
  std::size_t first = 0;
  for (; first + 1 < parts.size() && parts[first].kind == Kind::name; ++first)
    pattern.base = join(pattern.base, parts[first].text);
  pattern.parts.assign(std::make_move_iterator(parts.begin() + static_cast<std::ptrdiff_t>(first)),
                       std::make_move_iterator(parts.end()));
  return pattern;
}

}  // namespace

Read<std::vector<FilePattern>> read_file_pattern(std::string_view pattern, const std::filesystem::path& folder) {
  if (pattern.size() > longest) return wrong(fmt::format("the pattern is longer than {} bytes", longest));
  if (pattern.find('\0') != std::string_view::npos) return wrong("a path holds no zero byte");
  const auto texts = alternatives_of(pattern);
  if (!texts) return wrong(texts.error());
  std::vector<FilePattern> alternatives;
  alternatives.reserve(texts->size());
  for (const auto& text : *texts) {
    auto alternative = read_alternative(text, folder);
    if (!alternative) return wrong(std::move(alternative.error()));
    alternatives.push_back(std::move(*alternative));
  }
  return alternatives;
}

std::string join(std::string_view folder, std::string_view name) {
  std::string path(folder);
  if (!path.empty() && path.back() != '/') path.push_back('/');
  path += name;
  return path;
}

}  // namespace gantry::plan
