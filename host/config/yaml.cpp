#include "config/yaml.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>

#include <exception>
#include <unordered_map>
#include <utility>

#include "config/code_points.hpp"
#include "config/codes.hpp"
#include "config/documents.hpp"
#include "config/name.hpp"
#include "config/raw_text.hpp"
#include "config/settings.hpp"
#include "config/syntax.hpp"

namespace gantry::config {
namespace {

using signature::Node;

/// Thrown through the parser to stop it; what is wrong has been reported.
struct Stop {};

/// A list or map whose end has not come.
struct Frame {
  Node node;
  std::size_t offset = 0;
  bool flow = false;      ///< in brackets or braces
  bool key_next = false;  ///< of a map
  bool drop = false;      ///< the value to come belongs to a key that was refused
  std::string key;
  Mark key_mark;
  bool key_plain = false;
  std::unordered_map<std::string, Mark> seen;  ///< keys, once there are too many to look at each
};

/// Makes the tree of one document.
class Tree final : public YAML::EventHandler {
 public:
  Tree(Places& places, Diagnostics& diagnostics) : places_(places), diagnostics_(diagnostics) {}

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    const std::size_t at = offset(mark);
    Node node;
    node.mark = places_.mark(at);
    if (!frames_.empty() && frames_.back().node.kind == Node::Kind::list && !frames_.back().flow && !written_null(at)) {
      node.mark = frames_.back().node.mark;  // an empty item: the parser tells where the next one stands
    }
    if (key_next()) {
      report(codes::key_form, node.mark, "a key is missing here");
      refuse_key();
    } else {
      if (!frames_.empty() && frames_.back().node.kind == Node::Kind::map) {
        node.mark = frames_.back().key_mark;
        if (!written_null(at)) node = repaired(std::move(node));
      }
      value(std::move(node));
    }
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    Node node;
    node.mark = places_.mark(offset(mark));
    report(codes::not_supported_yaml, node.mark, "aliases (*) are not part of a pipeline", "write the value again");
    if (key_next()) {
      refuse_key();
    } else {
      value(std::move(node));
    }
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                const std::string& text) override {
    const std::size_t at = offset(mark);
    const std::string_view all = places_.text();
    last_ = at;
    Node node;
    node.mark = places_.mark(at);
    node.kind = tag == "?" ? Node::Kind::plain : Node::Kind::quoted;
    node.text = text;
    // "!" stands for quotes, and for the tag that is only "!".
    if (tag != "?" && (tag != "!" || (at < all.size() && all[at] == '!'))) report_tag(node.mark);
    // At the end of the text the parser takes a quote as closed.
    if (at < all.size() && (all[at] == '\'' || all[at] == '"') && !after_quoted(all, at)) {
      diagnostics_.report(never_closed(at, places_));
      throw Stop();
    }
    if (key_next()) {
      key(std::move(node));
    } else {
      value(std::move(node));
    }
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value style) override {
    begin(Node::Kind::list, mark, tag, style == YAML::EmitterStyle::Flow);
  }
  void OnSequenceEnd() override { end(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value style) override {
    begin(Node::Kind::map, mark, tag, style == YAML::EmitterStyle::Flow);
  }
  void OnMapEnd() override { end(); }

  void OnAnchor(const YAML::Mark& mark, const std::string& /*name*/) override {
    report(codes::not_supported_yaml, places_.mark(offset(mark)), "anchors (&) are not part of a pipeline", "quote it");
  }

  [[nodiscard]] Node& root() { return root_; }
  [[nodiscard]] std::optional<std::size_t> last() const { return last_; }

  /// The innermost `[` or `{` that is open.
  [[nodiscard]] std::optional<std::size_t> open_flow() const {
    for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
      const std::string_view here = places_.text().substr(frame->offset, 1);
      if (frame->flow && (here == "[" || here == "{")) return frame->offset;
    }
    return {};
  }

 private:
  [[nodiscard]] std::size_t offset(const YAML::Mark& mark) const {
    return places_.offset(static_cast<std::size_t>(mark.line), static_cast<std::size_t>(mark.column));
  }
  [[nodiscard]] bool key_next() const {
    return !frames_.empty() && frames_.back().node.kind == Node::Kind::map && frames_.back().key_next;
  }
  /// Null can be written, or be the lack of a value; only of a written one is the mark its own.
  [[nodiscard]] bool written_null(std::size_t at) const {
    const std::string_view rest = places_.text().substr(at, 4);
    return rest.starts_with('~') || rest == "null" || rest == "Null" || rest == "NULL";
  }

  void report(const Code& code, Mark mark, std::string sentence, std::string help = {}) {
    diagnostics_.report({std::string(code.number), mark, std::move(sentence), {}, std::move(help)});
  }
  void report_tag(Mark mark) {
    report(codes::not_supported_yaml, mark, "tags (!) are not part of a pipeline", "quote it");
  }

  void begin(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, bool flow) {
    const std::size_t at = offset(mark);
    const Mark place = places_.mark(at);
    if (tag != "?" && !tag.empty()) report_tag(place);
    if (frames_.size() >= deepest) {
      report(codes::too_deep, place, fmt::format("lists and maps are nested deeper than {} levels", deepest));
      throw Stop();
    }
    if (key_next()) {
      frames_.back().drop = true;  // refused at its end: a list without one is more likely a mistake of brackets
    }
    Frame frame;
    frame.node.kind = kind;
    frame.node.mark = place;
    frame.offset = at;
    frame.flow = flow;
    frame.key_next = kind == Node::Kind::map;
    frames_.push_back(std::move(frame));
  }

  void end() {
    Node node = std::move(frames_.back().node);
    frames_.pop_back();
    if (key_next()) {
      const bool list = node.kind == Node::Kind::list;
      report(codes::key_form, node.mark, list ? "a key cannot be a list" : "a key cannot be a map", "quote it");
      refuse_key();
    } else {
      value(std::move(node));
    }
  }

  void refuse_key() {
    frames_.back().drop = true;
    frames_.back().key_next = false;
  }

  void key(Node node) {
    Frame& frame = frames_.back();
    if (node.kind == Node::Kind::plain && node.text == "<<") {
      report(codes::not_supported_yaml, node.mark, "merge keys (<<) are not part of a pipeline",
             "write the keys again");
      return refuse_key();
    }
    frame.key_next = false;
    frame.drop = false;
    frame.key = std::move(node.text);
    frame.key_mark = node.mark;
    frame.key_plain = node.kind == Node::Kind::plain;
  }

  /// `{low:$a}` is the key "low:$a" without a value: reported, and read as what was meant.
  Node repaired(Node node) {
    Frame& frame = frames_.back();
    const std::size_t colon = frame.key.find(':');
    if (frame.drop || !frame.key_plain || colon == std::string::npos || !is_name(frame.key.substr(0, colon)))
      return node;
    report(codes::key_form, node.mark, fmt::format("the key {} has no value", in_quotes(frame.key)),
           "a space after the colon");
    node.kind = Node::Kind::plain;
    node.text = frame.key.substr(colon + 1);
    frame.key.resize(colon);
    return node;
  }

  void value(Node node) {
    if (frames_.empty()) {
      root_ = std::move(node);
    } else if (Frame& frame = frames_.back(); frame.node.kind == Node::Kind::list) {
      frame.node.items.push_back(std::move(node));
    } else {
      frame.key_next = true;
      if (std::exchange(frame.drop, false)) return;
      if (const std::optional<Mark> first = first_place(frame)) {
        diagnostics_.report({std::string(codes::duplicate_key.number),
                             frame.key_mark,
                             fmt::format("the key {} stands here a second time", in_quotes(frame.key)),
                             {{"the first one is here", *first}},
                             ""});
        return;
      }
      frame.node.entries.push_back({std::move(frame.key), frame.key_mark, std::move(node)});
    }
  }

  /// Where the map already has the frame's key. Small maps are looked through, large ones hashed.
  static std::optional<Mark> first_place(Frame& frame) {
    constexpr std::size_t small = 16;
    const std::vector<Node::Entry>& entries = frame.node.entries;
    if (entries.size() < small) {
      for (const Node::Entry& entry : entries) {
        if (entry.key == frame.key) return entry.mark;
      }
      return {};
    }
    if (frame.seen.empty()) {
      for (const Node::Entry& entry : entries) frame.seen.emplace(entry.key, entry.mark);
    }
    const auto [found, added] = frame.seen.emplace(frame.key, frame.key_mark);
    return added ? std::nullopt : std::optional(found->second);
  }

  Places& places_;
  Diagnostics& diagnostics_;
  std::vector<Frame> frames_;
  Node root_;
  std::optional<std::size_t> last_;
};

/// Stops at the first event of a second document.
class Second final : public YAML::EventHandler {
 public:
  Second(Places& places, Diagnostics& diagnostics) : places_(places), diagnostics_(diagnostics) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    const std::size_t at = places_.offset(static_cast<std::size_t>(mark.line), static_cast<std::size_t>(mark.column));
    const bool separated = places_.text().substr(at).starts_with("---") || ended_before(at);
    Diagnostic diagnostic{std::string(codes::second_document.number),
                          places_.mark(at),
                          "a second document begins here; a pipeline is one",
                          {},
                          "put it into a file of its own"};
    if (!separated) {
      diagnostic.code = codes::syntax.number;
      diagnostic.sentence = "this belongs to nothing above";
      diagnostic.help =
          places_.text().substr(at).starts_with(':') ? "a space after the colon" : "check the indentation";
    }
    diagnostics_.report(std::move(diagnostic));
    throw Stop();
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
  void OnAlias(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
  void OnScalar(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                const std::string& /*text*/) override {}
  void OnSequenceStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value /*style*/) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {}
  void OnMapEnd() override {}

 private:
  /// A line "..." ends a document, too.
  [[nodiscard]] bool ended_before(std::size_t at) const {
    return places_.text().substr(0, at).rfind("\n...") != std::string_view::npos;
  }

  Places& places_;
  Diagnostics& diagnostics_;
};

/// The only document, or nothing after a report.
std::optional<Node> parse_document(std::string_view text, Places& places, Diagnostics& diagnostics) {
  Tree tree(places, diagnostics);
  try {
    Documents documents(text);
    if (!documents.next(tree)) return Node{};
    // A root of null can be a stray ",": the parser would then find documents for ever.
    if (tree.root().kind != Node::Kind::null) {
      Second second(places, diagnostics);
      documents.next(second);
    }
    return std::move(tree.root());
  } catch (const Stop&) {
    return {};
  } catch (const YAML::Exception& error) {
    // At the end of the text the parser's line and column are those of the beginning; its position holds.
    const auto position = static_cast<std::size_t>(error.mark.pos);
    const std::size_t offset =
        error.mark.is_null() || position >= text.size()
            ? text.size()
            : places.offset(static_cast<std::size_t>(error.mark.line), static_cast<std::size_t>(error.mark.column));
    diagnostics.report(explain({error.msg, offset, tree.open_flow(), tree.last()}, places));
  } catch (const std::exception& error) {
    diagnostics.report({std::string(codes::syntax.number),
                        places.mark(tree.last().value_or(0)),
                        fmt::format("the YAML after this cannot be read: {}", error.what()),
                        {},
                        ""});
  }
  return {};
}

}  // namespace

std::optional<Node> parse_yaml(std::string_view text, std::uint32_t source, Root root, Diagnostics& diagnostics) {
  if (!check_text(text, source, diagnostics)) return {};
  Places places(text, source);
  auto parsed = parse_document(text, places, diagnostics);
  if (!parsed || root == Root::any || parsed->kind == Node::Kind::map) return parsed;
  Diagnostic none{std::string(codes::no_pipeline.number), {source, 0, 0}, "no pipeline in this file", {}, ""};
  if (parsed->kind != Node::Kind::null) {
    none.mark = parsed->mark;
    none.sentence = fmt::format("no pipeline in this file: it is {}, not a map", shown(*parsed));
    if (parsed->is_scalar() && parsed->text.find(':') != std::string::npos) none.help = "a space after the colon";
  }
  diagnostics.report(std::move(none));
  return {};
}

}  // namespace gantry::config
