// Descriptors 0 to 2 as they may be handed to gantry: closed, or with nobody at the other end.
#include <catch2/catch.hpp>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;

const std::string kGantry = GANTRY_BUILD "/bin/gantry";
const std::string kSums = GANTRY_SOURCE "/configs/square_sum.yaml";

/// Runs the words with these descriptors closed, a bit for each.
Ended with_closed(unsigned mask, const std::string& words, const Folder& folder) {
  Command command;
  std::string shut;
  if ((mask & 1U) != 0) shut += " <&-";
  if ((mask & 2U) != 0) shut += " >&-";
  if ((mask & 4U) != 0) shut += " 2>&-";
  command.words = {"/bin/bash", "-c", "exec " + kGantry + " " + words + shut};
  command.folder = folder.path();
  return run(command);
}

}  // namespace

TEST_CASE("whichever of descriptors 0 to 2 are closed, no other file is read or written for them") {
  for (unsigned mask = 0; mask < 8; ++mask) {
    INFO("mask " << mask);
    const Folder folder;
    const bool out_closed = (mask & 2U) != 0;
    const bool err_closed = (mask & 4U) != 0;

    CHECK(with_closed(mask, "run " + kSums + " --output-file out.txt", folder).code == 0);
    CHECK(read_file(folder.path() / "out.txt") == "sums[0] = 5500\nsums[1] = 33000\n");

    for (const std::string& words :
         std::vector<std::string>{"run " + kSums, "plan " + kSums, "version", "inspect numbers"}) {
      INFO(words);
      const Ended ended = with_closed(mask, words, folder);
      CHECK(ended.code == (out_closed ? 5 : 0));
      CHECK(ended.out.empty() == out_closed);
      if (out_closed)
        CHECK(ended.err == (err_closed ? "" : "gantry: error: standard output is closed, or only to be read from\n"));
    }

    folder.write("bad.yaml", "gantry: 2\n");
    const Ended refused = with_closed(mask, "run bad.yaml", folder);
    CHECK(refused.code == 3);
    CHECK(refused.out.empty());
    CHECK(refused.err.empty() == err_closed);

    if ((mask & 1U) == 0) continue;
    for (const char* words : {"run -", "plan -", "check -"}) {
      INFO(words);
      const Ended ended = with_closed(mask, words, folder);
      CHECK(ended.code == 3);
      CHECK(ended.out.empty());
      if (!err_closed) CHECK(ended.err.find("standard input is closed") != std::string::npos);
    }
  }
}

TEST_CASE("when nobody reads standard output, every verb and format ends quietly with 141") {
  const std::vector<std::vector<std::string>> rows{
      {"run", kSums},
      {"run", kSums, "-o", "json"},
      {"run", kSums, "-o", "ndjson"},
      {"run", kSums, "-o", "csv"},
      {"run", kSums, "-o", "digest"},
      {"plan", kSums},
      {"plan", kSums, "--format", "json"},
      {"inspect"},
      {"inspect", "-o", "json"},
      {"call", "numbers.square", "x=3"},
      {"scale", kSums, "--workers", "1", "--repeats", "1"},
      {"version"},
  };
  for (const auto& words : rows) {
    Command command;
    command.words = words;
    command.words.insert(command.words.begin(), kGantry);
    command.is_unread = true;
    const Ended ended = run(command);
    INFO(words.front() << " " << words.back() << ": " << ended.err);
    CHECK(ended.code == 141);
    CHECK(ended.err.find("error") == std::string::npos);
  }
}

TEST_CASE("an output file that is named - is standard output, and one without a name is wrong usage") {
  const Folder folder;
  for (const char* name : {"-", "/dev/stdout"}) {
    const Ended ended = command_line({"run", kSums, "--output-file", name}, folder.path());
    CHECK(ended.code == 0);
    CHECK(ended.out == "sums[0] = 5500\nsums[1] = 33000\n");
  }
  CHECK(std::filesystem::is_empty(folder.path()));
  CHECK(command_line({"run", kSums, "--output-file", ""}, folder.path()).code == 2);
}
