#include "config/syntax.hpp"

#include <fmt/format.h>
#include <yaml-cpp/exceptions.h>

#include <array>

#include "config/code_points.hpp"
#include "config/codes.hpp"
#include "config/name.hpp"
#include "config/yaml.hpp"

namespace gantry::config {
namespace {

namespace said = YAML::ErrorMsg;

Diagnostic wrong(const Code& code, Mark mark, std::string sentence, std::string help = {}) {
  return {std::string(code.number), mark, std::move(sentence), {}, std::move(help)};
}

/// What stands at a byte, for a message.
std::string at(std::string_view text, std::size_t offset) {
  if (offset >= text.size()) return "the end of the file";
  if (text[offset] == '\n' || text[offset] == '\r') return "the end of the line";
  return in_quotes(text.substr(offset, code_point(text, offset).size));
}

/// `${`, or `[` right after a reference: what means something else in YAML unless it is quoted.
bool wants_quotes(std::string_view line) {
  if (line.find("${") != std::string_view::npos) return true;
  for (std::size_t dollar = line.find('$'); dollar != std::string_view::npos; dollar = line.find('$', dollar + 1)) {
    std::size_t end = dollar + 1;
    while (end < line.size() && (is_word(line[end]) || line[end] == '.')) ++end;
    if (end < line.size() && line[end] == '[') return true;
  }
  return false;
}

/// `low:$a`: a word, a colon, and no space.
bool wants_space(std::string_view line) {
  const std::size_t begin = std::min(line.find_first_not_of(" -"), line.size());
  const std::size_t colon = std::min(line.find(':', begin), line.size());
  const bool followed = colon + 1 < line.size() && line[colon + 1] != ' ' && line[colon + 1] != '\r';
  return followed && is_name(line.substr(begin, colon - begin));
}

/// The first quote after the last scalar whose text goes on past `broken`. Looks for quotes where a value can begin.
std::optional<std::size_t> unclosed_quote(std::string_view text, std::size_t from, std::size_t broken) {
  bool value = true;  // a value can begin here
  for (std::size_t at = from; at < broken;) {
    const char c = text[at];
    if (value && (c == '"' || c == '\'')) {
      const auto end = after_quoted(text, at);
      if (!end || *end > broken) return at;
      at = *end;
      value = false;
    } else if (value && c == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else {
      value = c == ' ' || c == '\n' || c == '[' || c == '{' || c == ',' || c == ':';
      ++at;
    }
  }
  return {};
}

Diagnostic unclosed_text(const Broken& broken, Places& places) {
  const auto open = unclosed_quote(places.text(), broken.last.value_or(0), broken.offset);
  return never_closed(open.value_or(broken.offset), places);
}

/// Inside `[…]` or `{…}`, where neither an end nor a comma came.
Diagnostic broken_flow(const Broken& broken, Places& places) {
  const std::string_view text = places.text();
  if (!broken.open_flow) {
    return wrong(codes::syntax, places.mark(broken.offset),
                 fmt::format("{} cannot stand here", at(text, broken.offset)));
  }
  const Mark open = places.mark(*broken.open_flow);
  const std::string bracket = in_quotes(text.substr(*broken.open_flow, 1));
  if (broken.offset >= text.size())
    return wrong(codes::unclosed, open, fmt::format("this {} is never closed", bracket));
  const Mark here = places.mark(broken.offset);
  if (here.line != open.line) {
    Diagnostic unclosed = wrong(codes::unclosed, open, fmt::format("this {} is not closed in time", bracket));
    unclosed.notes.push_back({fmt::format("{} cannot stand in it", at(text, broken.offset)), here});
    return unclosed;
  }
  const bool list = text[*broken.open_flow] == '[';
  return wrong(codes::syntax, here,
               fmt::format("{} cannot stand here: the {} goes on with \",\" or ends with \"{}\"",
                           at(text, broken.offset), list ? "list" : "map", list ? "]" : "}"));
}

/// A `:` where no key can be.
Diagnostic stray_colon(const Broken& broken, Places& places) {
  const Mark here = places.mark(broken.offset);
  const Mark begun = places.mark(broken.last.value_or(broken.offset));
  if (begun.line == here.line) {
    return wrong(codes::syntax, here, "a value cannot hold \": \" unless it is quoted", "quote it");
  }
  const std::string_view text = places.text();
  // The line above: the parser tells of a key only when it has seen its colon.
  const std::size_t line = text.rfind('\n', broken.offset);
  const std::size_t above = line == std::string_view::npos ? line : text.find_last_not_of(" \r\n", line);
  const bool space = above != std::string_view::npos && wants_space(places.line(above));
  Diagnostic stray = wrong(codes::syntax, here, "a key cannot stand here: this line goes on with the one above",
                           space ? "a space after the colon above" : "check the indentation of both lines");
  if (!space) stray.notes.push_back({"what it goes on with begins here", begun});
  return stray;
}

/// A `]` or `}` that does not fit.
Diagnostic stray_end(const Broken& broken, Places& places) {
  const std::string_view text = places.text();
  const std::string end = at(text, broken.offset);
  if (!broken.open_flow) {
    return wrong(codes::syntax, places.mark(broken.offset), fmt::format("this {} closes nothing", end));
  }
  const std::string open = in_quotes(text.substr(*broken.open_flow, 1));
  Diagnostic stray =
      wrong(codes::syntax, places.mark(broken.offset), fmt::format("this {} does not close the {}", end, open));
  stray.notes.push_back({fmt::format("the {} is here", open), places.mark(*broken.open_flow)});
  return stray;
}

struct Plain {
  std::string_view message;
  const Code& code;
  std::string_view sentence;
  std::string_view help;
};

constexpr std::string_view no_alias = "aliases (*) are not part of a pipeline";
constexpr std::string_view no_anchor = "anchors (&) are not part of a pipeline";
constexpr std::string_view no_tag = "tags (!) are not part of a pipeline";
constexpr std::string_view bad_escape = "this is no escape of double quotes";
constexpr std::string_view misplaced = "this belongs to nothing above";

const std::array plain{
    Plain{said::UNKNOWN_ANCHOR, codes::not_supported_yaml, no_alias, "quote it"},
    Plain{said::ALIAS_NOT_FOUND, codes::not_supported_yaml, no_alias, "quote it"},
    Plain{said::CHAR_IN_ALIAS, codes::not_supported_yaml, no_alias, "quote it"},
    Plain{said::MULTIPLE_ALIASES, codes::not_supported_yaml, no_alias, "quote it"},
    Plain{said::ALIAS_CONTENT, codes::not_supported_yaml, no_alias, "quote it"},
    Plain{said::ANCHOR_NOT_FOUND, codes::not_supported_yaml, no_anchor, "quote it"},
    Plain{said::CHAR_IN_ANCHOR, codes::not_supported_yaml, no_anchor, "quote it"},
    Plain{said::MULTIPLE_ANCHORS, codes::not_supported_yaml, no_anchor, "quote it"},
    Plain{said::MULTIPLE_TAGS, codes::not_supported_yaml, no_tag, "quote it"},
    Plain{said::CHAR_IN_TAG_HANDLE, codes::not_supported_yaml, no_tag, "quote it"},
    Plain{said::TAG_WITH_NO_SUFFIX, codes::not_supported_yaml, no_tag, "quote it"},
    Plain{said::END_OF_VERBATIM_TAG, codes::not_supported_yaml, no_tag, "quote it"},
    Plain{said::BLOCK_ENTRY, codes::syntax, "a list item cannot begin here",
          "begin it on a line of its own, or write [a, b]"},
    Plain{said::MAP_KEY, codes::syntax, "a key cannot begin here", "begin it on a line of its own"},
    Plain{said::CHAR_IN_BLOCK, codes::syntax, "the text of a block begins on the line after | or >", ""},
    Plain{said::ZERO_INDENT_IN_BLOCK, codes::syntax, "a block cannot be indented by 0", ""},
    Plain{said::INVALID_HEX, codes::syntax, bad_escape, "\\x takes 2 hexadecimal digits, \\u 4, \\U 8"},
    Plain{said::SINGLE_QUOTED_CHAR, codes::syntax, "this cannot stand in single quotes", ""},
    Plain{said::TAB_IN_INDENTATION, codes::tab_indentation, "this line is indented with a tab", "indent with spaces"},
    Plain{said::END_OF_MAP, codes::syntax, misplaced, "check the indentation, and quote the whole of a value"},
    Plain{said::END_OF_SEQ, codes::syntax, misplaced, "check the indentation, and quote the whole of a value"},
};

Diagnostic explained(const Broken& broken, Places& places) {
  const std::string_view message = broken.message;
  if (message == said::END_OF_MAP_FLOW || message == said::END_OF_SEQ_FLOW) return broken_flow(broken, places);
  if (message == said::EOF_IN_SCALAR || message == said::DOC_IN_SCALAR) return unclosed_text(broken, places);
  if (message == said::MAP_VALUE) return stray_colon(broken, places);
  const Mark here = places.mark(broken.offset);
  const std::string character = at(places.text(), broken.offset);
  if (message == said::UNKNOWN_TOKEN) {
    return wrong(codes::syntax, here, fmt::format("a value cannot begin with {}", character), "quote it");
  }
  if (message == said::FLOW_END) return stray_end(broken, places);
  if (message.starts_with(said::INVALID_ESCAPE)) {
    return wrong(codes::syntax, here, std::string(bad_escape), "write \\\\ for a backslash, or use single quotes");
  }
  if (message.starts_with(said::INVALID_UNICODE)) {
    return wrong(codes::syntax, here, "this escape is no character of Unicode", "surrogates are not characters");
  }
  if (message.starts_with(said::BAD_FILE)) {
    return wrong(codes::too_deep, here, fmt::format("lists and maps are nested deeper than {} levels", deepest));
  }
  for (const Plain& row : plain) {
    if (message == row.message) return wrong(row.code, here, std::string(row.sentence), std::string(row.help));
  }
  return wrong(codes::syntax, here, fmt::format("this is not valid YAML: {}", message));
}

}  // namespace

std::optional<std::size_t> after_quoted(std::string_view text, std::size_t open) {
  const char quote = text[open];
  for (std::size_t at = open + 1; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      const bool doubled = quote == '\'' && at + 1 < text.size() && text[at + 1] == quote;
      if (!doubled) return at + 1;
      ++at;
    }
  }
  return {};
}

Diagnostic never_closed(std::size_t quote, Places& places) {
  const std::string_view rest = places.text().substr(quote);
  const bool escaped = rest.starts_with('"') && rest.find("\\\"") != std::string_view::npos;
  return wrong(codes::unclosed, places.mark(quote), "this quote is never closed",
               escaped ? "in double quotes, a backslash is written \\\\" : "");
}

Diagnostic explain(const Broken& broken, Places& places) {
  Diagnostic diagnostic = explained(broken, places);
  const std::string_view text = places.text();
  const bool at_end = broken.offset >= text.size();
  if (!at_end && wants_quotes(places.line(broken.offset))) diagnostic.help = "quote it";
  // A quote closed too late swallows lines: the mistake is where it was opened.
  if (broken.last && *broken.last < text.size() && (text[*broken.last] == '"' || text[*broken.last] == '\'')) {
    const auto end = after_quoted(text, *broken.last);
    const std::string_view inside = text.substr(*broken.last, end.value_or(text.size()) - *broken.last);
    if (inside.find('\n') != std::string_view::npos) {
      diagnostic.notes.push_back(
          {"the quoted text before it begins here: is its quote closed?", places.mark(*broken.last)});
    }
  }
  return diagnostic;
}

}  // namespace gantry::config
