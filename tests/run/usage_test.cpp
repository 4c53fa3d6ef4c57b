// The words of the command line and the environment: what is said of wrong ones, and which of several counts.
#include <algorithm>
#include <catch2/catch.hpp>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;

const std::string kConfigs = GANTRY_SOURCE "/configs/";
const std::string kSquares = kConfigs + "square_sum.yaml";

Ended gantry_with(const std::vector<std::string>& words, const std::vector<std::string>& environment = {},
                  const std::filesystem::path& folder = ".") {
  Command command;
  command.words = {GANTRY_BUILD "/bin/gantry"};
  command.words.insert(command.words.end(), words.begin(), words.end());
  command.environment = environment;
  command.folder = folder;
  return run(command);
}

struct Wrong {
  std::vector<std::string> words;
  std::string sentence;
  std::vector<std::string> environment{};
};

}  // namespace

TEST_CASE("wrong words are told in one sentence, with the nearest right one, and exit code 2") {
  const std::vector<Wrong> rows = {
      {{"rn"}, "there is no verb \"rn\"; did you mean `run`?"},
      {{"inspcet", "std"}, "there is no verb \"inspcet\"; did you mean `inspect`?"},
      {{"hlep"}, "there is no verb \"hlep\"; did you mean `help`?"},
      {{"somersault"}, "there is no verb \"somersault\"; gantry help lists them"},
      {{""}, "there is no verb \"\"; gantry help lists them"},
      {{"help", "pln"}, "there is no verb \"pln\"; did you mean `plan`?"},
      {{kSquares},
       "there is no verb \"" + kSquares.substr(0, 40) + (kSquares.size() > 40 ? "…" : "") +
           "\"; did you mean `gantry run " + kSquares + "`?"},
      {{"none.yml"}, "there is no verb \"none.yml\"; did you mean `gantry run none.yml`?"},
      {{"-j", "4", "run"}, "\"-j\" stands before a verb: write gantry VERB -j …"},
      {{"--wings"}, "\"--wings\" stands before a verb: write gantry VERB --wings …"},
      {{"run"}, "gantry run needs FILE; gantry help run tells more"},
      {{"check"}, "gantry check needs FILE; gantry help check tells more"},
      {{"call"}, "gantry call needs FUNCTION; gantry help call tells more"},
      {{"run", "x.yaml", "y.yaml"}, "\"y.yaml\" is one word too many for gantry run"},
      {{"version", "now"}, "\"now\" is one word too many for gantry version"},
      {{"run", "x.yaml", "--tiemout", "5s"}, "gantry run has no flag \"--tiemout\"; did you mean `--timeout`?"},
      {{"run", "--sede=4", "x.yaml"}, "gantry run has no flag \"--sede\"; did you mean `--seed`?"},
      {{"run", "x.yaml", "--somersault"}, "gantry run has no flag \"--somersault\"; gantry help run lists them"},
      {{"run", "x.yaml", "-q"}, "gantry run has no flag \"-q\"; gantry help run lists them"},
      {{"inspect", "--mode", "thread"}, "gantry inspect has no flag \"--mode\"; gantry help inspect lists them"},
      {{"run", "x.yaml", "--seed"}, "--seed: needs a value"},
      {{"run", "x.yaml", "--timing=no"}, "--timing: takes no value"},
      {{"run", "x.yaml", "--seed", "007"}, "--seed: \"007\" is not a whole number from 0 to 2^64 - 1"},
      {{"run", "x.yaml", "--seed", "-1"}, "--seed: \"-1\" is not a whole number from 0 to 2^64 - 1"},
      {{"run", "x.yaml", "--seed", "18446744073709551616"},
       "--seed: \"18446744073709551616\" is not a whole number from 0 to 2^64 - 1"},
      {{"run", "x.yaml", "--retries", "1.5"}, "--retries: \"1.5\" is not a whole number from 0 to 4294967295"},
      {{"run", "x.yaml", "-j", "0"}, "--workers: \"0\" is not a whole number from 1 to 1024, and not auto"},
      {{"run", "x.yaml", "--workers", "1025"},
       "--workers: \"1025\" is not a whole number from 1 to 1024, and not auto"},
      {{"run", "x.yaml", "--timeout", "5"}, "--timeout: \"5\" needs a unit: ns, us, ms, s, m, h or d"},
      {{"run", "x.yaml", "--deadline", "0s"}, "--deadline: \"0s\" is not above zero"},
      {{"run", "x.yaml", "--mode", "proces"}, "--mode: \"proces\" is not process or thread; did you mean `process`?"},
      {{"run", "x.yaml", "-o", "jsno"},
       "--output: \"jsno\" is not text, json, ndjson, csv, digest or none; did you mean `json`?"},
      {{"plan", "x.yaml", "--format", "svg"}, "--format: \"svg\" is not text, json, dot or mermaid"},
      {{"run", "x.yaml", "--set", "low"}, "--set: \"low\" is not of the form name=value"},
      {{"run", "x.yaml", "--set", "=7"}, "--set: \"=7\" is not of the form name=value"},
      {{"scale", "x.yaml", "-j", "1,2,1"}, "--workers: \"1\" is there twice"},
      {{"scale", "x.yaml", "-j", "1,,2"}, "--workers: \"\" is not a whole number from 1 to 1024"},
      {{"scale", "x.yaml", "--repeats", "0"}, "--repeats: \"0\" is not a whole number from 1 to 1000"},
      {{"run", "x.yaml"}, "GANTRY_SEED: \"seven\" is not a whole number from 0 to 2^64 - 1", {"GANTRY_SEED=seven"}},
      {{"check", "x.yaml"}, "GANTRY_TIMEOUT: \"5\" needs a unit: ns, us, ms, s, m, h or d", {"GANTRY_TIMEOUT=5"}},
      {{"run", "x.yaml"},
       "GANTRY_WORKERS: \"many\" is not a whole number from 1 to 1024, and not auto",
       {"GANTRY_WORKERS=many"}},
      {{"run", "x.yaml"}, "GANTRY_MODE: \"fast\" is not process or thread", {"GANTRY_MODE=fast"}},
      {{"run", "x.yaml", "--evil\x1b[2J"}, "gantry run has no flag \"--evil\\x1b[2J\"; gantry help run lists them"},
  };
  for (const Wrong& row : rows) {
    const Ended ended = gantry_with(row.words, row.environment);
    CHECK(ended.err == "gantry: error: " + row.sentence + "\n");
    CHECK(ended.code == 2);
    CHECK(ended.out.empty());
  }
}

TEST_CASE("gantry alone shows its verbs, and help is there however it is asked for") {
  const Ended alone = gantry_with({});
  CHECK(alone.code == 2);
  CHECK(alone.out.empty());
  const Ended whole = gantry_with({"help"});
  CHECK(whole.code == 0);
  CHECK(whole.err.empty());
  CHECK(whole.out == alone.err);
  CHECK(gantry_with({"--help"}).out == whole.out);
  CHECK(gantry_with({"-h"}).out == whole.out);
  for (const std::string verb : {"run", "check", "plan", "inspect", "call", "scale", "version"}) {
    INFO(verb);
    CHECK(whole.out.find("\n  " + verb + " ") != std::string::npos);
    const Ended help = gantry_with({"help", verb});
    CHECK(help.code == 0);
    CHECK(help.out.find("Usage: gantry " + verb) != std::string::npos);
    CHECK(gantry_with({verb, "--help"}).out == help.out);
    CHECK(gantry_with({verb, "-h"}).out == help.out);
  }
}

TEST_CASE("the versions of gantry, the plugin edge and the wire") {
  const std::string abi = read_file(GANTRY_SOURCE "/sdk/include/gantry/abi.h");
  const auto defined = [&](const std::string& name) {
    const std::size_t at = abi.find("#define " + name + " ");
    REQUIRE(at != std::string::npos);
    const std::size_t begin = abi.find_first_of("0123456789", at + 9 + name.size());
    return abi.substr(begin, abi.find_first_not_of("0123456789", begin) - begin);
  };
  const Ended version = gantry_with({"version"});
  CHECK(version.code == 0);
  CHECK(version.out.starts_with("gantry "));
  CHECK(version.out.substr(version.out.find('\n') + 1) == "plugin edge " + defined("GANTRY_ABI_MAJOR") + "." +
                                                              defined("GANTRY_ABI_MINOR") + "\nwire " +
                                                              defined("GANTRY_WIRE") + "\n");
  const std::string cmake = read_file(GANTRY_SOURCE "/CMakeLists.txt");
  CHECK(cmake.find(version.out.substr(7, version.out.find('\n') - 7)) != std::string::npos);
  CHECK(gantry_with({"--version"}).out == version.out);
  CHECK(gantry_with({"-V"}).out == version.out);
}

TEST_CASE("flags stand anywhere, the last one of a name counts, and numbers are written as in the file") {
  const Folder folder;
  folder.write("seeded.yaml",
               "gantry: 1\nplugins: [montecarlo]\nparams: {n: 10}\nsteps:\n  - id: a\n    call: montecarlo.pi\n"
               "    args: {samples: $params.n}\n");
  const auto value = [&](const std::vector<std::string>& words) {
    const Ended ended = gantry_with(words, {}, folder.path());
    CHECK(ended.err.empty());
    CHECK(ended.code == 0);
    return ended.out;
  };
  const std::string expected = value({"run", "seeded.yaml", "--seed", "1000", "--set", "n=500"});
  CHECK(value({"run", "seeded.yaml", "--seed", "1", "--set", "n=500"}) != expected);
  CHECK(value({"run", "--seed", "1000", "--set", "n=500", "seeded.yaml"}) == expected);
  CHECK(value({"run", "--seed", "1_000", "seeded.yaml", "--set=n=500"}) == expected);
  CHECK(value({"run", "--seed", "1", "seeded.yaml", "--set", "n=3", "--seed=1000", "--set", "n=500"}) == expected);
  CHECK(value({"run", "seeded.yaml", "--seed", "1000", "--set", "n=500", "-o", "json", "-o", "text"}) == expected);
  CHECK(value({"run", "seeded.yaml", "--seed", "1000", "--set", "n=500", "-j", "9", "-j2"}) == expected);
}

TEST_CASE("where a setting comes from: flag, environment, file, default") {
  const Folder folder;
  folder.write("set.yaml",
               "gantry: 1\nplugins: [std]\n"
               "run: {workers: 2, timeout: 2s, deadline: 20s, retries: 2, seed: 2}\n"
               "steps:\n  - {id: a, call: std.sum, args: {values: [1, 2]}}\n");
  folder.write("bare.yaml", "gantry: 1\nplugins: [std]\nsteps:\n  - {id: a, call: std.sum, args: {values: [1, 2]}}\n");
  struct Row {
    std::string name;
    std::string flag;  ///< its value, as it is told
    std::string environment;
    std::string file;
  };
  for (const Row& row :
       {Row{"workers", "4", "3", "2"}, Row{"timeout", "4 s", "3 s", "2 s"}, Row{"deadline", "40 s", "30 s", "20 s"},
        Row{"retries", "4", "3", "2"}, Row{"seed", "4", "3", "2"}}) {
    std::string variable = "GANTRY_" + row.name;
    std::ranges::transform(variable, variable.begin(), [](char letter) {
      return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    });
    const auto written = [](std::string told) {
      std::erase(told, ' ');
      return told;
    };
    const std::vector<std::string> environment{variable + "=" + written(row.environment)};
    const std::vector<std::string> flag{"plan", "--" + row.name, written(row.flag), "set.yaml"};
    const auto tells = [&](const Ended& ended, const std::string& value, const std::string& from) {
      INFO(row.name << " by " << from << "\n" << ended.out << ended.err);
      CHECK(ended.code == 0);
      const std::size_t at = ended.out.find("\n  " + row.name + " ");
      REQUIRE(at != std::string::npos);
      std::string line = ended.out.substr(at + 3, ended.out.find('\n', at + 1) - at - 3);
      line.erase(std::unique(line.begin(), line.end(), [](char a, char b) { return a == ' ' && b == ' '; }),
                 line.end());
      CHECK(line == row.name + " " + value + " " + from);
    };
    tells(gantry_with(flag, environment, folder.path()), row.flag, "--" + row.name);
    tells(gantry_with({"plan", "set.yaml"}, environment, folder.path()), row.environment, variable);
    tells(gantry_with({"plan", "set.yaml"}, {variable + "="}, folder.path()), row.file, "file");
    tells(gantry_with({"plan", "set.yaml"}, {}, folder.path()), row.file, "file");
  }
}

TEST_CASE("the environment's workers and deadline are those of the run") {
  const Folder folder;
  folder.write("naps.yaml",
               "gantry: 1\nplugins: [sleepy]\nrun: {workers: 1, deadline: 100s}\nsteps:\n"
               "  - id: naps\n    call: sleepy.sleep\n    each: {t: {values: [30]}}\n    args: {seconds: $t}\n");
  const Ended late = gantry_with({"run", "naps.yaml"}, {"GANTRY_DEADLINE=200ms"}, folder.path());
  CHECK(late.code == 6);
  const Ended workers = gantry_with({"run", kSquares, "--timing", "-o", "none"}, {"GANTRY_WORKERS=3"});
  CHECK(workers.err.find(" on 3 workers,") != std::string::npos);
}

TEST_CASE("plugins are looked for in --plugin-path, then GANTRY_PLUGIN_PATH, then gantry's own folder") {
  const Folder folder;
  for (const char* name : {"flag", "variable"}) {
    std::filesystem::create_directory(folder.path() / name);
    std::filesystem::copy(GANTRY_BUILD "/plugins/libstd.so", folder.path() / name / "libstd.so");
  }
  const auto found = [&](const std::vector<std::string>& flags, const std::vector<std::string>& environment) {
    std::vector<std::string> words{"inspect", "std"};
    words.insert(words.end(), flags.begin(), flags.end());
    const Ended ended = gantry_with(words, environment, folder.path());
    CHECK(ended.code == 0);
    const std::string first = ended.out.substr(0, ended.out.find('\n'));
    return first.substr(first.rfind(' ') + 1);
  };
  const std::string flag = (folder.path() / "flag").string();
  const std::string variable = (folder.path() / "variable").string();
  const std::string in_environment = "GANTRY_PLUGIN_PATH=" + variable;
  CHECK(found({}, {}) == GANTRY_BUILD "/plugins/libstd.so");
  CHECK(found({}, {in_environment}) == variable + "/libstd.so");
  CHECK(found({"--plugin-path", flag}, {in_environment}) == flag + "/libstd.so");
  CHECK(found({"--plugin-path", folder.path().string(), "--plugin-path", flag}, {}) == flag + "/libstd.so");
  CHECK(found({"--plugin-path", folder.path().string() + ":" + flag}, {}) == flag + "/libstd.so");
  CHECK(found({}, {"GANTRY_PLUGIN_PATH=" + folder.path().string()}) == GANTRY_BUILD "/plugins/libstd.so");
}

TEST_CASE("a variable that looks like one of ours is warned of, others are nobody's business") {
  const Ended near = gantry_with({"run", kSquares}, {"GANTRY_WORKRES=2", "GANTRY_SEDE=3"});
  CHECK(near.code == 0);
  CHECK(near.out == "sums[0] = 5500\nsums[1] = 33000\n");
  CHECK(near.err.find("gantry: warning: GANTRY_WORKRES in the environment means nothing; did you mean "
                      "`GANTRY_WORKERS`?\n") != std::string::npos);
  CHECK(near.err.find("`GANTRY_SEED`?\n") != std::string::npos);
  const Ended far = gantry_with({"run", kSquares}, {"GANTRY_SOMERSAULT=2", "GANTRYSEED=3", "GANTRY_TEST_SEED=1"});
  CHECK(far.err.empty());
}

TEST_CASE("check takes the flags of run, and says what run would say of the form") {
  const Ended good =
      gantry_with({"check", kSquares, "-j", "2", "--seed", "3", "-o", "csv", "--order", "id", "--timing"});
  CHECK(good.err.empty());
  CHECK(good.code == 0);
  for (const char* verb : {"check", "run"}) {
    const Ended wrong = gantry_with({verb, kSquares, "-o", "json", "--order", "done"});
    CHECK(wrong.code == 2);
    CHECK(wrong.err.starts_with("gantry: error: "));
    CHECK(wrong.out.empty());
  }
  CHECK(gantry_with({"check", kSquares, "-o", "json", "--order", "done"}).err ==
        gantry_with({"run", kSquares, "-o", "json", "--order", "done"}).err);
}
