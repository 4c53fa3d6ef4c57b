#include "plan/argument.hpp"

#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "signature/codec.hpp"
#include "signature/little_endian.hpp"

namespace gantry::plan {

namespace codes = config::codes;
using signature::Kind;
using signature::Node;
using signature::Type;

namespace {

void append_count(std::uint64_t count, Program& to) {
  signature::Bytes bytes;
  signature::append_scalar(bytes, count);
  append_constant(to, bytes);
}

}  // namespace

bool ArgumentCompiler::compile(const Node& node, const Type& type, const std::string& path, Program& to) {
  if (!has_dollar(node)) return constant(node, type, path, to);
  if (node.is_scalar()) return scalar(node, type, path, to);
  if (type.kind == Kind::optional) {
    exact_ = false;
    append_constant(to, std::array{std::byte{1}});
    return compile(node, type.of.front(), path, to);
  }
  return node.kind == Node::Kind::list ? list(node, type, path, to) : map(node, type, path, to);
}

bool ArgumentCompiler::constant(const Node& node, const Type& type, const std::string& path, Program& to) {
  signature::Bytes bytes;
  if (const auto fits = signature::encode(node, type, path, bytes); !fits) {
    const auto& misfit = fits.error();
    complaints_.push_back(
        complain(codes::value_type, misfit.mark, fmt::format("{}: {}", misfit.path, misfit.sentence)));
    return false;
  }
  exact_ = exact_ && is_exact(node, type);
  append_constant(to, bytes);
  return true;
}

bool ArgumentCompiler::constant_by_name(const Node& node, const Type& type, const Place& place, Program& to) {
  signature::Bytes bytes;
  if (const auto fits = signature::encode(node, type, place.written, bytes); !fits) {
    const auto& misfit = fits.error();
    std::vector<config::Note> notes;
    if (misfit.mark.line != 0) notes.push_back({fmt::format("{} is set here", misfit.path), misfit.mark});
    return complain_here(codes::value_type, place, fmt::format("{}: {}", misfit.path, misfit.sentence),
                         std::move(notes));
  }
  exact_ = exact_ && is_exact(node, type);
  append_constant(to, bytes);
  return true;
}

bool ArgumentCompiler::list(const Node& node, const Type& type, const std::string& path, Program& to) {
  static const Type byte{Kind::u8, {}, {}, 0};
  const bool counted = type.kind == Kind::list || type.kind == Kind::bytes;
  const bool sized = type.kind == Kind::array && node.items.size() == type.length;
  const bool tuple = type.kind == Kind::tuple && node.items.size() == type.of.size();
  if (!counted && !sized && !tuple) return misshapen(node, type, path);
  if (counted) append_count(node.items.size(), to);
  if (type.kind == Kind::bytes) exact_ = false;
  bool fits = true;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const auto& item = tuple ? type.of[i] : type.kind == Kind::bytes ? byte : type.of.front();
    fits = compile(node.items[i], item, fmt::format("{}[{}]", path, i), to) && fits;
  }
  return fits;
}

bool ArgumentCompiler::map(const Node& node, const Type& type, const std::string& path, Program& to) {
  if (type.kind == Kind::structure) return structure(node, type, path, to);
  if (type.kind != Kind::map) return misshapen(node, type, path);
  append_count(node.entries.size(), to);
  std::map<std::string_view, const Node*> sorted;  // keys ascend by bytes
  for (const auto& entry : node.entries) sorted.emplace(entry.key, &entry.value);
  bool fits = true;
  for (const auto& [key, value] : sorted) {
    append_count(key.size(), to);
    append_constant(to, std::as_bytes(std::span(key)));
    fits = compile(*value, type.of.front(), fmt::format("{}.{}", path, key), to) && fits;
  }
  return fits;
}

bool ArgumentCompiler::structure(const Node& node, const Type& type, const std::string& path, Program& to) {
  bool fits = true;
  for (const auto& entry : node.entries) {
    if (std::ranges::find(type.names, entry.key) != type.names.end()) continue;
    fits = false;
    complaints_.push_back(complain(codes::value_type, entry.mark,
                                   fmt::format("{}: {} has no field `{}`", path, signature::to_text(type), entry.key),
                                   {}, did_you_mean(entry.key, type.names)));
  }
  for (std::size_t i = 0; i < type.names.size(); ++i) {
    if (const auto* field = node.find(type.names[i])) {
      fits = compile(*field, type.of[i], fmt::format("{}.{}", path, type.names[i]), to) && fits;
    } else if (type.of[i].kind == Kind::optional) {
      append_constant(to, std::array{std::byte{0}});
    } else {
      fits = false;
      complaints_.push_back(
          complain(codes::value_type, node.mark,
                   fmt::format("{}: the field `{}` of {} is missing", path, type.names[i], signature::to_text(type))));
    }
  }
  return fits;
}

bool ArgumentCompiler::scalar(const Node& node, const Type& type, const std::string& path, Program& to) {
  const auto scalar = config::parse_scalar(node.text);
  if (!scalar) return false;  // config::read has reported it
  if (scalar->literal()) {
    auto plain = node;
    plain.text = scalar->text();
    return constant(plain, type, path, to);
  }
  if (const auto* reference = scalar->reference()) {
    return refer(*reference, type, {config::to_text(*reference), node.mark, path}, to);
  }
  return text(*scalar, node, type, path, to);
}

bool ArgumentCompiler::misshapen(const Node& node, const Type& type, const std::string& path) {
  complaints_.push_back(
      complain(codes::value_type, node.mark,
               fmt::format("{}: {} does not fit {}", path, signature::describe(node), signature::to_text(type))));
  return false;
}

bool ArgumentCompiler::complain_here(const config::Code& code, const Place& place, std::string sentence,
                                     std::vector<config::Note> notes, std::string help) {
  complaints_.push_back(
      complain(code, place.mark, fmt::format("{}: {}", place.path, sentence), std::move(notes), std::move(help)));
  return false;
}

}  // namespace gantry::plan
