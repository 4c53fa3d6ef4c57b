// http.get against a server on this machine: slow, refused, missing, endless and broken answers, and configs/http.yaml.
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "run/command.hpp"
#include "run/http_server.hpp"

namespace {

using namespace gantry::tests;
using Json = nlohmann::json;

/// gantry as a user without a proxy would run it.
Ended gantry_line(std::vector<std::string> words) {
  std::vector<std::string> all{"/usr/bin/env"};
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY", "no_proxy"}) {
    all.insert(all.end(), {"-u", name});
  }
  all.emplace_back(GANTRY_BUILD "/bin/gantry");
  all.insert(all.end(), words.begin(), words.end());
  Command command;
  command.words = std::move(all);
  return run(command);
}

std::string list(const std::vector<std::string>& urls) {
  return "urls=" + Json(urls).dump();
}

/// `answers`, without what depends on the clock.
std::vector<std::string> statuses(const std::string& out) {
  std::vector<std::string> told;
  const Json all = Json::parse(out);
  for (const Json& answer : all["steps"]["answers"]) {
    told.push_back(answer.is_null() ? "none" : answer["status"].dump() + " with " + answer["bytes"].dump() + " bytes");
  }
  return told;
}

}  // namespace

TEST_CASE("http.get: what is a value, and what is an error, with its message") {
  const HttpServer server;
  const Port nobody;  // taken, but nobody listens
  struct Row {
    std::string url;
    std::vector<std::string> more;
    std::string outcome;  ///< "STATUS with N bytes", or the error; @ stands for the URL
  };
  const Row rows[] = {
      {server.url("/hello"), {}, "200 with 6 bytes"},
      {server.url("/missing"), {}, "404 with 20 bytes"},
      {server.url("/to/hello"), {}, "200 with 6 bytes"},
      {server.url("/to/to/missing"), {}, "404 with 20 bytes"},
      {server.url("/hello"), {"limit=6"}, "200 with 6 bytes"},
      {server.url("/hello"), {"limit=5"}, "too_large: the answer of @ is longer than 5 bytes"},
      {server.url("/endless"), {"limit=1000000"}, "too_large: the answer of @ is longer than 1000000 bytes"},
      {server.url("/endless"), {}, "too_large: the answer of @ is longer than 67108864 bytes"},
      {server.url("/huge"), {}, "too_large: the answer of @ is longer than 67108864 bytes"},
      {server.url("/endless"), {"timeout=0.3", "limit=1000000000000000"}, "late: no whole answer from @ within 0.3 s"},
      {server.url("/silent"), {"timeout=0.2"}, "late: no whole answer from @ within 0.2 s"},
      {server.url("/nap"), {"timeout=0.25"}, "late: no whole answer from @ within 0.25 s"},
      {server.url("/round"), {}, "redirects: @ leads on and on: more than 10 redirections"},
      {server.url("/ftp"), {}, "url: @ leads to another address, which is neither http nor https"},
      {server.url("/short"), {}, "lost: the connection to @ ended before the whole answer was there"},
      {server.url("/nothing"), {}, "lost: the connection to @ ended before the whole answer was there"},
      {server.url("/noise"), {}, "answer: @ answers something that is not HTTP"},
      {nobody.url("/"), {}, "connect: cannot connect to @: Connection refused"},
      {"http://" + std::string(64, 'x') + "/", {}, "resolve: no address is known for the host of @"},
      {"http://127.0.0.1:99999/", {}, "url: @ is no URL: URL using bad/illegal format or missing URL"},
      {"http://a b/", {}, "url: @ is no URL: URL using bad/illegal format or missing URL"},
      {"ftp://127.0.0.1/", {}, "url: \"@\" is no http or https URL: write it whole, as https://example.com/"},
      {"example.com", {}, "url: \"@\" is no http or https URL: write it whole, as https://example.com/"},
      {"file:///etc/passwd", {}, "url: \"@\" is no http or https URL: write it whole, as https://example.com/"},
      {server.url("/hello"), {"timeout=0"}, "argument: timeout is 0, and must be above 0 and at most 86400 s"},
      {server.url("/hello"), {"limit=0"}, "argument: limit is 0, and must be from 1 to 2^50 bytes"},
  };
  for (const Row& row : rows) {
    std::vector<std::string> words{"call", "http.get", "url=" + row.url, "-o", "json"};
    words.insert(words.end(), row.more.begin(), row.more.end());
    const Ended ended = gantry_line(words);
    INFO(row.url << "\n" << ended.out << ended.err);
    std::string expected = row.outcome;
    if (const std::size_t at = expected.find('@'); at != std::string::npos) expected.replace(at, 1, row.url);
    const Json told = Json::parse(ended.out);
    if (ended.code == 0) {
      const Json& value = told["steps"]["call"];
      CHECK(value["status"].dump() + " with " + value["bytes"].dump() + " bytes" == expected);
      CHECK(value["seconds"].get<double>() > 0);
    } else {
      CHECK(ended.code == 1);
      CHECK(ended.err.find("call ! " + expected + "\n") != std::string::npos);
    }
  }
}

TEST_CASE("http: configs/http.yaml gives the same statuses and bytes for any number of workers") {
  const HttpServer server;
  const std::string urls = list({server.url("/hello"), server.url("/missing"), server.url("/to/hello")});
  for (const char* mode : {"process", "thread"}) {
    for (const char* workers : {"1", "2", "4", "8"}) {
      INFO(workers << " workers, mode " << mode);
      const Ended ended = gantry_line(
          {"run", GANTRY_SOURCE "/configs/http.yaml", "--set", urls, "--mode", mode, "-j", workers, "-o", "json"});
      INFO(ended.err);
      REQUIRE(ended.code == 0);
      CHECK(statuses(ended.out) ==
            std::vector<std::string>{"200 with 6 bytes", "404 with 20 bytes", "200 with 6 bytes"});
    }
  }
}

TEST_CASE("http: twelve slow answers are awaited together on twelve workers or threads, and a dead URL fails alone") {
  const HttpServer server;
  const Port nobody;
  std::vector<std::string> urls(12, server.url("/nap"));
  urls.insert(urls.begin() + 5, nobody.url("/dead"));
  const char* const mode = GENERATE("process", "thread");
  const Ended ended =
      gantry_line({"run", GANTRY_SOURCE "/configs/http.yaml", "--set", list(urls), "--mode", mode, "-o", "json"});
  INFO(mode << "\n" << ended.out << ended.err);
  REQUIRE(ended.code == 1);
  std::vector<std::string> expected(13, "200 with 6 bytes");
  expected[5] = "none";
  CHECK(statuses(ended.out) == expected);
  const Json failed = Json::parse(ended.out)["failed"];
  REQUIRE(failed.size() == 1);
  CHECK(failed[0]["id"] == "answers[5]");
  CHECK(ended.err.find("answers[5] ! connect: cannot connect to " + urls[5] + ": Connection refused") !=
        std::string::npos);
  CHECK(ended.took.count() >= 1000);
  CHECK(ended.took.count() < 6000);  // one after the other they would take twelve seconds
}
