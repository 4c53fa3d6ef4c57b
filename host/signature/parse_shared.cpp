// Signature text -> type of what tasks share: "queue<u64>", "counter", "array<f64>"; and of what stays where it was
// made: "pin<db.session>", "fd".
#include <fmt/format.h>

#include "signature/type_parser.hpp"
#include "signature/utf8.hpp"

namespace gantry::signature {

host::Result<Type> TypeParser::parameter_type() {
  skip_spaces();
  const auto start = at_;
  if (const auto word = name("a type", false)) {
    if (*word == word_of(Kind::counter)) return of_kind(Kind::counter);
    if (*word == "queue") return shared(Kind::queue);
    if (*word == "array") return shared(Kind::shared_array);
    if (*word == "pin") return pin("mut");
    if (*word == "fd") return of_kind(Kind::descriptor);
  }
  at_ = start;
  return type(0);
}

host::Result<Type> TypeParser::result_type() {
  skip_spaces();
  const auto start = at_;
  if (const auto word = name("a type", false)) {
    if (*word == "pin") return pin("sync");
    if (*word == "fd") return of_kind(Kind::descriptor);
  }
  at_ = start;
  return type(0);
}

host::Result<Type> TypeParser::pin(std::string_view role) {
  if (!take("<")) return expected("'<' after pin");
  Type result = of_kind(Kind::pin);
  std::string whole;
  do {
    const auto part = name("the name of what is pinned", false);
    if (!part) return std::unexpected(part.error());
    whole += (whole.empty() ? "" : ".") + *part;
  } while (take("."));
  result.names.push_back(std::move(whole));
  if (take(",")) {
    skip_spaces();
    const auto start = at_;
    const auto word = name(role, false);
    if (!word) return std::unexpected(word.error());
    if (*word != role) return refuse(start, fmt::format("only {} may follow the name here, not {}", role, *word));
    result.names.push_back(*word);
  }
  if (!take(">")) return expected("'>' after the name of what is pinned");
  return result;
}

host::Result<Type> TypeParser::shared(Kind kind) {
  if (!take("<")) return expected(kind == Kind::queue ? "'<' after queue" : "'<' after array");
  skip_spaces();
  const auto start = at_;
  auto element = type(1);
  if (!element) return element;
  if (kind == Kind::shared_array && !is_integer(element->kind) && !is_float(element->kind)) {
    return refuse(start, fmt::format("a shared array is of numbers, to which can be added, not of {}",
                                     excerpt(to_text(*element), 80)));
  }
  if (least_size(*element) == 0) {
    return refuse(start, fmt::format("{} has no bytes, so there is no queue of it", excerpt(to_text(*element), 80)));
  }
  if (!take(">")) return expected("'>' after the type of the elements");
  Type result = of_kind(kind);
  result.of.push_back(std::move(*element));
  return result;
}

host::Result<Type> TypeParser::whole_parameter_type() {
  auto result = parameter_type();
  if (!result) return result;
  if (const auto ended = end(); !ended) return std::unexpected(ended.error());
  return result;
}

}  // namespace gantry::signature
