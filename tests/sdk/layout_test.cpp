// The byte layout that sdk/README.md promises is the one that is written: its table, row by row.
#include <catch2/catch.hpp>

#include <map>
#include <sstream>

#include "sdk/compiler.hpp"
#include "sdk/harness.hpp"
#include "sdk/types.hpp"

namespace {

struct Written {
  std::string type;
  std::string bytes;
};

template <class T>
Written written(const T& value) {
  gantry::detail::Speller speller;
  speller.type<T>();
  gantry::detail::Writer writer;
  writer.start({});
  writer.value(value);
  return {speller.spelled, harness::hex(writer.written())};
}

/// The values of the table, by the name that they have there.
std::map<std::string, Written> values() {
  using namespace sample;
  using std::string;
  return {
      {"true", written(true)},
      {"200", written(std::uint8_t{200})},
      {"513", written(std::uint16_t{513})},
      {"100000", written(std::uint32_t{100'000})},
      {"54208", written(std::uint64_t{54'208})},
      {"-1", written(std::int8_t{-1})},
      {"-2", written(std::int16_t{-2})},
      {"-3", written(std::int32_t{-3})},
      {"-4", written(std::int64_t{-4})},
      {"1.5", written(1.5f)},
      {"0.1", written(0.1)},
      {"\"Gü\"", written(string("Gü"))},
      {"the bytes 00 ff", written(gantry::bytes{std::byte{0}, std::byte{255}})},
      {"[1, 2]", written(std::vector<std::uint16_t>{1, 2})},
      {"[true, false]", written(std::vector<bool>{true, false})},
      {"[\"a\", \"\"]", written(std::vector<string>{"a", ""})},
      {"[7, 8, 9]", written(std::array<std::uint8_t, 3>{7, 8, 9})},
      {"(1, \"x\")", written(std::tuple<std::uint8_t, string>{1, "x"})},
      {"5", written(std::optional<std::uint8_t>{5})},
      {"null", written(std::optional<std::uint8_t>{})},
      {"{b: 2, a: 1}", written(std::unordered_map<string, std::uint8_t>{{"b", 2}, {"a", 1}})},
      {"blue", written(Colour::blue)},
      {"{width: 3, height: 4}", written(Size{3, 4})},
      {"{size: {width: 3, height: 4}, layer: 5}", written(Placed{{3, 4}, 5})},
      {"[{number: 1}]", written(std::vector<Account>{Account(1)})},
  };
}

std::string between_ticks(const std::string& cell) {
  const std::size_t first = cell.find('`');
  const std::size_t last = cell.rfind('`');
  if (first == last) return "";
  std::string text = cell.substr(first + 1, last - first - 1);
  for (std::size_t at = text.find("\\|"); at != std::string::npos; at = text.find("\\|", at)) text.erase(at, 1);
  return text;
}

}  // namespace

TEST_CASE("the README's bytes are the written ones") {
  std::map<std::string, Written> expected = values();
  std::istringstream readme(compiler::read(GANTRY_SOURCE "/sdk/README.md"));
  std::string line;
  bool inside = false;
  while (std::getline(readme, line)) {
    if (line.starts_with("| type | value | bytes |"))
      inside = true;
    else if (!line.starts_with("|"))
      inside = false;
    if (!inside || !line.starts_with("| `")) continue;
    // | `type` | `value` | `bytes` |, where a | within a cell is written \|
    std::vector<std::string> cells(1);
    for (std::size_t i = 1; i < line.size(); ++i) {
      if (line[i] == '|' && line[i - 1] != '\\')
        cells.emplace_back();
      else
        cells.back() += line[i];
    }
    REQUIRE(cells.size() >= 3);
    const std::string value = between_ticks(cells[1]);
    INFO(line);
    REQUIRE(expected.contains(value));
    CHECK(between_ticks(cells[0]) == expected[value].type);
    CHECK(between_ticks(cells[2]) == expected[value].bytes);
    expected.erase(value);
  }
  for (const auto& [value, written] : expected)
    FAIL_CHECK("not in the table: `" << written.type << "` | `" << value << "` | `" << written.bytes << '`');
}
