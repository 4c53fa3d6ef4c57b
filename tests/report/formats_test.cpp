// Every format and every status: outcomes -> exact bytes.
#include <limits>

#include "paper.hpp"
#include "report/printer.hpp"

namespace {

using namespace paper;
using gantry::report::Format;
using gantry::report::Order;
using gantry::report::Printer;

/// Steps: counts (each, printed), hidden (each, not printed), total (printed).
std::vector<Column> three_columns() {
  return apart({column("counts", "u64", true), column("hidden", "u8", true, false), column("total", "str", false)});
}

void fill(Store& store, const std::vector<Column>& columns) {
  store.sized(StepIndex{0}, 5);
  store.sized(StepIndex{1}, 2);
  store.sized(StepIndex{2}, 1);
  store.put(StepIndex{0}, 3, 2, Reason{Status::not_run, "not-run", "the run was interrupted"});
  store.put(StepIndex{0}, 0, 1, number<std::uint64_t>(271), {});
  store.put(StepIndex{0}, 1, 1, Reason{Status::error, "crash", "killed by SIGSEGV\nwith \"quotes\""});
  store.put(StepIndex{0}, 2, 1, Reason{Status::skipped, "skipped", "because hidden[1] has no value"});
  put(store, columns, 1, 0, number<std::uint8_t>(7));
  store.put(StepIndex{1}, 1, 1, Reason{Status::error, "odd", ""});
  put(store, columns, 2, 0, str("a\nb\x1b"));
}

std::string printed(const std::vector<Column>& columns, Format format, const Store& store,
                    gantry::report::TaskId id = {}) {
  Paper paper;
  Printer printer(columns, std::move(id), format, Order::id, paper.sink());
  REQUIRE(printer.finish(store));
  return paper.text();
}

/// The cells of one value in csv.
std::string csv(std::string_view type, Bytes bytes) {
  const std::vector<Column> columns{column("s", type, false)};
  Store store = store_for(columns);
  store.sized(StepIndex{0}, 1);
  put(store, columns, 0, 0, std::move(bytes));
  return printed(columns, Format::csv, store);
}

}  // namespace

TEST_CASE("every format shows every status") {
  struct Row {
    Format format;
    std::string text;
  };
  const std::vector<Row> rows{
      {Format::text,
       "counts[0] = 271\n"
       "counts[1] ! crash: killed by SIGSEGV\\nwith \"quotes\"\n"
       "counts[2] ! skipped: because hidden[1] has no value\n"
       "counts[3…4] ! not-run: the run was interrupted\n"
       "total = \"a\\nb\\u001b\"\n"},
      {Format::ndjson,
       R"({"id": "counts[0]", "step": "counts", "index": 0, "status": "ok", "value": 271})"
       "\n"
       R"({"id": "counts[1]", "step": "counts", "index": 1, "status": "error", "kind": "crash", "message": "killed by SIGSEGV\nwith \"quotes\""})"
       "\n"
       R"({"id": "counts[2]", "step": "counts", "index": 2, "status": "skipped", "kind": "skipped", "message": "because hidden[1] has no value"})"
       "\n"
       R"({"id": "counts[3]", "step": "counts", "index": 3, "count": 2, "status": "not-run", "kind": "not-run", "message": "the run was interrupted"})"
       "\n"
       R"({"id": "total", "step": "total", "status": "ok", "value": "a\nb\u001b"})"
       "\n"},
      {Format::json,
       R"({"version": 1, "steps": {"counts": [271, null], "total": "a\nb\u001b"}, "failed": [)"
       R"({"id": "counts[1]", "step": "counts", "index": 1, "status": "error", "kind": "crash", "message": "killed by SIGSEGV\nwith \"quotes\""}, )"
       R"({"id": "counts[2]", "step": "counts", "index": 2, "status": "skipped", "kind": "skipped", "message": "because hidden[1] has no value"}, )"
       R"({"id": "counts[3]", "step": "counts", "index": 3, "count": 2, "status": "not-run", "kind": "not-run", "message": "the run was interrupted"}, )"
       R"({"id": "hidden[1]", "step": "hidden", "index": 1, "status": "error", "kind": "odd", "message": ""}]})"
       "\n"},
      {Format::none, ""},
  };
  const std::vector<Column> columns = three_columns();
  for (const Row& row : rows) {
    Store store = store_for(columns);
    fill(store, columns);
    CHECK(printed(columns, row.format, store) == row.text);
  }
}

TEST_CASE("csv: a record a task, with cells for what went wrong") {
  const std::vector<Column> columns{column("p", "{x: f64, name: str, ok: bool?}", true)};
  Store store = store_for(columns);
  store.sized(StepIndex{0}, 4);
  put(store, columns, 0, 0, join(number(1.5), str("a,\"b\"\r\n"), Bytes{std::byte{1}, std::byte{1}}));
  put(store, columns, 0, 1, join(number(std::numeric_limits<double>::quiet_NaN()), str(""), Bytes{std::byte{0}}));
  store.put(StepIndex{0}, 2, 1, Reason{Status::error, "crash", "gone, \"quite\""});
  put(store, columns, 0, 3, join(number(-std::numeric_limits<double>::infinity()), str("plain"), Bytes{std::byte{0}}));
  CHECK(printed(columns, Format::csv, store) ==
        "id,status,x,name,ok,kind,message\n"
        "p[0],ok,1.5,\"a,\"\"b\"\"\r\n\",true,,\n"
        "p[1],ok,NaN,\"\",,,\n"
        "p[2],error,,,,crash,\"gone, \"\"quite\"\"\"\n"
        "p[3],ok,-Infinity,plain,,,\n");
}

TEST_CASE("csv: each letter that RFC 4180 wants quoted is, alone too") {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"a,b", "\"a,b\""}, {"a\"b", "\"a\"\"b\""}, {"a\rb", "\"a\rb\""}, {"a\nb", "\"a\nb\""}, {"a b;", "a b;"}};
  for (const auto& [text, cell] : rows)
    CHECK(csv("str", str(text)) == "id,status,value,kind,message\ns,ok," + cell + ",,\n");
}

TEST_CASE("tasks that never started are one record in every format, however many, and nulls only before a value") {
  const std::vector<Column> columns{column("a", "u8", true)};
  constexpr std::uint64_t kMany = 1ULL << 63U;
  Store store = store_for(columns);
  store.sized(StepIndex{0}, kMany);
  put(store, columns, 0, 0, bytes_of("\7"));
  store.put(StepIndex{0}, 1, 1, Reason{Status::skipped, "skipped", "x has no value"});
  store.put(StepIndex{0}, 2, 2, Reason{Status::skipped, "skipped", "x has no value"});
  put(store, columns, 0, 4, bytes_of("\5"));
  store.put(StepIndex{0}, 5, kMany - 5, Reason{Status::not_run, "not-run", "why"});
  CHECK(printed(columns, Format::text, store) ==
        "a[0] = 7\n"
        "a[1…3] ! skipped: x has no value\n"
        "a[4] = 5\n"
        "a[5…9223372036854775807] ! not-run: why\n");
  CHECK(printed(columns, Format::csv, store) ==
        "id,status,value,kind,message\n"
        "a[0],ok,7,,\n"
        "a[1…3],skipped,,skipped,x has no value\n"
        "a[4],ok,5,,\n"
        "a[5…9223372036854775807],not-run,,not-run,why\n");
  const std::string skipped =
      R"({"id": "a[1]", "step": "a", "index": 1, "count": 3, "status": "skipped", "kind": "skipped", "message": "x has no value"})";
  const std::string not_run =
      R"({"id": "a[5]", "step": "a", "index": 5, "count": 9223372036854775803, "status": "not-run", "kind": "not-run", "message": "why"})";
  CHECK(printed(columns, Format::ndjson, store) ==
        R"({"id": "a[0]", "step": "a", "index": 0, "status": "ok", "value": 7})"
        "\n" +
            skipped + "\n" + R"({"id": "a[4]", "step": "a", "index": 4, "status": "ok", "value": 5})" + "\n" + not_run +
            "\n");
  CHECK(printed(columns, Format::json, store) ==
        R"({"version": 1, "steps": {"a": [7, null, null, null, 5]}, "failed": [)" + skipped + ", " + not_run + "]}\n");
}

TEST_CASE("csv: one value column for what is no flat struct, no column twice") {
  CHECK(csv("u64", number<std::uint64_t>(7)) == "id,status,value,kind,message\ns,ok,7,,\n");
  CHECK(csv("[u8]", join(number<std::uint64_t>(2), bytes_of("\1\2"))) ==
        "id,status,value,kind,message\ns,ok,\"[1,2]\",,\n");
  CHECK(csv("{a: (u8, u8)}", bytes_of("\1\2")) == "id,status,value,kind,message\ns,ok,\"{\"\"a\"\":[1,2]}\",,\n");
  CHECK(csv("str", str("a\rb")) == "id,status,value,kind,message\ns,ok,\"a\rb\",,\n");
  CHECK(csv("str", str("\xff\x1b")) == "id,status,value,kind,message\ns,ok,\uFFFD\x1b,,\n");
  CHECK(csv("()", {}) == "id,status,value,kind,message\ns,ok,null,,\n");
  CHECK(csv("(\"red\" | \"green\")", number<std::uint32_t>(1)) == "id,status,value,kind,message\ns,ok,green,,\n");
  CHECK(csv("{kind: u8, b: u8}", bytes_of("\1\2")) == "id,status,value.kind,value.b,kind,message\ns,ok,1,2,,\n");
}

TEST_CASE("an ID may show bound values, and stays on its line") {
  const auto id = [](StepIndex, std::uint64_t index) { return "grid[" + std::to_string(index) + "] (a=\"x\n,y\")"; };
  const std::vector<Column> columns{column("grid", "u8", true)};
  Store store = store_for(columns);
  store.sized(StepIndex{0}, 1);
  put(store, columns, 0, 0, bytes_of("\5"));
  CHECK(printed(columns, Format::text, store, id) == "grid[0] (a=\"x\\n,y\") = 5\n");
  CHECK(printed(columns, Format::ndjson, store, id) ==
        R"x({"id": "grid[0] (a=\"x\n,y\")", "step": "grid", "index": 0, "status": "ok", "value": 5})x"
        "\n");
  CHECK(printed(columns, Format::csv, store, id) ==
        "id,status,value,kind,message\n\"grid[0] (a=\"\"x\n,y\"\")\",ok,5,,\n");
}

TEST_CASE("steps of no tasks, and steps that were never sized") {
  const std::vector<Column> columns =
      apart({column("none", "u8", true), column("never", "u8", true), column("alone", "u8", false)});
  Store store = store_for(columns);
  store.sized(StepIndex{0}, 0);
  CHECK(printed(columns, Format::json, store) ==
        "{\"version\": 1, \"steps\": {\"none\": [], \"never\": [], \"alone\": null}, \"failed\": []}\n");
  CHECK(printed(columns, Format::text, store).empty());
  CHECK(printed({columns[0]}, Format::csv, store) == "id,status,value,kind,message\n");
}

TEST_CASE("a task without an outcome is an error at the end, never silence") {
  const std::vector<Column> columns{column("s", "u8", true)};
  Store store = store_for(columns);
  store.sized(StepIndex{0}, 3);
  put(store, columns, 0, 0, bytes_of("\5"));
  for (const Format format : {Format::text, Format::json, Format::csv, Format::digest, Format::none}) {
    Paper paper;
    Printer printer(columns, {}, format, Order::id, paper.sink());
    const auto finished = printer.finish(store);
    REQUIRE_FALSE(finished);
    CHECK(finished.error().sentence == "2 of 3 tasks of step s ended without an outcome; this is a mistake in gantry");
    CHECK(finished.error().where == "s[1]");
  }
}

TEST_CASE("bytes that are no value of their type are an error with the task's ID, and no half line") {
  const std::vector<Column> columns{column("s", "str", true)};
  Store store = store_for(columns);
  store.sized(StepIndex{0}, 2);
  put(store, columns, 0, 0, str("good"));
  put(store, columns, 0, 1, bytes_of("bad"));
  Paper paper;
  Printer printer(columns, {}, Format::text, Order::id, paper.sink());
  const auto finished = printer.finish(store);
  REQUIRE_FALSE(finished);
  CHECK(finished.error().kind == gantry::host::ErrorKind::value);
  CHECK(finished.error().where == "s[1]");
  CHECK(printer.position(StepIndex{0}) == 1);
}

TEST_CASE("what a format cannot show is said before the run") {
  using gantry::report::check_format;
  const auto sentence = [](const std::vector<Column>& columns, Format format, Order order = Order::id) {
    const auto checked = check_format(columns, format, order);
    if (!checked) CHECK(checked.error().kind == gantry::host::ErrorKind::usage);
    return checked ? std::string() : checked.error().sentence;
  };
  const Column a = column("a", "u8", true);
  const Column b = column("b", "u8", true);
  const Column hidden = column("c", "u8", true, false);
  CHECK(sentence({a, hidden}, Format::csv).empty());
  CHECK(sentence({a, b}, Format::json).empty());
  CHECK(sentence({a, b}, Format::csv) ==
        "csv shows one step, and this pipeline prints 2 (a, b); set `output: false` on the others, or use -o ndjson");
  CHECK(sentence({a, a, a, a, b, b, b}, Format::csv) ==
        "csv shows one step, and this pipeline prints 7 (a, a, a, a, b, … and 2 more); set `output: false` on the "
        "others, or use -o ndjson");
  CHECK(sentence({hidden}, Format::csv) ==
        "csv shows one step, and this pipeline prints none; set `output: true` on one");
  CHECK(sentence({a}, Format::ndjson, Order::done).empty());
  CHECK(sentence({a}, Format::json, Order::done) ==
        "--order done cannot be written as json, which is in task order; use -o text or -o ndjson");
  CHECK(gantry::report::format_named("ndjson") == Format::ndjson);
  CHECK_FALSE(gantry::report::format_named("xml"));
}
