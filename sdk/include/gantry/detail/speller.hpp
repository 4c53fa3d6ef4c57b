// Types into signature text: the third archive, which walks the author's own `serialize` and writes no values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <gantry/detail/fields.hpp>
#include <gantry/detail/kind.hpp>
#include <gantry/detail/sentence.hpp>
#include <gantry/names.hpp>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {
namespace detail {

template <class T>
inline constexpr bool never = false;

/// Throws Unfit for what only shows when a type is walked: recursion, two fields of one name, too much depth.
class Speller : public Walker<Speller, cereal::OutputArchive<Speller>> {
 public:
  Speller() : Walker(this) {}

  std::string spelled;  ///< so far

  template <class T>
  void type() {
    const Level level(*this, type_name<T>());
    if constexpr (std::is_void_v<T>) {
      spelled += "()";
    } else if constexpr (std::is_same_v<T, bool>) {
      spelled += "bool";
    } else if constexpr (std::is_same_v<T, std::byte>) {
      spelled += "u8";
    } else if constexpr (is_integer<T>) {
      spelled += (std::is_signed_v<T> ? 'i' : 'u') + std::to_string(8 * sizeof(T));
    } else if constexpr (is_float<T>) {
      spelled += sizeof(T) == 4 ? "f32" : "f64";
    } else if constexpr (std::is_same_v<T, std::string>) {
      spelled += "str";
    } else if constexpr (std::is_enum_v<T>) {
      enumeration<T>();
    } else if constexpr (std::is_same_v<T, std::vector<std::byte>>) {
      spelled += "bytes";
    } else if constexpr (is_vector<T>) {
      spelled += '[';
      type<typename T::value_type>();
      spelled += ']';
    } else if constexpr (Array<T>) {
      spelled += '[';
      type<typename ArrayOf<T>::Element>();
      spelled += "; " + std::to_string(ArrayOf<T>::length) + ']';
    } else if constexpr (is_optional<T>) {
      type<typename T::value_type>();
      spelled += '?';
    } else if constexpr (is_tuple<T>) {
      spelled += '(';
      elements<T>(std::make_index_sequence<std::tuple_size_v<T>>{});
      spelled += std::tuple_size_v<T> == 1 ? ",)" : ")";
    } else if constexpr (is_map<T>) {
      spelled += "map<str, ";
      type<typename T::mapped_type>();
      spelled += '>';
    } else {
      structure<T>();
    }
  }

  template <class T>
  void field(const char* name, T&) {
    using Bare = std::remove_cv_t<T>;
    if constexpr (member_fits<Bare>()) {
      if (!is_identifier(name))
        throw Unfit(current() + " has a field with the name \"" + name + "\", which is no identifier");
      for (const std::string& known : fields_) {
        if (known == name) throw Unfit(current() + " has two fields with the name \"" + name + '"');
      }
      if (!fields_.empty()) spelled += ", ";
      fields_.emplace_back(name);
      spelled += name;
      spelled += ": ";
      type<Bare>();
    }
  }

  template <class T>
  void unnamed(T&) {
    static_assert(never<T>,
                  "a field of a struct has no name: write a(CEREAL_NVP(x)) or a(cereal::make_nvp(\"x\", x)), not a(x)");
  }

  /// A text in double quotes, as in JSON.
  void quoted(std::string_view text) {
    spelled += '"';
    for (const char c : text) {
      if (static_cast<unsigned char>(c) < 0x20) throw Unfit("a name or default holds a control character");
      if (c == '"' || c == '\\') spelled += '\\';
      spelled += c;
    }
    spelled += '"';
  }

 private:
  /// Counts nesting while it lives.
  class Level {
   public:
    Level(Speller& speller, std::string_view type) : speller_(speller) {
      if (++speller_.depth_ > deepest) refuse_depth(type);
    }
    ~Level() { --speller_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Speller& speller_;
  };

  [[nodiscard]] std::string current() const { return std::string(name_); }

  static bool is_identifier(std::string_view name) {
    if (name.empty() || is_digit(name.front())) return false;
    for (const char c : name) {
      if (!is_lower(c) && !(c >= 'A' && c <= 'Z') && c != '_' && !is_digit(c)) return false;
    }
    return true;
  }

  template <class T, std::size_t... I>
  void elements(std::index_sequence<I...>) {
    ((spelled += I == 0 ? "" : ", ", type<std::tuple_element_t<I, T>>()), ...);
  }

  template <class E>
  void enumeration() {
    spelled += '(';
    std::string_view between;
    for (const auto& enumerator : Names<E>::all) {
      spelled += between;
      quoted(enumerator.name);
      between = " | ";
    }
    spelled += ')';
  }

  template <class T>
  void structure() {
    for (const char* tag : open_) {
      if (tag != &TypeTag<T>::address) continue;
      throw Unfit(std::string(type_name<T>()) + " contains itself; its signature would never end");
    }
    open_.push_back(&TypeTag<T>::address);
    const std::string_view outer_name = std::exchange(name_, type_name<T>());
    std::vector<std::string> outer_fields = std::exchange(fields_, {});
    const auto value = std::make_unique<T>();
    spelled += '{';
    call_serialize(*this, *value);
    spelled += '}';
    if (fields_.empty()) throw Unfit(current() + " has no fields");
    open_.pop_back();
    name_ = outer_name;
    fields_ = std::move(outer_fields);
  }

  // Of standard types alone: g++ 12 shows std's member templates over ours to other libraries.
  std::vector<const char*> open_;    ///< the structs that are being spelled, outermost first
  std::string_view name_;            ///< of the innermost
  std::vector<std::string> fields_;  ///< of the innermost, so far
  std::uint32_t depth_ = 0;
};

}  // namespace detail
}  // namespace sdk1
}  // namespace gantry
