// A plan in its four forms, from an outline made by hand: names that need escaping among it.
#include "report/outline.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace gantry;
using report::Outline;

namespace {

/// Three steps: what streams, what is kept, what only waits; sizes known and not.
Outline sample() {
  Outline outline;
  outline.file = "a\nb.yaml";
  outline.settings = {{"workers", "2", "--workers"}, {"seed", "7", "GANTRY_SEED"}};
  outline.params = {{"names", "[ü, \"x\"]", "--set"}};
  outline.plugins = {{"std", "1.0.0", "/p/libstd.so"}, {"texts", "0.10.2", "/p/libtexts.so"}};
  outline.shared = {{"limits", "queue<u64>"}};
  Outline::Step first;
  first.id = "first";
  first.call = "std.sum";
  first.signature = "(values: [u64]) -> u64";
  first.result = "u64";
  first.each = true;
  first.tasks = 1500;
  first.kept = true;
  first.value_size = 8;
  first.kept_bytes = 12'000;
  first.settings = {{"retries", "3", "file"}};
  first.notes = {"all of it is well"};
  Outline::Step second;
  second.id = "second";
  second.call = "./lib\"texts\".so.words";
  second.signature = "(text: str) -> [str]";
  second.result = "[str]";
  second.each = true;
  second.kept = true;
  second.edges = {{"first", "stream", {}}};
  Outline::Step last;
  last.id = "last";
  last.call = "std.<sum>";
  last.signature = "(values: [u64]) -> u64";
  last.result = "u64";
  last.tasks = 1;
  last.printed = true;
  last.value_size = 8;
  last.window_bytes = 8;
  last.edges = {{"first", "keep", {}}, {"second", "keep", 4}, {"second", "order", {}}, {"first", "after", {}}};
  outline.steps = {first, second, last};
  return outline;
}

}  // namespace

TEST_CASE("a plan as text says all of it, a line each") {
  CHECK(report::outline(sample(), "text") == R"(a\nb.yaml: 3 steps, at least 1501 tasks

settings
  workers  2  --workers
  seed     7  GANTRY_SEED

params
  names  [ü, "x"]  --set

plugins
  std    1.0.0   /p/libstd.so
  texts  0.10.2  /p/libtexts.so

shared
  limits  queue<u64>

steps
  first: 1500 tasks of std.sum(values: [u64]) -> u64
      retries: 3 (file)
      its values are kept until their last use: 11.72 KiB
      note: all of it is well
  second: as many tasks as the run shows of ./lib"texts".so.words(text: str) -> [str]
      takes first value by value, as they come (stream)
      its values are kept until their last use: how much that is, the run shows
  last: 1 task of std.<sum>(values: [u64]) -> u64
      takes first whole, when it is done (keep)
      takes second[4], when it is done (keep)
      starts when second is done (order)
      starts when first is done, even if it failed (after)
      its results are output
      of its values at most 8 B wait for their turn

memory of the host
  at most 11.72 KiB of kept values, and 8 B of values that wait for their turn; of 1 step only the run shows it
)");
}

TEST_CASE("what there is none of is left out, and one is no plural") {
  Outline outline;
  outline.file = "p.yaml";
  Outline::Step step;
  step.id = "a";
  step.call = "x.y";
  step.signature = "() -> ()";
  step.tasks = 1;
  step.value_size = 0;
  step.window_bytes = 0;
  outline.steps = {step};
  CHECK(report::outline(outline, "text") ==
        "p.yaml: 1 step, 1 task\n\nsteps\n  a: 1 task of x.y() -> ()\n\nmemory of the host\n  at most 0 B of kept "
        "values, and 0 B of values that wait for their turn\n");
}

TEST_CASE("sizes are told in the unit that fits them") {
  struct Row {
    std::uint64_t size;
    std::string says;
  };
  for (const Row& row : {Row{1023, "1023 B"}, Row{1024, "1 KiB"}, Row{1536, "1.5 KiB"}, Row{80'000'000, "76.29 MiB"},
                         Row{5ull << 30, "5 GiB"}, Row{1ull << 50, "1.049e+06 GiB"}}) {
    Outline outline = sample();
    outline.steps.resize(1);
    outline.steps[0].kept_bytes = row.size;
    CHECK(report::outline(outline, "text").find("last use: " + row.says + "\n") != std::string::npos);
  }
}

TEST_CASE("a plan as JSON has every field, and null for what only the run shows") {
  const auto json = nlohmann::json::parse(report::outline(sample(), "json"));
  CHECK(json["version"] == 1);
  CHECK(json["file"] == "a\nb.yaml");
  CHECK(json["tasks"].is_null());
  CHECK(json["settings"]["seed"] == nlohmann::json{{"value", "7"}, {"from", "GANTRY_SEED"}});
  CHECK(json["params"]["names"]["value"] == "[ü, \"x\"]");
  CHECK(json["plugins"][1] == nlohmann::json{{"name", "texts"}, {"version", "0.10.2"}, {"path", "/p/libtexts.so"}});
  CHECK(json["shared"][0] == nlohmann::json{{"name", "limits"}, {"type", "queue<u64>"}});
  REQUIRE(json["steps"].size() == 3);
  CHECK(json["steps"][0] == nlohmann::json::parse(R"({"id": "first", "call": "std.sum",
      "signature": "(values: [u64]) -> u64", "result": "u64", "each": true, "tasks": 1500, "printed": false,
      "kept": true, "kept_bytes": 12000, "window_bytes": null, "edges": [],
      "settings": {"retries": {"value": "3", "from": "file"}}, "notes": ["all of it is well"]})"));
  CHECK(json["steps"][1]["tasks"].is_null());
  CHECK(json["steps"][1]["kept_bytes"].is_null());
  CHECK(json["steps"][2]["edges"][1] ==
        nlohmann::json{{"from", "second"}, {"kind", "keep"}, {"element", 4}, {"within", false}});
  Outline known = sample();
  known.steps[1].tasks = 9;
  CHECK(nlohmann::json::parse(report::outline(known, "json"))["tasks"] == 1510);
}

TEST_CASE("a plan as a graph escapes what the language of the graph would read") {
  CHECK(report::outline(sample(), "dot") == R"(digraph gantry {
  rankdir=LR;
  node [shape=box];
  "first" [label="first\nstd.sum\n1500 tasks"];
  "second" [label="second\n./lib\"texts\".so.words\ntasks: as the run shows"];
  "last" [label="last\nstd.<sum>\n1 task", peripheries=2];
  "first" -> "second" [label="stream", style=bold];
  "first" -> "last" [label="keep", style=solid];
  "second" -> "last" [label="keep [4]", style=solid];
  "second" -> "last" [label="order", style=dashed];
  "first" -> "last" [label="after", style=dashed];
}
)");
  CHECK(report::outline(sample(), "mermaid") == R"(flowchart LR
  s0["first<br/>std.sum<br/>1500 tasks"]
  s1["second<br/>./lib#quot;texts#quot;.so.words<br/>tasks: as the run shows"]
  s2["last<br/>std.#lt;sum#gt;<br/>1 task"]
  s0 ==>|"stream"| s1
  s0 -->|"keep"| s2
  s1 -->|"keep [4]"| s2
  s1 -.->|"order"| s2
  s0 -.->|"after"| s2
)");
}
