// One of everything that an author may send, with equality, for the tests of spelling, archives and bytes.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include <gantry/plugin.hpp>

namespace sample {

enum class Colour : std::uint8_t { red, green, blue };
enum Loose : int { below = -3, above = 100 };  // unscoped, with a fixed type
enum class Mode : std::uint16_t { fast = 1000, exact = 2000 };

struct Point {
  double x = 0;
  double y = 0;
  friend bool operator==(const Point&, const Point&) = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(x), CEREAL_NVP(y));
  }
};

/// Cereal's operators, C arrays, nesting.
struct Shape {
  std::int32_t id = 0;
  std::string name;
  std::vector<Point> points;
  std::optional<Colour> colour;
  std::map<std::string, std::array<float, 3>> tags;
  bool closed = false;
  std::int16_t raw[2][3] = {};
  friend bool operator==(const Shape&, const Shape&) = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive& CEREAL_NVP(id) & CEREAL_NVP(name);
    archive(CEREAL_NVP(points), CEREAL_NVP(colour), CEREAL_NVP(tags));
    archive(cereal::make_nvp("closed", closed), CEREAL_NVP(raw));
  }
};

/// A private serialize.
class Account {
 public:
  Account() = default;
  explicit Account(std::uint64_t number) : number_(number) {}
  friend bool operator==(const Account&, const Account&) = default;

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(cereal::make_nvp("number", number_));
  }
  std::uint64_t number_ = 0;
};

/// A free serialize.
struct Size {
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  friend bool operator==(const Size&, const Size&) = default;
};
template <class Archive>
void serialize(Archive& archive, Size& size) {
  archive(cereal::make_nvp("width", size.width), cereal::make_nvp("height", size.height));
}

/// Base classes: unnamed, its fields come in line; named, it is a field.
struct Named : Point {
  std::string name;
  friend bool operator==(const Named&, const Named&) = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(cereal::base_class<Point>(this), CEREAL_NVP(name));
  }
};
struct Placed : Size {
  std::int8_t layer = 0;
  friend bool operator==(const Placed&, const Placed&) = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(cereal::make_nvp("size", cereal::virtual_base_class<Size>(this)), CEREAL_NVP(layer));
  }
};

}  // namespace sample

template <>
inline constexpr std::array gantry::names<sample::Mode> = {gantry::Enumerator{sample::Mode::fast, "fast"},
                                                           gantry::Enumerator{sample::Mode::exact, "exact"}};
