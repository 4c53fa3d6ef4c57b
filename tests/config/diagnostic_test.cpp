// Diagnostics on their own: order, text, JSON, and the nearest name.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "config/code_points.hpp"
#include "config/codes.hpp"
#include "config/diagnostic.hpp"

namespace gantry::config::test {

TEST_CASE("an error is told with its line, a caret, notes and help") {
  Sources sources;
  const std::uint32_t file = sources.add("pipeline.yaml", "a\nb\n  - id: span\n\n\n\n\n\n    args: {low: $span.begn}");
  Diagnostics diagnostics;
  diagnostics.report({"E0301", {file, 9, 17}, "sentence", {{"text", {file, 3, 5}}, {"without a mark", {}}}, "more"});
  CHECK(render(diagnostics, sources) ==
        "pipeline.yaml:9:17: error[E0301]: sentence\n"
        "   9 |     args: {low: $span.begn}\n"
        "     |                 ^\n"
        "note: pipeline.yaml:3:5: text\n"
        "note: without a mark\n"
        "help: more\n");
}

TEST_CASE("lines of five digits, empty lines and places past the end") {
  Sources sources;
  std::string text;
  for (int i = 1; i < 12345; ++i) text += '\n';
  sources.add("p", text + "last");
  Diagnostics diagnostics;
  diagnostics.report({"E1", {0, 12345, 2}, "here", {}, ""});
  diagnostics.report({"E2", {0, 3, 1}, "empty", {}, ""});
  diagnostics.report({"E3", {0, 12345, 99}, "past the line", {}, ""});
  diagnostics.report({"E4", {0, 99999, 1}, "past the file", {}, ""});
  diagnostics.report({"E5", {7, 1, 1}, "no such source", {}, ""});
  CHECK(render(diagnostics, sources) ==
        "p:3:1: error[E2]: empty\n   3 |\n     | ^\n"
        "p:12345:2: error[E1]: here\n12345 | last\n      |  ^\n"
        "p:12345:99: error[E3]: past the line\n12345 | last\n      |     ^\n"
        "p:99999:1: error[E4]: past the file\n99999 |\n      | ^\n"
        "(unknown):1:1: error[E5]: no such source\n   1 |\n     | ^\n");
}

TEST_CASE("a long line is cut around the caret") {
  Sources sources;
  const std::string line = std::string(200, 'a') + "é" + std::string(200, 'b');
  sources.add("p", line);
  const auto shown = [&](std::uint32_t column) {
    Diagnostics diagnostics;
    diagnostics.report({"E", {0, 1, column}, "s", {}, ""});
    return render(diagnostics, sources);
  };
  const std::string head = ": error[E]: s\n   1 | ";
  CHECK(shown(1) == "p:1:1" + head + std::string(160, 'a') + "…\n     | ^\n");
  CHECK(shown(201) == "p:1:201" + head + "…" + std::string(80, 'a') + "é" + std::string(79, 'b') + "…\n     | " +
                          std::string(81, ' ') + "^\n");
  CHECK(shown(401) == "p:1:401" + head + "…" + std::string(160, 'b') + "\n     | " + std::string(160, ' ') + "^\n");
}

TEST_CASE("nothing of a pipeline reaches the terminal as a command") {
  Sources sources;
  sources.add("p\x1b[1m", "\x1b[31m\tx\u202e\xff");
  Diagnostics diagnostics;
  diagnostics.report({"E", {0, 1, 7}, "a\nb\x07", {{"\x7f", {}}}, "\u009b"});
  CHECK(render(diagnostics, sources) ==
        "p\\x1b[1m:1:7: error[E]: a\\nb\\x07\n   1 | \\x1b[31m   x\\u202e\\xff\n     |            ^\nnote: \\x7f\n"
        "help: \\u009b\n");
}

TEST_CASE("errors are told in order, equal ones once") {
  Sources sources;
  sources.add("p", "x\ny\n");
  sources.add("--set a=1", "1");
  Diagnostics diagnostics;
  diagnostics.report({"E4", {1, 0, 0}, "fifth", {}, ""});
  diagnostics.report({"E3", {0, 2, 1}, "third", {}, ""});
  diagnostics.report({"E2", {0, 2, 1}, "fourth", {}, ""});
  diagnostics.report({"E3", {0, 2, 1}, "third", {}, "again"});
  diagnostics.report({"E9", {0, 0, 0}, "first", {}, ""});
  diagnostics.report({"E1", {0, 1, 1}, "second", {}, ""});
  std::string order;
  for (const Diagnostic& diagnostic : diagnostics.sorted()) order += diagnostic.sentence + " ";
  CHECK(order == "first second third fourth fifth ");
  CHECK(diagnostics.size() == 6);
  CHECK(render(diagnostics, sources).starts_with("p: error[E9]: first\np:1:1: error[E1]: second\n"));
  CHECK(render(diagnostics, sources).ends_with("--set a=1: error[E4]: fifth\n"));
}

TEST_CASE("the first thousand errors are told, the others counted") {
  Sources sources;
  sources.add("p", "");
  Diagnostics diagnostics;
  for (int i = 0; i < 1234; ++i) diagnostics.report({"E", {0, 0, 0}, std::to_string(i), {}, ""});
  CHECK(diagnostics.size() == 1234);
  CHECK(diagnostics.sorted().size() == 1000);
  CHECK(render(diagnostics, sources).ends_with("p: error[E]: 999\nand 234 more errors\n"));
  CHECK(nlohmann::json::parse(render_json(diagnostics, sources))["omitted"] == 234);
}

TEST_CASE("errors as JSON") {
  Sources sources;
  sources.add("p.yaml", "abc\xff\n");
  Diagnostics diagnostics;
  diagnostics.report({"E0301", {0, 1, 2}, "say \"\xff\"", {{"n", {0, 1, 1}}, {"m", {}}}, "h"});
  CHECK(render_json(diagnostics, sources) ==
        "{\"version\":1,\"errors\":[{\"code\":\"E0301\",\"file\":\"p.yaml\",\"line\":1,\"column\":2,"
        "\"message\":\"say \\\"\uFFFD\\\"\",\"notes\":[{\"message\":\"n\",\"file\":\"p.yaml\",\"line\":1,\"column\":1},"
        "{\"message\":\"m\"}],\"help\":\"h\"}]}\n");
  CHECK(render_json(Diagnostics(), sources) == "{\"version\":1,\"errors\":[]}\n");
}

TEST_CASE("the nearest name") {
  const std::vector<std::string> names{"timeout", "retries", "retry_on", "id", "args"};
  CHECK(nearest("timout", names) == "timeout");
  CHECK(nearest("tiemout", names) == "timeout");
  CHECK(nearest("retry", names) == "");
  CHECK(nearest("retires", names) == "retries");
  CHECK(nearest("ids", names) == "id");
  CHECK(nearest("zzzzzz", names) == "");
  CHECK(nearest("", names) == "");
  CHECK(nearest("timeout", {}) == "");
}

TEST_CASE("lines of a source") {
  Sources sources;
  sources.add("p", "a\r\nb\n\nc");
  CHECK(sources.line({0, 1, 1}) == "a");
  CHECK(sources.line({0, 2, 1}) == "b");
  CHECK(sources.line({0, 3, 1}) == "");
  CHECK(sources.line({0, 4, 1}) == "c");
  CHECK(sources.line({0, 5, 1}) == "");
  CHECK(sources.line({0, 0, 0}) == "");
  CHECK(sources.line({1, 1, 1}) == "");
}

TEST_CASE("texts in messages") {
  CHECK(in_quotes("abc") == "\"abc\"");
  CHECK(in_quotes(std::string(40, 'x')) == "\"" + std::string(40, 'x') + "\"");
  CHECK(in_quotes(std::string(41, 'x')) == "\"" + std::string(40, 'x') + "…\"");
  CHECK(in_quotes("a\nb") == "\"a\\nb\"");
}

TEST_CASE("each code can be looked up") {
  for (const Code& code : all_codes()) {
    CHECK(find_code(code.number) == &code);
    CHECK(code.number.size() == 5);
    CHECK_FALSE(code.meaning.empty());
  }
  CHECK(find_code("E0106")->meaning == codes::duplicate_key.meaning);
  CHECK(find_code("E9999") == nullptr);
  CHECK(find_code("") == nullptr);
}

}  // namespace gantry::config::test
