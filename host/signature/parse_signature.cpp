#include <algorithm>

#include <fmt/format.h>

#include "signature/identifier.hpp"
#include "signature/type_parser.hpp"

namespace gantry::signature {

host::Result<std::string> TypeParser::fallback() {
  skip_spaces();
  const auto start = at_;
  std::string open;  // the closing brackets that are still to come, innermost last
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '"') {
      const auto text = quoted();
      if (!text) return text;
      --at_;
    } else if (c == '[' || c == '{' || c == '(') {
      open += c == '[' ? ']' : c == '{' ? '}' : ')';
    } else if (open.empty() && (c == ',' || c == ')')) {
      break;
    } else if (c == ']' || c == '}' || c == ')') {
      if (open.empty() || open.back() != c)
        return refuse(at_, fmt::format("the '{}' in the default closes nothing", c));
      open.pop_back();
    }
  }
  if (at_ == text_.size())
    return expected(open.empty() ? "',' or ')' after the default" : fmt::format("'{}' in the default", open.back()));
  auto stop = at_;
  while (stop > start && is_space(text_[stop - 1])) --stop;
  if (stop == start) return expected("a default after '='");
  return std::string(text_.substr(start, stop - start));
}

host::Result<Parameter> TypeParser::parameter(const std::vector<Parameter>& before) {
  skip_spaces();
  const auto start = at_;
  Parameter parameter;
  auto written = name("the name of a parameter", false);
  if (!written) return std::unexpected(written.error());
  parameter.name = std::move(*written);
  if (std::ranges::find(before, parameter.name, &Parameter::name) != before.end()) {
    return refuse(start, fmt::format("the parameter {} stands twice", parameter.name));
  }
  if (!take(":")) return expected(fmt::format("':' after the parameter {}", parameter.name));
  auto inner = parameter_type();
  if (!inner) return std::unexpected(inner.error());
  parameter.type = std::move(*inner);
  if (take("=")) {
    auto text = fallback();
    if (!text) return std::unexpected(text.error());
    parameter.fallback = std::move(*text);
  }
  return parameter;
}

host::Result<Signature> TypeParser::whole_signature() {
  Signature signature;
  if (!take("(")) return expected("'(' before the parameters");
  if (!take(")")) {
    do {
      auto next = parameter(signature.parameters);
      if (!next) return std::unexpected(next.error());
      signature.parameters.push_back(std::move(*next));
    } while (take(","));
    if (!take(")")) return expected("',' or ')' after a parameter");
  }
  if (!take("->")) return expected("'->' and the type of the result; () is nothing");
  auto result = result_type();
  if (!result) return std::unexpected(result.error());
  if (const auto ended = end(); !ended) return std::unexpected(ended.error());
  signature.result = std::move(*result);
  return signature;
}

host::Result<Type> parse_parameter_type(std::string_view text) {
  return TypeParser(text).whole_parameter_type();
}

host::Result<Signature> parse_signature(std::string_view text) {
  return TypeParser(text).whole_signature();
}

}  // namespace gantry::signature
