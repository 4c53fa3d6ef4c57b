#include "signature/code_point.hpp"

#include "signature/utf8.hpp"

namespace gantry::signature {

CodePoint code_point(std::string_view text, std::size_t at) {
  const std::size_t size = code_point_size(text, at);
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  if (size == 0) return {0xFFFD, 1, false};
  if (size == 1) return {byte(0), 1, true};
  char32_t value = byte(0) & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) value = value << 6 | (byte(i) & 0x3FU);
  return {value, size, true};
}

}  // namespace gantry::signature
