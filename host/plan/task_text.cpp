#include "plan/task_text.hpp"

#include <fmt/core.h>

#include "plan/axis.hpp"
#include "signature/codec.hpp"

namespace gantry::plan {
namespace {

using signature::Node;

constexpr std::size_t longest = 60;  // bytes of one value in a task ID

void append_item(const Node& node, std::string& to) {
  if (to.size() > longest) return;
  switch (node.kind) {
    case Node::Kind::null:
      to += "null";
      break;
    case Node::Kind::plain:
      to += node.text;
      break;
    case Node::Kind::quoted:
      signature::append_json_string(node.text, to);
      break;
    case Node::Kind::list:
      to += '[';
      for (const auto& item : node.items) {
        if (&item != &node.items.front()) to += ',';
        append_item(item, to);
      }
      to += ']';
      break;
    case Node::Kind::map:
      to += '{';
      for (const auto& entry : node.entries) {
        if (&entry != &node.entries.front()) to += ',';
        to += entry.key + ':';
        append_item(entry.value, to);
      }
      to += '}';
      break;
  }
}

void cut(std::string& text) {
  if (text.size() <= longest) return;
  auto end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // not inside a character
  text.resize(end);
  text += "…";
}

/// Element k of a source of files, or whose numbers are known; "" if they are not, or if it is not such a source.
std::string show_element(const Source& source, std::uint64_t k) {
  if (source.kind == Source::Kind::files && source.table && k < source.table->size()) {
    const auto path = source.table->row(k).subspan(sizeof(std::uint64_t));
    std::string text;
    signature::append_json_string({reinterpret_cast<const char*>(path.data()), path.size()}, text);
    cut(text);
    return text;
  }
  const bool chunks = source.kind == Source::Kind::chunks;
  if ((!chunks && source.kind != Source::Kind::range) || !source.count) return "";
  const auto& from = *source.numbers[0].value;
  const auto step = source.numbers.size() > 2 ? *source.numbers[2].value : 1;
  const auto begin = from + Wide{k} * step;
  if (!chunks) return fmt::format("{}", begin);
  const auto end = k + 1 == *source.count ? *source.numbers[1].value : begin + step;
  return fmt::format("{{begin:{},end:{}}}", begin, end);
}

}  // namespace

std::vector<std::string> show_items(const std::vector<const Node*>& items) {
  std::vector<std::string> shown;
  shown.reserve(items.size());
  for (const auto* item : items) {
    auto& text = shown.emplace_back();
    append_item(*item, text);
    // What a reference gives is not known yet, or not worth a look: left out.
    if (text.find('$') != std::string::npos) text.clear();
    cut(text);
  }
  return shown;
}

std::string show_bound_values(const Recipe& recipe, std::uint64_t index) {
  std::vector<std::string> texts(recipe.names.size());
  for (std::size_t i = recipe.names.size(); i-- > 0;) {
    const auto& source = recipe.sources[i];
    if (i > 0 && (!source.count || *source.count == 0)) break;  // this one's position, and those before, are unknown
    const auto k = i > 0 ? index % *source.count : index;
    if (i > 0) index /= *source.count;
    texts[i] = k < recipe.shown[i].size() ? recipe.shown[i][k] : show_element(source, k);
  }
  std::string all;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!texts[i].empty()) all += fmt::format("{}{}={}", all.empty() ? "" : ", ", recipe.names[i], texts[i]);
  }
  return all.empty() ? "" : fmt::format(" ({})", all);
}

}  // namespace gantry::plan
