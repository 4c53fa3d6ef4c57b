// Types of what tasks share: whole types of parameters, and nothing else.
#include <catch2/catch.hpp>

#include "signature/add.hpp"
#include "signature/codec.hpp"
#include "signature/type.hpp"

namespace gantry::signature {

TEST_CASE("shared types are read where a parameter has its type, and written as they are read") {
  struct Row {
    const char* text;
    const char* says;  ///< nullptr: the text
  };
  const Row rows[] = {
      {"(q: queue<u64>, c: counter, a: array<f64>) -> u64", nullptr},
      {"(q: queue<{x: [str], y: u8?}>) -> ()", nullptr},
      {"(q: [queue<u64>]) -> ()",
       "character 6: queue is the whole type of a parameter: nothing holds one, and nothing "
       "gives one"},
      {"(q: queue<counter>) -> ()",
       "character 11: counter is the whole type of a parameter: nothing holds one, and "
       "nothing gives one"},
      {"() -> counter",
       "character 7: counter is the whole type of a parameter: nothing holds one, and nothing gives "
       "one"},
      {"(a: array<u8>?) -> ()", "character 14: expected ',' or ')' after a parameter, found '?'"},
      {"(a: array<bool>) -> ()", "character 11: a shared array is of numbers, to which can be added, not of bool"},
      {"(q: queue<()>) -> ()", "character 11: () has no bytes, so there is no queue of it"},
      {"(q: queue) -> ()", "character 10: expected '<' after queue, found ')'"},
  };
  for (const Row& row : rows) {
    const auto signature = parse_signature(row.text);
    CHECK((signature ? to_text(*signature) : signature.error().sentence) == (row.says ? row.says : row.text));
  }
  CHECK(!parse_type("counter"));
}

TEST_CASE("a shared object is no value") {
  for (const char* text : {"queue<u64>", "counter", "array<u8>"}) {
    const auto type = parse_parameter_type(text);
    REQUIRE(type);
    CHECK(fixed_size(*type) == (type->kind == Kind::shared_array ? 12 : 4));
    CHECK(least_size(*type) == *fixed_size(*type));
    Node node;
    node.kind = Node::Kind::plain;
    node.text = "1";
    Bytes bytes;
    const auto misfit = encode(node, *type, "args.x", bytes);
    REQUIRE(!misfit);
    CHECK(misfit.error().sentence ==
          "1 does not fit " + std::string(text) + ": declare one under shared, and write $shared.name");
    const auto signature = parse_signature("(x: " + std::string(text) + " = 3) -> ()");
    REQUIRE(signature);
    CHECK(!check_defaults(*signature));
  }
}

TEST_CASE("numbers are added by kind, unless the sum does not fit") {
  const auto sum = [](Kind kind, auto a, auto b) {
    const auto* change = reinterpret_cast<const std::byte*>(&b);
    const bool fits = add(kind, change, reinterpret_cast<std::byte*>(&a));
    return std::pair(fits, a);
  };
  CHECK(sum(Kind::u8, std::uint8_t{200}, std::uint8_t{55}) == std::pair(true, std::uint8_t{255}));
  CHECK(sum(Kind::u8, std::uint8_t{200}, std::uint8_t{56}) == std::pair(false, std::uint8_t{200}));
  CHECK(sum(Kind::i16, std::int16_t{-32768}, std::int16_t{-1}) == std::pair(false, std::int16_t{-32768}));
  CHECK(sum(Kind::i64, std::int64_t{5}, std::int64_t{-7}) == std::pair(true, std::int64_t{-2}));
  CHECK(sum(Kind::u64, UINT64_MAX, std::uint64_t{1}) == std::pair(false, UINT64_MAX));
  CHECK(sum(Kind::f64, 0.5, 0.25) == std::pair(true, 0.75));
  CHECK(!sum(Kind::string, 1, 1).first);
}

}  // namespace gantry::signature
