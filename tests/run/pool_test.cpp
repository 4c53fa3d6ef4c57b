// The plugin pool, on a real SQLite file: a connection opened once for each worker.
#include <catch2/catch.hpp>
#include <string>

#include "run/command.hpp"
#include "run/outcome.hpp"

namespace {

using namespace gantry::tests;

/// Of shapes 0 … 999, ten times each.
constexpr const char* kAnswer = "rows = 1000\ntotal = 4995000\n";

Ended run_pool(const Folder& folder, std::vector<std::string> flags) {
  std::vector<std::string> words{"run", GANTRY_SOURCE "/configs/pool.yaml", "--set",
                                 "file=" + (folder.path() / "shapes.db").string()};
  words.insert(words.end(), flags.begin(), flags.end());
  return command_line(words);
}

}  // namespace

TEST_CASE("pool: ten thousand queries give their answer, the same bytes for any number of workers") {
  std::string digest;
  for (const char* workers : {"1", "2", "4", "8"}) {
    INFO(workers << " workers");
    const Folder folder;
    const Ended text = run_pool(folder, {"-j", workers});
    INFO(text.err);
    CHECK(text.code == 0);
    CHECK(text.out == kAnswer);
    const Ended digested = run_pool(folder, {"-j", workers, "-o", "digest"});
    CHECK(digested.code == 0);
    if (digest.empty()) digest = digested.out;
    CHECK(digested.out == digest);
  }
}

TEST_CASE("pool: what a query may be, and what it gives") {
  const Folder folder;
  REQUIRE(run_pool(folder, {}).code == 0);
  const std::string file = "config.path=" + (folder.path() / "shapes.db").string();
  struct Row {
    const char* function;
    std::vector<std::string> words;
    const char* outcome;
  };
  const Row rows[] = {
      {"number", {"sql=SELECT count(*) FROM shape"}, "1000"},
      {"number", {"sql=SELECT area FROM shape WHERE id = ?", "values=[3]"}, "21"},
      {"number", {"sql=SELECT ? - ?;  ", "values=[-1, 9223372036854775807]"}, "-9223372036854775808"},
      {"texts",
       {"sql=SELECT name FROM shape WHERE id < ? ORDER BY id DESC", "values=[2]"},
       "[\"shape 1\",\"shape 0\"]"},
      {"texts", {"sql=SELECT name FROM shape WHERE id < 0"}, "[]"},
      {"texts", {"sql=SELECT NULL"}, "[\"\"]"},
      {"number",
       {"sql=SELECT name FROM shape WHERE id = 1"},
       "sqlite: SELECT name FROM shape WHERE id = 1: it gives no whole number"},
      {"number",
       {"sql=SELECT id FROM shape WHERE id < 2"},
       "sqlite: SELECT id FROM shape WHERE id < 2: it gives 2 rows instead of one"},
      {"number", {"sql=SELECT ?"}, "sqlite: SELECT ?: it has 1 parameters, and is given 0 values"},
      {"number", {"sql=SELECT 1, 2"}, "sqlite: SELECT 1, 2: it has to give one column"},
      {"number", {"sql=SELECT 1; SELECT 2"}, "sqlite: SELECT 1; SELECT 2: more than one statement"},
      {"number", {"sql= "}, "sqlite: there is no statement in \" \""},
      {"number", {"sql=SELEKT"}, "sqlite: SELEKT: near \"SELEKT\": syntax error"},
      {"number",
       {"sql=DELETE FROM shape RETURNING id"},
       "sqlite: DELETE FROM shape RETURNING id: it changes the file, and tasks run in any order"},
      {"fill", {"rows=0"}, "0"},
      {"number", {"sql=SELECT count(*) FROM shape"}, "0"},
  };
  for (const Row& row : rows) {
    std::vector<std::string> words{std::string("pool.") + row.function, file};
    words.insert(words.end(), row.words.begin(), row.words.end());
    CHECK(outcome(words) == row.outcome);
  }
}

TEST_CASE("pool: a file that cannot be opened, or is none, ends the run before its first task") {
  const Folder folder;
  folder.write("shapes.db", "this is a text, and no database, however long it may be ............................");
  const Ended ended = run_pool(folder, {});
  CHECK(ended.code == 4);
  CHECK(ended.out.find(" = ") == std::string::npos);
  CHECK(ended.out.find(" ! not-run: the run could not go on\n") != std::string::npos);
  CHECK(ended.err.find("a plugin could not begin in a worker: sqlite: ") != std::string::npos);
  CHECK(ended.err.find("file is not a database") != std::string::npos);
}
