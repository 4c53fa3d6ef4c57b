// Law of the house: text of others never steers a terminal. A plugin, a pipeline, a file name and an environment that
// try, in every output that there is.
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "run/command.hpp"
#include "run/terminal.hpp"

namespace {

using namespace gantry::tests;

const std::string kPlugins = GANTRY_BUILD "/tests/plugins";
const std::string kEvil = "x\x1b[2J\u009b31m\u202e\u2066\u200f\u061c\u2028\x7f\x9b\xff\r\b\t";

/// The first thing in `text` that no terminal may get; line feeds aside.
std::string offence(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = [&](std::size_t i) {
      return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
    };
    std::size_t size = 1;
    char32_t point = byte(0);
    if (byte(0) >= 0xf0) {
      size = 4;
      point = (byte(0) & 7U) << 18 | (byte(1) & 63U) << 12 | (byte(2) & 63U) << 6 | (byte(3) & 63U);
    } else if (byte(0) >= 0xe0) {
      size = 3;
      point = (byte(0) & 15U) << 12 | (byte(1) & 63U) << 6 | (byte(2) & 63U);
    } else if (byte(0) >= 0xc2) {
      size = 2;
      point = (byte(0) & 31U) << 6 | (byte(1) & 63U);
    }
    bool bad = byte(0) >= 0x80 && (size == 1 || byte(0) > 0xf4);
    for (std::size_t i = 1; i < size; ++i) bad = bad || (byte(i) & 0xc0U) != 0x80;
    bad = bad || (point < 0x20 && point != '\n') || (point >= 0x7f && point < 0xa0) || point == 0x061c ||
          point == 0x200e || point == 0x200f || (point >= 0x2028 && point <= 0x202e) ||
          (point >= 0x2066 && point <= 0x2069);
    if (bad) {
      return "at " + std::to_string(at) + " after " +
             std::string(text.substr(at - std::min<std::size_t>(at, 30), std::min<std::size_t>(at, 30)));
    }
    at += size;
  }
  return {};
}

/// Lines of a text that begin with what the plugin writes behind its line feeds.
bool is_injected(const std::string& text) {
  return text.starts_with("[injected]") || text.find("\n[injected]") != std::string::npos;
}

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

void write(const Folder& folder) {
  folder.write(
      "all.yaml",
      "gantry: 1\n"
      "plugins: [hostile]\n"
      "params: {text: " +
          quoted(kEvil) +
          "}\n"
          "steps:\n"
          "  - {id: values, call: hostile.act, each: {h: {values: [value, print, log, progress]}}, args: {how: $h}}\n"
          "  - {id: fails, call: hostile.act, args: {how: fail}}\n"
          "  - {id: dies, call: hostile.act, args: {how: die}}\n"
          "  - id: bound\n"
          "    call: hostile.take\n"
          "    each: {value: {values: [a, " +
          quoted(kEvil) +
          "]}, n: {values: [1, 2]}}\n"
          "    args: {value: $value, n: $n}\n"
          "  - {id: given, call: hostile.take, args: {value: $params.text}}\n"
          "  - {id: around, call: hostile.take, args: {value: $env.EVIL}}\n"
          "  - {id: skipped, call: hostile.take, each: {f: $fails_list}, args: {value: $f}}\n"
          "  - {id: fails_list, call: hostile.act, each: {_i: {range: [0, 2]}}, args: {how: fail}}\n");
  folder.write("one.yaml",
               "gantry: 1\nplugins: [hostile]\nsteps:\n"
               "  - {id: s, call: hostile.act, each: {h: {values: [value, print, log]}}, args: {how: $h}}\n");
  folder.write("wrong.yaml", "gantry: 1\nplugins: [hostile]\n" + quoted(kEvil) +
                                 ": 1\nsteps:\n"
                                 "  - {id: a, call: hostile.act, args: {how: " +
                                 quoted(kEvil) +
                                 "}}\n"
                                 "  - {id: b, call: hostile.atc, args: {how: valeu}}\n"
                                 "  - {id: c, call: hostile.take, args: {vaule: 1}}\n");
  folder.write("raw.yaml", "gantry: 1\nplugins: [hostile]\n# " + kEvil + "\nsteps: []\n");
  folder.write("missing.yaml",
               "gantry: 1\nplugins: [" + quoted("./no\x1b[2J\u202e.so") + "]\nsteps: [{id: a, call: no.at}]\n");
  folder.write("evil\x1b[2J\u202e.yaml", "gantry: 1\nsteps: []\n");
  folder.write("refused.yaml",
               "gantry: 1\nplugins: [hostile_signature]\nsteps: [{id: a, call: hostile_signature.act}]\n");
}

struct Row {
  std::vector<std::string> words;
  int code;
};

Command with_plugins(const Folder& folder, const std::vector<std::string>& words) {
  Command command;
  command.words = {GANTRY_BUILD "/bin/gantry"};
  command.words.insert(command.words.end(), words.begin(), words.end());
  command.words.insert(command.words.end(), {"--plugin-path", kPlugins});
  command.environment = {"EVIL=" + std::string("e\x1b[2J\u009b\u202e")};
  command.folder = folder.path();
  return command;
}

const std::vector<Row> kRows = {
    {{"inspect", "hostile"}, 0},
    {{"inspect", "hostile_name"}, 4},
    {{"inspect", "hostile_function"}, 4},
    {{"inspect", "hostile_signature"}, 4},
    {{"inspect", "hostile_long"}, 4},
    {{"inspect", "hostile_spell"}, 4},
    {{"inspect", "hostile_dies"}, 4},
    {{"inspect", "./none\x1b[2J\u202e.so"}, 4},
    {{"inspect", "none\x1b[2J\u202e"}, 4},
    {{"check", "wrong.yaml"}, 3},
    {{"check", "raw.yaml"}, 3},
    {{"check", "missing.yaml"}, 4},
    {{"check", "refused.yaml"}, 4},
    {{"check", "evil\x1b[2J\u202e.yaml"}, 3},
    {{"check", "none\x1b[2J\u202e.yaml"}, 3},
    {{"check", "all.yaml", "--set", "te\x1b[2Jxt=1"}, 3},
    {{"check", "all.yaml", "--set", "text=[\x1b[2J"}, 3},
    {{"plan", "all.yaml"}, 0},
    {{"plan", "all.yaml", "--format", "dot"}, 0},
    {{"plan", "all.yaml", "--format", "mermaid"}, 0},
    {{"run", "all.yaml"}, 1},
    {{"run", "all.yaml", "--order", "done"}, 1},
    {{"run", "all.yaml", "-o", "digest"}, 1},
    {{"run", "all.yaml", "--output-file", "no\x1b[2J\u202e/out"}, 5},
    {{"call", "hostile.act", "how=fail"}, 1},
    {{"call", "hostile.act", "how=value"}, 0},
    {{"call", "hostile.act", "how=va\x1b[2Jlue"}, 3},
    {{"call", "no\x1b[2J\u202e.act"}, 4},
    {{"call", "hostile.act", "how=@no\x1b[2J\u202e.json"}, 2},
    {{"\x1b[2J\u202e"}, 2},
};

const std::vector<Row> kJson = {
    {{"inspect", "hostile", "-o", "json"}, 0},
    {{"inspect", "hostile_name", "-o", "json"}, 4},
    {{"plan", "all.yaml", "--format", "json"}, 0},
    {{"run", "all.yaml", "-o", "json"}, 1},
    {{"run", "all.yaml", "-o", "ndjson"}, 1},
    {{"check", "wrong.yaml", "--diagnostics", "json"}, 3},
    {{"check", "raw.yaml", "--diagnostics", "json"}, 3},
};

}  // namespace

TEST_CASE("text of others is shown escaped, in every output") {
  const Folder folder;
  write(folder);
  for (const Row& row : kRows) {
    const Ended ended = run(with_plugins(folder, row.words));
    INFO(row.words[0] << " " << (row.words.size() > 1 ? row.words[1] : "") << "\n" << ended.out << ended.err);
    CHECK(ended.code == row.code);
    CHECK(offence(ended.out).empty());
    CHECK(offence(ended.err).empty());
    CHECK_FALSE(is_injected(ended.out));
    CHECK_FALSE(is_injected(ended.err));
    CHECK(ended.err.size() < 40000);
  }
}

TEST_CASE("JSON of hostile text is JSON, and escaped") {
  const Folder folder;
  write(folder);
  for (const Row& row : kJson) {
    const Ended ended = run(with_plugins(folder, row.words));
    INFO(row.words[0] << " " << row.words[1] << "\n" << ended.out << ended.err);
    CHECK(ended.code == row.code);
    CHECK(offence(ended.out).empty());
    CHECK(offence(ended.err).empty());
    std::string_view rest = row.words[0] == "check" ? ended.err : ended.out;
    CHECK_FALSE(rest.empty());
    if (row.words.back() != "ndjson") {
      CHECK(nlohmann::json::accept(rest));
      continue;
    }
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size() - 1);
      CHECK(nlohmann::json::accept(rest.substr(0, end)));
      rest.remove_prefix(end + 1);
    }
  }
}

TEST_CASE("a refusal that quotes a plugin is short, and counts what it left out") {
  const Folder folder;
  const Ended ended = run(with_plugins(folder, {"inspect", "hostile_long"}));
  CHECK(ended.err.find("… (59700 more bytes)") != std::string::npos);
  CHECK(ended.err.size() < 1000);
}

TEST_CASE("CSV: data as it is in a file, escaped on a terminal, UTF-8 in both") {
  const Folder folder;
  write(folder);
  const Ended piped = run(with_plugins(folder, {"run", "one.yaml", "-o", "csv"}));
  CHECK(piped.code == 0);
  CHECK(piped.out.find("x\x1b[2J\x1b]0;t\x07 \t \r over \b \n[injected] = 1 \x7f \u009b31m \u202e") !=
        std::string::npos);
  CHECK(piped.out.find(" \uFFFD \uFFFD\"") != std::string::npos);
  CHECK(offence(piped.err).empty());
  Watched watched(with_plugins(folder, {"run", "one.yaml", "-o", "csv"}), 500);
  CHECK(watched.wait() == 0);
  INFO(watched.bytes());
  CHECK(watched.shown().faults().empty());
  const auto lines = watched.shown().lines();
  CHECK(std::ranges::any_of(lines, [](const auto& line) {
    return line.find("x\\x1b[2J\\x1b]0;t\\x07 \\t \\r over \\x08 \\n[injected] = 1 \\x7f \\u009b31m \\u202e") !=
           std::string::npos;
  }));
}
