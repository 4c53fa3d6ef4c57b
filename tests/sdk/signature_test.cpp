// Signature text: what each C++ type is called, and how parameters, defaults and results stand in it.
#include <catch2/catch.hpp>

#include "sdk/harness.hpp"
#include "sdk/types.hpp"

namespace {

using namespace sample;

template <class T>
std::string spelled() {
  gantry::detail::Speller speller;
  speller.type<T>();
  return speller.spelled;
}

struct Row {
  std::string spelled;
  std::string_view expected;
};

}  // namespace

TEST_CASE("every type has its spelling") {
  const Row rows[] = {
      {spelled<bool>(), "bool"},
      {spelled<std::uint8_t>(), "u8"},
      {spelled<std::uint16_t>(), "u16"},
      {spelled<std::uint32_t>(), "u32"},
      {spelled<std::uint64_t>(), "u64"},
      {spelled<unsigned long long>(), "u64"},
      {spelled<std::int8_t>(), "i8"},
      {spelled<std::int16_t>(), "i16"},
      {spelled<std::int32_t>(), "i32"},
      {spelled<std::int64_t>(), "i64"},
      {spelled<long long>(), "i64"},
      {spelled<float>(), "f32"},
      {spelled<double>(), "f64"},
      {spelled<std::string>(), "str"},
      {spelled<std::byte>(), "u8"},
      {spelled<gantry::bytes>(), "bytes"},
      {spelled<std::vector<gantry::bytes>>(), "[bytes]"},
      {spelled<std::vector<bool>>(), "[bool]"},
      {spelled<std::vector<std::vector<std::string>>>(), "[[str]]"},
      {spelled<std::array<std::uint8_t, 16>>(), "[u8; 16]"},
      {spelled<int[2][3]>(), "[[i32; 3]; 2]"},
      {spelled<std::tuple<std::uint8_t>>(), "(u8,)"},
      {spelled<std::tuple<std::uint8_t, std::string, bool>>(), "(u8, str, bool)"},
      {spelled<std::pair<double, Colour>>(), "(f64, (\"red\" | \"green\" | \"blue\"))"},
      {spelled<std::optional<std::uint64_t>>(), "u64?"},
      {spelled<std::vector<std::optional<Colour>>>(), "[(\"red\" | \"green\" | \"blue\")?]"},
      {spelled<std::map<std::string, std::vector<int>>>(), "map<str, [i32]>"},
      {spelled<std::map<std::string, int, std::less<>>>(), "map<str, i32>"},
      {spelled<std::unordered_map<std::string, bool>>(), "map<str, bool>"},
      {spelled<Loose>(), "(\"below\" | \"above\")"},
      {spelled<Mode>(), "(\"fast\" | \"exact\")"},
      {spelled<Point>(), "{x: f64, y: f64}"},
      {spelled<Account>(), "{number: u64}"},
      {spelled<Size>(), "{width: u16, height: u16}"},
      {spelled<Named>(), "{x: f64, y: f64, name: str}"},
      {spelled<Placed>(), "{size: {width: u16, height: u16}, layer: i8}"},
      {spelled<Shape>(),
       "{id: i32, name: str, points: [{x: f64, y: f64}], colour: (\"red\" | \"green\" | \"blue\")?, "
       "tags: map<str, [f32; 3]>, closed: bool, raw: [[i16; 3]; 2]}"},
      {spelled<void>(), "()"},
  };
  for (const Row& row : rows) CHECK(row.spelled == row.expected);
}

namespace {

std::uint64_t two(std::uint64_t low, std::uint64_t) {
  return low;
}
void greet(const std::string&, const std::optional<std::string>&) {}
gantry::Result<void> paint(gantry::Context&, Colour, std::vector<int>&&, Point) {
  return {};
}
gantry::Result<double> no_parameters() {
  return 1.0;
}
bool quick(bool yes) noexcept {
  return yes;
}
struct Holder {
  static float half(float whole) { return whole / 2; }
};
template <class T>
T same(T value) {
  return value;
}
double half(double x) {
  return x / 2;
}
std::uint64_t half(std::uint64_t x) {
  return x / 2;
}

struct Node {
  std::vector<Node> children;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(children));
  }
};
struct Twice {
  int a = 0;
  int b = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(cereal::make_nvp("a", a), cereal::make_nvp("a", b));
  }
};
struct Fieldless {
  template <class Archive>
  void serialize(Archive&) {}
};
struct Spaced {
  int a = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(cereal::make_nvp("a b", a));
  }
};
struct Explosive {
  Explosive() { throw std::runtime_error("no default today"); }
  int a = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(a));
  }
};
template <class T, int Depth>
struct Nest {
  using Type = std::array<typename Nest<T, Depth - 1>::Type, 1>;  // the name of a vector doubles with each level
};
template <class T>
struct Nest<T, 0> {
  using Type = T;
};

constexpr gantry::detail::Table table{
    gantry::function<two>("two", {"low", "high = 1_000"}, "Two."),
    gantry::function<greet>("greet", {"name = World, hello", "title = null"}),
    gantry::function<paint>("paint", {"colour = blue", "sizes = [1, 2]", "at = {x: 0, y: 0}"}),
    gantry::function<no_parameters>("a", {}, "By braces."),
    gantry::function<no_parameters>("b", "Without them."),
    gantry::function<no_parameters>("c"),
    gantry::function<quick>("quick", {"yes = true"}),
    gantry::function<&Holder::half>("half_of", {"whole = 0.5"}),
    gantry::function<[](int a) { return a; }>("lambda", {"a = -2147483648"}),
    gantry::thread_safe(gantry::function<same<gantry::u64>, same<gantry::str>>("same", {"value"})),
    gantry::function<gantry::pick<double(double)>(half), gantry::pick<std::uint64_t(std::uint64_t)>(half)>("half",
                                                                                                           {"x"}),
    gantry::function<same<Node>>("node", {"value"}),
    gantry::function<same<Twice>>("twice", {"value"}),
    gantry::function<same<Fieldless>>("fieldless", {"value"}),
    gantry::function<same<Spaced>>("spaced", {"value"}),
    gantry::function<same<Explosive>>("explosive", {"value"}),
    gantry::function<same<Nest<int, 60>::Type>>("deep", {"value"}),
    gantry::function<same<Nest<int, 65>::Type>>("too_deep", {"value"}),
    gantry::function<greet>("quoted", {"name = \"a, b\"", "title = say \"x\""}),
};

struct FunctionRow {
  std::string_view name;
  std::size_t nth;
  std::string_view signature;
};

}  // namespace

TEST_CASE("signatures of functions") {
  static constexpr gantry_descriptor descriptor = table.descriptor("sample", "1.2.3");
  std::string deep = "i32";
  for (int level = 0; level < 60; ++level) deep.insert(0, 1, '[').append("; 1]");
  const FunctionRow rows[] = {
      {"two", 0, "(low: u64, high: u64 = 1_000) -> u64"},
      {"greet", 0, "(name: str = \"World, hello\", title: str? = null) -> ()"},
      {"paint", 0,
       "(colour: (\"red\" | \"green\" | \"blue\") = blue, sizes: [i32] = [1, 2], at: {x: f64, y: f64} = {x: 0, y: 0}) "
       "-> ()"},
      {"a", 0, "() -> f64"},
      {"b", 0, "() -> f64"},
      {"c", 0, "() -> f64"},
      {"quick", 0, "(yes: bool = true) -> bool"},
      {"half_of", 0, "(whole: f32 = 0.5) -> f32"},
      {"lambda", 0, "(a: i32 = -2147483648) -> i32"},
      {"same", 0, "(value: u64) -> u64"},
      {"same", 1, "(value: str) -> str"},
      {"half", 0, "(x: f64) -> f64"},
      {"half", 1, "(x: u64) -> u64"},
      {"node", 0, "error: {anonymous}::Node contains itself; its signature would never end"},
      {"twice", 0, "error: {anonymous}::Twice has two fields with the name \"a\""},
      {"fieldless", 0, "error: {anonymous}::Fieldless has no fields"},
      {"spaced", 0, "error: {anonymous}::Spaced has a field with the name \"a b\", which is no identifier"},
      {"explosive", 0, "error: no default today"},
      {"quoted", 0, "(name: str = \"a, b\", title: str? = \"say \\\"x\\\"\") -> ()"},
  };
  for (const FunctionRow& row : rows) {
    INFO(row.name);
    const gantry_function* function = harness::find(descriptor, row.name, row.nth);
    REQUIRE(function != nullptr);
    CHECK(harness::signature(*function) == row.signature);
  }
  CHECK(harness::signature(*harness::find(descriptor, "deep")) == "(value: " + deep + ") -> " + deep);
  CHECK_THAT(harness::signature(*harness::find(descriptor, "too_deep")),
             Catch::EndsWith("is nested more than 64 deep"));
}

TEST_CASE("the descriptor says what it is") {
  static constexpr gantry_descriptor descriptor = table.descriptor("sample", "1.2.3");
  CHECK(descriptor.header.magic == GANTRY_MAGIC);
  CHECK(descriptor.header.abi_major == GANTRY_ABI_MAJOR);
  CHECK(descriptor.header.abi_minor == GANTRY_ABI_MINOR);
  CHECK(descriptor.header.wire == GANTRY_WIRE);
  CHECK(descriptor.header.size == sizeof(gantry_descriptor));
  CHECK(std::string(descriptor.name) == "sample");
  CHECK(std::string(descriptor.version) == "1.2.3");
  CHECK_THAT(std::string(descriptor.build), Catch::Contains(__VERSION__) && Catch::Contains("libstdc++"));
  CHECK(descriptor.function_count == 21);
  for (std::uint64_t i = 0; i < descriptor.function_count; ++i) {
    CHECK(descriptor.functions[i]->struct_size == sizeof(gantry_function));
    CHECK(descriptor.functions[i]->run != nullptr);
  }
  CHECK(std::string(harness::find(descriptor, "two")->doc) == "Two.");
  CHECK(std::string(harness::find(descriptor, "a")->doc) == "By braces.");
  CHECK(std::string(harness::find(descriptor, "b")->doc) == "Without them.");
  CHECK(std::string(harness::find(descriptor, "c")->doc).empty());
  CHECK(harness::find(descriptor, "two")->flags == 0);
  CHECK(harness::find(descriptor, "same", 0)->flags == GANTRY_THREAD_SAFE);
  CHECK(harness::find(descriptor, "same", 1)->flags == GANTRY_THREAD_SAFE);
}

TEST_CASE("run_many is offered where all is scalar") {
  static constexpr gantry_descriptor descriptor = table.descriptor("sample", "1.2.3");
  const std::pair<std::string_view, bool> rows[] = {{"two", true},    {"greet", false}, {"paint", false},
                                                    {"a", true},      {"quick", true},  {"half_of", true},
                                                    {"lambda", true}, {"same", true},   {"node", false}};
  for (const auto& [name, offered] : rows) {
    INFO(name);
    CHECK((harness::find(descriptor, name)->run_many != nullptr) == offered);
  }
  CHECK(harness::find(descriptor, "same", 1)->run_many == nullptr);  // of texts
}
