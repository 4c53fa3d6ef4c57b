#include "signature/number.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "signature/identifier.hpp"

namespace gantry::signature {

namespace {

/// A number's text without its `_`, its form checked.
struct Written {
  std::string text;
  bool is_integer = true;  ///< no point, no exponent
  bool is_zero = true;     ///< all digits before the exponent are 0
};

using Reason = std::unexpected<std::string>;

class NumberReader {
 public:
  explicit NumberReader(std::string_view text) : rest_(text) {}

  /// Nothing if the text is no number at all.
  [[nodiscard]] std::expected<Written, std::string> read() {
    const bool plus = take('+');
    if (take('-')) number_.text += '-';
    if (!mantissa() || !exponent() || !rest_.empty()) return Reason(std::string());
    if (plus) return Reason(fmt::format("write {} without the plus", number_.text));
    if (misplaced_) return Reason("a _ may only stand between two digits");
    return number_;
  }

 private:
  [[nodiscard]] bool take(char c) {
    const bool found = rest_.starts_with(c);
    if (found) rest_.remove_prefix(1);
    return found;
  }

  /// Takes digits and `_`; returns the number of digits.
  std::size_t digits() {
    std::size_t count = 0;
    char last = '\0';
    for (; !rest_.empty() && (is_digit(rest_[0]) || rest_[0] == '_'); rest_.remove_prefix(1)) {
      if (rest_[0] == '_') {
        misplaced_ = misplaced_ || !is_digit(last);
      } else {
        number_.text += rest_[0];
        ++count;
      }
      last = rest_[0];
    }
    misplaced_ = misplaced_ || last == '_';
    return count;
  }

  [[nodiscard]] bool mantissa() {
    auto count = digits();
    if (take('.')) {
      number_.is_integer = false;
      number_.text += '.';
      count += digits();
    }
    for (const char c : number_.text) number_.is_zero = number_.is_zero && (c < '1' || c > '9');
    return count > 0;
  }

  [[nodiscard]] bool exponent() {
    if (!take('e') && !take('E')) return true;
    number_.is_integer = false;
    number_.text += 'e';
    if (take('-')) {
      number_.text += '-';
    } else {
      (void)take('+');
    }
    return digits() > 0;
  }

  std::string_view rest_;
  Written number_;
  bool misplaced_ = false;
};

/// `text` without leading zeros before its first other digit, or the same text.
[[nodiscard]] std::string without_leading_zeros(const std::string& text) {
  const std::size_t start = text.starts_with('-') ? 1 : 0;
  auto first = start;
  while (first + 1 < text.size() && text[first] == '0' && is_digit(text[first + 1])) ++first;
  return text.substr(0, start) + text.substr(first);
}

/// The number in `text`; `what` names what was wanted.
[[nodiscard]] std::expected<Written, std::string> read_number(std::string_view text, std::string_view what) {
  auto number = NumberReader(text).read();
  if (!number) {
    if (number.error().empty()) return Reason(fmt::format("not {}", what));
    return number;
  }
  auto plain = without_leading_zeros(number->text);
  if (plain != number->text) return Reason(fmt::format("write {}, leading zeros are not allowed", plain));
  return number;
}

/// Is the float, an integer, exactly the one of these digits?
template <class Float>
[[nodiscard]] bool is_exact(Float value, std::string_view digits) {
  std::array<char, 350> exact{};  // the largest double has 309 digits
  const auto [end, error] =
      std::to_chars(exact.data(), exact.data() + exact.size(), value, std::chars_format::fixed, 0);
  return error == std::errc() && std::string_view(exact.data(), end) == digits;
}

}  // namespace

std::expected<std::uint64_t, std::string> parse_integer(std::string_view text, Kind kind) {
  const auto number = read_number(text, "an integer");
  if (!number) return Reason(number.error());
  if (!number->is_integer) return Reason("not an integer");
  const bool negative = number->text.starts_with('-');
  const auto* first = number->text.data() + (negative ? 1 : 0);
  std::uint64_t magnitude = 0;
  if (std::from_chars(first, number->text.data() + number->text.size(), magnitude).ec != std::errc()) {
    return Reason(std::string());
  }
  const auto bits = 8 * least_size(of_kind(kind));
  const auto largest = std::numeric_limits<std::uint64_t>::max() >> (64 - bits + (is_signed(kind) ? 1 : 0));
  const auto most_negative = is_signed(kind) ? largest + 1 : 0;
  if (magnitude > (negative ? most_negative : largest)) return Reason(std::string());
  return negative ? 0 - magnitude : magnitude;
}

bool is_float_name(std::string_view text) {
  return text == "Infinity" || text == "-Infinity" || text == "NaN";
}

/// Is the number, not 0, nearer to 0 than 1 is? Looked up in its digits, as no float holds it.
[[nodiscard]] bool is_small(std::string_view text) {
  const auto e = std::min(text.find('e'), text.size());
  const auto point = std::min(text.find('.'), e);
  const auto first = text.find_first_of("123456789");
  // The power of ten of the first digit, and the one that the exponent adds. Both stay far from the ends of int64.
  auto power = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  if (e < text.size()) {
    std::int64_t exponent = 0;
    const auto digits = text.substr(e + 1);
    const auto error = std::from_chars(digits.data(), digits.data() + digits.size(), exponent).ec;
    if (error != std::errc()) return digits.starts_with('-');
    constexpr std::int64_t far = std::int64_t{1} << 60;
    power += std::clamp(exponent, -far, far);
  }
  return power < 1;
}

template <class Float>
std::expected<Float, std::string> parse_float(std::string_view text) {
  if (text == "NaN" || text == ".nan") return std::numeric_limits<Float>::quiet_NaN();
  if (text == "Infinity" || text == ".inf") return std::numeric_limits<Float>::infinity();
  if (text == "-Infinity" || text == "-.inf") return -std::numeric_limits<Float>::infinity();
  const auto number = read_number(text, "a number");
  if (!number) return Reason(number.error());
  Float value = 0;
  const auto* end = number->text.data() + number->text.size();
  const auto [stopped, error] = std::from_chars(number->text.data(), end, value);
  if (error == std::errc::result_out_of_range) return Reason(is_small(number->text) ? "it would become 0" : "");
  if (error != std::errc() || stopped != end) return Reason("not a number");
  if (number->is_integer && !is_exact(value, number->text)) {
    return Reason(fmt::format("it cannot be held exactly; write {}.0 to have it rounded", number->text));
  }
  return value;
}

template std::expected<float, std::string> parse_float<float>(std::string_view text);
template std::expected<double, std::string> parse_float<double>(std::string_view text);

}  // namespace gantry::signature
