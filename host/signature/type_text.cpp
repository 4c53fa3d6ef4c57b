#include <fmt/format.h>

#include "signature/codec.hpp"
#include "signature/identifier.hpp"
#include "signature/type.hpp"

namespace gantry::signature {

namespace {

void append_type(const Type& type, std::string& to);

/// "A, B", with "name: " before each where `names` are given.
void append_fields(const Type& type, bool named, std::string& to) {
  for (std::size_t i = 0; i < type.of.size(); ++i) {
    if (i > 0) to += ", ";
    if (named) {
      if (is_identifier(type.names[i])) {
        to += type.names[i];
      } else {
        append_json_string(type.names[i], to);
      }
      to += ": ";
    }
    append_type(type.of[i], to);
  }
}

void append_type(const Type& type, std::string& to) {
  switch (type.kind) {
    case Kind::list:
      to += '[';
      append_type(type.of[0], to);
      to += ']';
      return;
    case Kind::array:
      to += '[';
      append_type(type.of[0], to);
      fmt::format_to(std::back_inserter(to), "; {}]", type.length);
      return;
    case Kind::tuple:
      to += '(';
      append_fields(type, false, to);
      to += type.of.size() == 1 ? ",)" : ")";
      return;
    case Kind::structure:
      to += '{';
      append_fields(type, true, to);
      to += '}';
      return;
    case Kind::optional:
      append_type(type.of[0], to);
      to += '?';
      return;
    case Kind::map:
      to += "map<str, ";
      append_type(type.of[0], to);
      to += '>';
      return;
    case Kind::enumeration:
      to += '(';
      for (std::size_t i = 0; i < type.names.size(); ++i) {
        if (i > 0) to += " | ";
        append_json_string(type.names[i], to);
      }
      to += ')';
      return;
    case Kind::queue:
    case Kind::shared_array:
      to += type.kind == Kind::queue ? "queue<" : "array<";
      append_type(type.of[0], to);
      to += '>';
      return;
    case Kind::pin:
      fmt::format_to(std::back_inserter(to), "pin<{}>", fmt::join(type.names, ", "));
      return;
    default:
      to += word_of(type.kind);
      return;
  }
}

}  // namespace

std::string_view word_of(Kind kind) {
  switch (kind) {
    case Kind::unit:
      return "()";
    case Kind::boolean:
      return "bool";
    case Kind::u8:
      return "u8";
    case Kind::u16:
      return "u16";
    case Kind::u32:
      return "u32";
    case Kind::u64:
      return "u64";
    case Kind::i8:
      return "i8";
    case Kind::i16:
      return "i16";
    case Kind::i32:
      return "i32";
    case Kind::i64:
      return "i64";
    case Kind::f32:
      return "f32";
    case Kind::f64:
      return "f64";
    case Kind::string:
      return "str";
    case Kind::bytes:
      return "bytes";
    case Kind::list:
      return "list";
    case Kind::array:
      return "array";
    case Kind::tuple:
      return "tuple";
    case Kind::optional:
      return "optional";
    case Kind::map:
      return "map";
    case Kind::enumeration:
      return "enum";
    case Kind::structure:
      return "struct";
    case Kind::queue:
      return "queue";
    case Kind::counter:
      return "counter";
    case Kind::shared_array:
      return "shared array";
    case Kind::pin:
      return "pin";
    case Kind::descriptor:
      return "fd";
  }
  return "?";
}

std::string to_text(const Type& type) {
  std::string text;
  append_type(type, text);
  return text;
}

std::string to_text(const Signature& signature) {
  std::string text = "(";
  for (const auto& parameter : signature.parameters) {
    if (text.size() > 1) text += ", ";
    text += parameter.name;
    text += ": ";
    append_type(parameter.type, text);
    if (parameter.fallback) {
      text += " = ";
      text += *parameter.fallback;
    }
  }
  text += ") -> ";
  append_type(signature.result, text);
  return text;
}

}  // namespace gantry::signature
