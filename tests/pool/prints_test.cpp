// What is kept of a worker's prints for the day it dies.
#include "pool/prints.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace {

using gantry::pool::Prints;

std::string lines(unsigned from, unsigned to) {
  std::string text;
  for (unsigned i = from; i < to; ++i) text += "line " + std::to_string(i) + "\n";
  return text;
}

std::vector<std::string> rows(const std::vector<unsigned>& numbers) {
  std::vector<std::string> all;
  for (const unsigned number : numbers) all.push_back("line " + std::to_string(number));
  return all;
}

std::vector<std::string> join(std::vector<std::string> first, const std::vector<std::string>& more) {
  first.insert(first.end(), more.begin(), more.end());
  return first;
}

}  // namespace

TEST_CASE("of many lines the first 3 and the last 7 are kept, with how many were between") {
  struct Row {
    std::vector<std::string> pieces;
    std::vector<std::string> kept;
  };
  const std::vector<std::string> head = rows({0, 1, 2});
  const std::vector<Row> table = {
      {{}, {}},
      {{"no end"}, {"no end"}},
      {{lines(0, 10)}, rows({0, 1, 2, 3, 4, 5, 6, 7, 8, 9})},
      {{lines(0, 11)}, join(join(head, {"… 1 line left out …"}), rows({4, 5, 6, 7, 8, 9, 10}))},
      {{lines(0, 12)}, join(join(head, {"… 2 lines left out …"}), rows({5, 6, 7, 8, 9, 10, 11}))},
      {{lines(0, 10), "no end"}, join(join(head, {"… 1 line left out …"}), join(rows({4, 5, 6, 7, 8, 9}), {"no end"}))},
      {{lines(0, 2), "line", " 2\nli", "ne 3\n", lines(4, 100000)},
       join(join(head, {"… 99990 lines left out …"}), rows({99993, 99994, 99995, 99996, 99997, 99998, 99999}))},
  };
  for (const Row& row : table) {
    auto made = Prints::make();
    REQUIRE(made);
    for (const std::string& piece : row.pieces) made->prints.note(piece);
    CHECK(made->prints.last_lines() == row.kept);
  }
}

TEST_CASE("what earlier tasks printed is no beginning, and does not count") {
  auto made = Prints::make();
  REQUIRE(made);
  made->prints.note(lines(0, 50));
  made->prints.begin();
  CHECK(made->prints.last_lines() == rows({40, 41, 42, 43, 44, 45, 46, 47, 48, 49}));
  made->prints.note(lines(100, 102));
  CHECK(made->prints.last_lines() == rows({42, 43, 44, 45, 46, 47, 48, 49, 100, 101}));
  made->prints.note(lines(102, 120));
  CHECK(made->prints.last_lines() ==
        join(join(rows({100, 101, 102}), {"… 10 lines left out …"}), rows({113, 114, 115, 116, 117, 118, 119})));
}

TEST_CASE("lines of any length are kept in 4 KiB from the beginning and 4 KiB from the end") {
  auto made = Prints::make();
  REQUIRE(made);
  for (unsigned i = 0; i < 12; ++i) made->prints.note(std::string(100000, static_cast<char>('a' + i)) + "\n");
  CHECK(made->prints.last_lines() ==
        std::vector<std::string>{std::string(4096, 'a'), "… 10 lines left out …", std::string(4095, 'l')});
}
