// `files:` as a source: its elements as arguments, its length, and what is said of patterns that find nothing.
#include <catch2/catch.hpp>

#include "pipelines.hpp"
#include "tree.hpp"

namespace gantry::test {
namespace {

/// As build() of pipelines.hpp, for a pipeline in `folder`. PATTERNS is a variable of the environment.
Built build_in(const std::string& folder, const std::string& text) {
  Built built;
  const auto config = config::read("p.yaml", "gantry: 1\nplugins: [primes, std, numbers, shapes]\n" + text, folder, {},
                                   built.sources, built.diagnostics);
  const plan::Environment environment = [](const std::string& name) -> std::optional<std::string> {
    return name == "PATTERN" ? std::optional<std::string>("*.csv") : std::nullopt;
  };
  built.plan = plan::build(config, catalog(), environment, built.sources, built.diagnostics);
  return built;
}

std::string without(std::string text, const std::string& folder) {
  for (std::size_t at = 0; (at = text.find(folder, at)) != std::string::npos;)
    text.replace(at, folder.size(), "FOLDER");
  return text;
}

struct Elements {
  const char* text;
  const char* arguments;  ///< of each task, FOLDER for the folder
};

const std::vector<Elements> good{
    {"steps: [{id: a, call: std.echo, each: {p: {files: '*.txt'}}, args: {x: $p}}]",
     R"(["FOLDER/a.txt"] ["FOLDER/b.txt"])"},
    {"steps: [{id: a, call: std.echo, each: {p: {files: $env.PATTERN}}, args: {x: $p}}]", R"(["FOLDER/c.csv"])"},
    {"params: {g: [b.txt, 'a.*']}\nsteps: [{id: a, call: std.echo, each: {p: {files: $params.g}}, args: {x: $p}}]",
     R"(["FOLDER/a.txt"] ["FOLDER/b.txt"])"},
    {"params: {end: txt}\nsteps: [{id: a, call: std.echo, each: {p: {files: ['a.${params.end}', '*.txt', "
     "$env.PATTERN]}}, "
     "args: {x: $p}}]",
     R"(["FOLDER/a.txt"] ["FOLDER/b.txt"] ["FOLDER/c.csv"])"},
    {"steps: [{id: a, call: std.echo, each: {p: {files: '$$*/*'}}, args: {x: $p}}]", R"(["FOLDER/$1/d"])"},
    {"steps: [{id: a, call: std.echo, each: {p: {files: '*.txt'}}, args: {x: 'no ${index} is ${p}'}}]",
     R"(["no 0 is FOLDER/a.txt"] ["no 1 is FOLDER/b.txt"])"},
    {"steps: [{id: a, call: std.sum, each: {p: {groups: [{files: '*'}, 2]}}, args: {values: $p}}]",
     R"([["FOLDER/a.txt","FOLDER/b.txt"]] [["FOLDER/c.csv"]])"},
    {"steps: [{id: a, call: shapes.name, zip: {p: {files: '*.txt'}, i: {range: [5, 7]}}, args: {name: $p, index: $i}}]",
     R"(["FOLDER/a.txt",5] ["FOLDER/b.txt",6])"},
    {"steps: [{id: a, call: shapes.name, each: {p: {files: '*.txt'}, i: {values: [1, 2]}}, args: {name: $p, index: "
     "$i}}]",
     R"(["FOLDER/a.txt",1] ["FOLDER/a.txt",2] ["FOLDER/b.txt",1] ["FOLDER/b.txt",2])"},
};

struct Wrong {
  const char* text;
  const char* rendered;
};

const std::vector<Wrong> bad{
    {"steps: [{id: a, call: std.echo, each: {p: {files: 'data/**/*.txt'}}, args: {x: $p}}]\n",
     R"text(p.yaml:3:51: error[E0421]: no file matches data/**/*.txt
   3 | steps: [{id: a, call: std.echo, each: {p: {files: 'data/**/*.txt'}}, args: {x: $p}}]
     |                                                   ^
help: there is no folder FOLDER/data
)text"},
    {R"(params: {glob: "*.doc", ends: [doc, {}]}
steps:
  - id: a
    call: shapes.name
    zip: {p: {files: $params.glob}, q: {files: ["*.txt", "*.${params.ends.0}", "${params.ends}"]}}
    args: {name: "${p}${q}"}
)",
     R"text(p.yaml:7:22: error[E0421]: no file matches *.doc
   7 |     zip: {p: {files: $params.glob}, q: {files: ["*.txt", "*.${params.ends.0}", "${params.ends}"]}}
     |                      ^
note: p.yaml:3:16: $params.glob is set here
help: looked in the folder FOLDER
p.yaml:7:58: error[E0421]: no file matches *.doc
   7 |     zip: {p: {files: $params.glob}, q: {files: ["*.txt", "*.${params.ends.0}", "${params.ends}"]}}
     |                                                          ^
note: p.yaml:3:32: $params.ends.0 is set here
help: looked in the folder FOLDER
p.yaml:7:80: error[E0420]: files wants a pattern, and $params.ends is a list of 2
   7 |     zip: {p: {files: $params.glob}, q: {files: ["*.txt", "*.${params.ends.0}", "${params.ends}"]}}
     |                                                                                ^
note: p.yaml:3:31: $params.ends is set here
)text"},
    {R"(params: {m: {}, l: ["*", null], e: []}
steps:
  - {id: a, call: std.echo, each: {p: {files: $params.m}}, args: {x: $p}}
  - {id: b, call: std.echo, each: {p: {files: $params.l}}, args: {x: $p}}
  - {id: c, call: std.echo, each: {p: {files: $params.e}}, args: {x: $p}}
  - {id: d, call: std.echo, each: {p: {files: $params.x}}, args: {x: $p}}
)",
     R"text(p.yaml:5:47: error[E0420]: files wants a pattern, and $params.m is a map
   5 |   - {id: a, call: std.echo, each: {p: {files: $params.m}}, args: {x: $p}}
     |                                               ^
note: p.yaml:3:13: $params.m is set here
p.yaml:6:47: error[E0420]: files wants a pattern, and $params.l is null
   6 |   - {id: b, call: std.echo, each: {p: {files: $params.l}}, args: {x: $p}}
     |                                               ^
note: p.yaml:3:26: $params.l is set here
p.yaml:7:47: error[E0420]: files wants a pattern, and $params.e is an empty list
   7 |   - {id: c, call: std.echo, each: {p: {files: $params.e}}, args: {x: $p}}
     |                                               ^
note: p.yaml:3:36: $params.e is set here
p.yaml:8:47: error[E0301]: there is no param `x`
   8 |   - {id: d, call: std.echo, each: {p: {files: $params.x}}, args: {x: $p}}
     |                                               ^
help: did you mean `m`?
)text"},
    {R"(steps:
  - {id: a, call: std.echo, args: {x: "*.txt"}}
  - {id: b, call: std.echo, each: {p: {files: $a}}, args: {x: $p}}
  - {id: c, call: std.echo, each: {p: {files: "${a}*"}}, args: {x: $p}}
  - {id: d, call: std.echo, each: {p: {files: "${index}"}}, args: {x: $p}}
  - {id: e, call: std.echo, each: {p: {files: "a**"}}, args: {x: $p}}
)",
     R"text(p.yaml:5:47: error[E0420]: files are looked for before the run, and $a is a result
   5 |   - {id: b, call: std.echo, each: {p: {files: $a}}, args: {x: $p}}
     |                                               ^
help: write the pattern, or let a step give a list of paths and bind that
p.yaml:6:47: error[E0420]: files are looked for before the run, and $a is a result
   6 |   - {id: c, call: std.echo, each: {p: {files: "${a}*"}}, args: {x: $p}}
     |                                               ^
help: write the pattern, or let a step give a list of paths and bind that
p.yaml:7:47: error[E0306]: a source cannot depend on $index
   7 |   - {id: d, call: std.echo, each: {p: {files: "${index}"}}, args: {x: $p}}
     |                                               ^
help: sources are params, environment, literals and results of other steps
p.yaml:8:47: error[E0420]: files: a**: ** stands alone between slashes, as in data/**/*.txt
   8 |   - {id: e, call: std.echo, each: {p: {files: "a**"}}, args: {x: $p}}
     |                                               ^
)text"},
    {R"(steps:
  - {id: a, call: primes.nth, each: {p: {files: "*.txt"}}, args: {n: $p}}
  - {id: b, call: std.echo, each: {p: {files: "*.txt"}}, args: {x: $p.name}}
  - {id: c, call: shapes.name, zip: {p: {files: "*.txt"}, i: {range: [0, 3]}}, args: {name: $p, index: $i}}
  - {id: d, call: numbers.sum32, each: {p: {groups: [{files: "*"}, 2]}}, args: {values: $p}}
)",
     R"text(p.yaml:4:70: error[E0402]: args.n: $p is str, which does not convert to u64 without loss
   4 |   - {id: a, call: primes.nth, each: {p: {files: "*.txt"}}, args: {n: $p}}
     |                                                                      ^
note: primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
p.yaml:5:68: error[E0302]: args.x: $p.name: the path of a file is a str and has no parts
   5 |   - {id: b, call: std.echo, each: {p: {files: "*.txt"}}, args: {x: $p.name}}
     |                                                                    ^
help: write $p
p.yaml:6:59: error[E0408]: zip walks its names together, and p has 2 elements, i has 3
   6 |   - {id: c, call: shapes.name, zip: {p: {files: "*.txt"}, i: {range: [0, 3]}}, args: {name: $p, index: $i}}
     |                                                           ^
note: p.yaml:6:38: p is bound here
help: for all combinations write each
p.yaml:7:89: error[E0402]: args.values: $p is str, which does not convert to u32 without loss
   7 |   - {id: d, call: numbers.sum32, each: {p: {groups: [{files: "*"}, 2]}}, args: {values: $p}}
     |                                                                                         ^
note: numbers.sum32(values: [u32]) -> u32, in libnumbers.so 1.0.0
)text"},
};

}  // namespace

TEST_CASE("the paths of files are arguments") {
  const Tree tree;
  for (const char* name : {"b.txt", "a.txt", "c.csv", "$1/d"}) tree.file(name);
  for (const auto& row : good) {
    CAPTURE(row.text);
    const auto built = build_in(tree.root(), row.text);
    INFO(config::render(built.diagnostics, built.sources));
    REQUIRE(built.diagnostics.empty());
    const Table none;
    CHECK(without(all_rows(built.plan, plan::StepIndex{0}, none), tree.root()) == row.arguments);
  }
}

TEST_CASE("what is wrong with files is told, and where") {
  const Tree tree;
  tree.file("a.txt");
  tree.file("b.txt");
  for (const auto& row : bad) {
    CAPTURE(row.text);
    const auto built = build_in(tree.root(), row.text);
    CHECK(without(config::render(built.diagnostics, built.sources), tree.root()) == row.rendered);
  }
}

TEST_CASE("files are looked for once, when the plan is made") {
  const Tree tree;
  tree.file("a.txt");
  const auto built =
      build_in(tree.root(), "steps: [{id: a, call: std.echo, each: {p: {files: '*'}}, args: {x: $p}}]\n");
  REQUIRE(built.diagnostics.empty());
  CHECK(built.plan.steps()[0].tasks == 1);
  tree.file("b.txt");
  const Table none;
  CHECK(without(all_rows(built.plan, plan::StepIndex{0}, none), tree.root()) == R"(["FOLDER/a.txt"])");
}

TEST_CASE("a product shows the paths in its task IDs") {
  const Tree tree;
  tree.file("a \"1\".txt");
  const auto built = build_in(tree.root(),
                              "steps: [{id: a, call: shapes.name, each: {p: {files: '*'}, i: {range: [0, 2]}}, args: "
                              "{name: $p, index: $i}}]\n");
  REQUIRE(built.diagnostics.empty());
  CHECK(without(built.plan.task_id(plan::StepIndex{0}, 1), tree.root()) == R"(a[1] (p="FOLDER/a \"1\".txt", i=1))");
}

}  // namespace gantry::test
