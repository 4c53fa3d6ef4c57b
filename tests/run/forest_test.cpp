// The plugin forest: the shape of its trees, what they predict, and what it refuses.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "run/command.hpp"
#include "run/outcome.hpp"

namespace {

using namespace gantry::tests;
using Json = nlohmann::json;
using Rows = std::vector<std::vector<double>>;

/// Each row so many times, so that every bootstrap holds them all.
Json samples(const Rows& rows, const std::vector<std::uint32_t>& labels, int times) {
  Json made = {{"features", Json::array()}, {"labels", Json::array()}};
  for (int i = 0; i < times; ++i) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
      made["features"].push_back(rows[row]);
      made["labels"].push_back(labels[row]);
    }
  }
  return made;
}

/// Values of any length go by a file.
std::string argument(const Folder& folder, const std::string& name, const Json& value) {
  return name + "=@" + folder.write(name + ".json", value.dump()).string();
}

Json train(const Folder& folder, const Json& samples, std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"forest.train", argument(folder, "samples", samples)});
  return Json::parse(outcome(more));
}

std::size_t depth(const Json& nodes, std::size_t at = 0) {
  const std::size_t right = nodes[at]["right"];
  return right == 0 ? 0 : 1 + std::max(depth(nodes, at + 1), depth(nodes, right));
}

/// The samples that come to each leaf.
void count_leaves(const Json& nodes, const std::vector<double>& row, std::vector<int>& at_leaf) {
  std::size_t at = 0;
  while (nodes[at]["right"] != 0) {
    const bool left = row[nodes[at]["feature"].get<std::size_t>()] <= nodes[at]["threshold"].get<double>();
    at = left ? at + 1 : nodes[at]["right"].get<std::size_t>();
  }
  ++at_leaf[at];
}

}  // namespace

TEST_CASE("forest.train: the first split is the purest one, half-way between values, at any scale") {
  const Folder folder;
  struct Row {
    Rows rows;
    std::vector<std::uint32_t> labels;
    const char* nodes;
  };
  const Row rows[] = {
      {{{1}, {3}}, {0, 0}, R"([{"feature":0,"threshold":0,"right":0,"label":0}])"},
      {{{1}, {3}},
       {0, 1},
       R"([{"feature":0,"threshold":2,"right":2,"label":0},
           {"feature":0,"threshold":0,"right":0,"label":0}, {"feature":0,"threshold":0,"right":0,"label":1}])"},
      // Feature 0 says nothing, feature 1 a little, feature 2 all.
      {{{7, 0, 5}, {7, 1, 4}, {7, 1, -4}, {7, 1, -5}},
       {2, 2, 1, 1},
       R"([{"feature":2,"threshold":0,"right":2,"label":1},
           {"feature":0,"threshold":0,"right":0,"label":1}, {"feature":0,"threshold":0,"right":0,"label":2}])"},
      {{{-1e308}, {1.5e308}},
       {0, 1},
       R"([{"feature":0,"threshold":2.5e307,"right":2,"label":0},
           {"feature":0,"threshold":0,"right":0,"label":0}, {"feature":0,"threshold":0,"right":0,"label":1}])"},
      {{{4}, {4}, {4}}, {0, 3, 3}, R"([{"feature":0,"threshold":0,"right":0,"label":3}])"},
  };
  for (const Row& row : rows) {
    INFO(row.nodes);
    const std::string all = "features=" + std::to_string(row.rows.front().size());
    // The root's label is of no use: it may be a draw.
    Json told = train(folder, samples(row.rows, row.labels, 100), {all})["nodes"];
    Json expected = Json::parse(row.nodes);
    REQUIRE(told.size() == expected.size());
    if (told.size() > 1) told[0]["label"] = expected[0]["label"];
    for (std::size_t i = 0; i < told.size(); ++i) {
      CHECK(told[i]["threshold"].get<double>() == Approx(expected[i]["threshold"].get<double>()));
      told[i]["threshold"] = expected[i]["threshold"] = 0;
    }
    CHECK(told == expected);
  }
}

TEST_CASE("forest.train: neighbours among the floats are told apart, and a split that gains nothing at once is made") {
  const Folder folder;
  const double next = std::nextafter(1.0, 2.0);
  const Rows close = {{1.0}, {next}};
  const Rows corners = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};  // exclusive or: neither feature says anything alone
  const std::vector<std::uint32_t> odd = {0, 1, 1, 0};
  const Json first = train(folder, samples(close, {0, 1}, 100));
  CHECK(outcome({"forest.predict", argument(folder, "forest", Json::array({first})),
                 argument(folder, "features", close)}) == "[0,1]");
  const Json second = train(folder, samples(corners, odd, 100));
  CHECK(outcome({"forest.predict", argument(folder, "forest", Json::array({second})),
                 argument(folder, "features", corners)}) == "[0,1,1,0]");
}

TEST_CASE("forest.train: depth and leaf limit the tree, features the look, and the seed decides") {
  const Folder folder;
  const Json lesson = Json::parse(outcome({"forest.waveform", "samples=400"}));
  const auto rows = lesson["features"].get<Rows>();
  CHECK(train(folder, lesson, {"depth=0"})["nodes"].size() == 1);
  for (const std::size_t most : {1, 2, 5}) {
    const Json tree = train(folder, lesson, {"depth=" + std::to_string(most)});
    CHECK(depth(tree["nodes"]) == most);
    CHECK(tree["features"] == 21);
    CHECK(tree["classes"] == 3);
  }
  const Json whole = train(folder, lesson);
  CHECK(whole["nodes"].size() > 60);
  CHECK(train(folder, lesson, {"leaf=40"})["nodes"].size() < 21);
  CHECK(train(folder, lesson, {"leaf=201"})["nodes"].size() == 1);
  CHECK(train(folder, lesson, {"--seed", "1"}) != whole);
  CHECK(train(folder, lesson, {"features=21"}) != whole);
  CHECK(train(folder, lesson) == whole);
  // No leaf is empty: the samples of the bootstrap are among those of the lesson.
  std::vector<int> at_leaf(whole["nodes"].size());
  for (const auto& row : rows) count_leaves(whole["nodes"], row, at_leaf);
  for (std::size_t at = 0; at < at_leaf.size(); ++at) CHECK((at_leaf[at] > 0) == (whole["nodes"][at]["right"] == 0));
}

TEST_CASE("forest.waveform: the three classes of its definition") {
  const Json made = Json::parse(outcome({"forest.waveform", "samples=6000"}));
  const auto rows = made["features"].get<Rows>();
  const auto labels = made["labels"].get<std::vector<std::size_t>>();
  REQUIRE(rows.size() == 6000);
  REQUIRE(labels.size() == 6000);
  std::array<double, 3> size{};
  std::array<std::array<double, 21>, 3> mean{};
  double square = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    REQUIRE(labels[i] < 3);
    ++size[labels[i]];
    for (std::size_t point = 0; point < 21; ++point) mean[labels[i]][point] += rows[i].at(point);
    square += rows[i][0] * rows[i][0];  // no wave but noise in the first point of any class, or a wave's foot
  }
  const int peaks[3] = {11, 15, 7};
  const int mixed[3][2] = {{0, 1}, {0, 2}, {1, 2}};
  for (std::size_t label = 0; label < 3; ++label) {
    CHECK(size[label] == Approx(2000).margin(150));
    for (int point = 1; point <= 21; ++point) {
      double expected = 0;
      for (const int which : mixed[label]) expected += std::max(6 - std::abs(point - peaks[which]), 0) / 2.0;
      CHECK(mean[label][static_cast<std::size_t>(point - 1)] / size[label] == Approx(expected).margin(0.2));
    }
  }
  CHECK(square / 6000 == Approx(1).margin(0.1));
  CHECK(outcome({"forest.waveform", "samples=2"}) != outcome({"forest.waveform", "samples=2", "--seed", "1"}));
  CHECK(outcome({"forest.waveform", "samples=10000001"}) == "argument: samples is at most 10000000 for one task");
}

TEST_CASE("forest.predict: the most votes win, the smaller class among equals") {
  const auto leaf = [](int label) {
    return Json{{"features", 1},
                {"classes", label + 1},
                {"nodes", {{{"feature", 0}, {"threshold", 0.0}, {"right", 0}, {"label", label}}}}};
  };
  const Folder folder;
  const auto vote = [&](const std::vector<int>& labels) {
    Json trees = Json::array();
    for (const int label : labels) trees.push_back(leaf(label));
    return outcome({"forest.predict", argument(folder, "forest", trees), "features=[[1.0]]"});
  };
  CHECK(vote({2}) == "[2]");
  CHECK(vote({2, 1, 2}) == "[2]");
  CHECK(vote({2, 1, 1, 2}) == "[1]");
  CHECK(vote({65535, 0, 65535}) == "[65535]");
  CHECK(outcome({"forest.predict", argument(folder, "forest", Json::array({leaf(1)})), "features=[]"}) == "[]");
}

TEST_CASE("forest: what it refuses, and how it says so") {
  const auto node = [](int feature, int right, int label) {
    return Json{{"feature", feature}, {"threshold", 0.0}, {"right", right}, {"label", label}};
  };
  const auto tree = [](int features, int classes, std::vector<Json> nodes) {
    return Json{{"features", features}, {"classes", classes}, {"nodes", nodes}};
  };
  const Json good = tree(1, 2, {node(0, 2, 0), node(0, 0, 0), node(0, 0, 1)});
  const Json two_rows = {{"features", {{1.0}, {2.0}}}, {"labels", {0, 1}}};
  const std::string nowhere = " names a node, feature or class that there is not";
  struct Row {
    std::string function;
    std::vector<std::pair<std::string, Json>> arguments;
    std::string error;
  };
  const Row rows[] = {
      {"train", {{"samples", {{"features", Json::array()}, {"labels", Json::array()}}}}, "there are no samples"},
      {"train", {{"samples", {{"features", {{1.0}, {2.0}}}, {"labels", {0}}}}}, "2 rows of features, but 1 labels"},
      {"train",
       {{"samples", {{"features", {{1.0}, {2.0, 3.0}}}, {"labels", {0, 1}}}}},
       "features[1] is of another length than features[0]"},
      {"train", {{"samples", {{"features", {Json::array()}}, {"labels", {0}}}}}, "a row without features"},
      {"train",
       {{"samples", {{"features", {{1.0}, {"NaN"}}}, {"labels", {0, 1}}}}},
       "features[1] holds a number that is not finite"},
      {"train",
       {{"samples", {{"features", {{1.0}, {"Infinity"}}}, {"labels", {0, 1}}}}},
       "features[1] holds a number that is not finite"},
      {"train",
       {{"samples", {{"features", {{1.0}, {2.0}}}, {"labels", {0, 65536}}}}},
       "labels[1] is 65536, and not below 65536"},
      {"train", {{"samples", two_rows}, {"features", 2}}, "there are but 1 features to look at for a split"},
      {"train", {{"samples", two_rows}, {"leaf", 0}}, "a leaf holds at least 1 sample"},
      {"predict", {{"forest", Json::array()}, {"features", {{1.0}}}}, "a forest without trees cannot vote"},
      {"predict", {{"forest", Json::array({tree(1, 2, {})})}, {"features", {{1.0}}}}, "forest[0] has no nodes"},
      {"predict",
       {{"forest", Json::array({tree(1, 65537, {node(0, 0, 0)})})}, {"features", {{1.0}}}},
       "forest[0] has more than 65536 classes"},
      {"predict",
       {{"forest", Json::array({good, tree(2, 2, {node(0, 0, 0)})})}, {"features", {{1.0}}}},
       "forest[1] takes rows of another length than forest[0]"},
      {"predict",
       {{"forest", Json::array({tree(1, 2, {node(0, 1, 0), node(0, 0, 0)})})}, {"features", {{1.0}}}},
       "forest[0].nodes[0]" + nowhere},
      {"predict",
       {{"forest", Json::array({tree(1, 2, {node(0, 3, 0), node(0, 0, 0), node(0, 0, 1)})})}, {"features", {{1.0}}}},
       "forest[0].nodes[0]" + nowhere},
      {"predict",
       {{"forest", Json::array({tree(1, 2, {node(1, 2, 0), node(0, 0, 0), node(0, 0, 1)})})}, {"features", {{1.0}}}},
       "forest[0].nodes[0]" + nowhere},
      {"predict",
       {{"forest", Json::array({good, tree(1, 2, {node(0, 2, 0), node(0, 0, 0), node(0, 0, 2)})})},
        {"features", {{1.0}}}},
       "forest[1].nodes[2]" + nowhere},
      {"predict",
       {{"forest", Json::array({good})}, {"features", {{1.0}, {1.0, 2.0}}}},
       "features[1] has 2 numbers, but the trees were trained with 1"},
      {"predict", {{"forest", Json::array({good})}, {"features", {{"NaN"}}}}, "features[0] holds a NaN"},
      {"accuracy", {{"predicted", {1}}, {"labels", {1, 2}}}, "1 predictions for 2 labels"},
      {"accuracy", {{"predicted", Json::array()}, {"labels", Json::array()}}, "there are no predictions"},
  };
  const Folder folder;
  for (const Row& row : rows) {
    INFO(row.function << ": " << row.error);
    std::vector<std::string> words{"forest." + row.function};
    for (const auto& [name, value] : row.arguments) words.push_back(argument(folder, name, value));
    CHECK(outcome(words) == "argument: " + row.error);
  }
  CHECK(outcome({"forest.accuracy", "predicted=[1, 2, 0, 0]", "labels=[1, 1, 1, 0]"}) == "0.5");
}
