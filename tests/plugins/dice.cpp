// Functions of random pipelines (tests/pipelines): each is easy to say again in Python, and tells in its value what it
// was given. Those that fail or die do so by their arguments alone, or on their first attempt.
#include <unistd.h>
#include <gantry/plugin.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace {

using gantry::i64;
using gantry::u64;

constexpr u64 kPrime = 1'000'003;

u64 add(u64 a, u64 b) {
  return (a + b) % kPrime;
}
u64 sum(const std::vector<u64>& values) {
  u64 total = 7;
  for (const u64 value : values) total = (total * 31 + value) % kPrime;
  return total;
}
std::vector<u64> list(u64 n) {
  std::vector<u64> values;
  for (u64 i = 0; i < n % 6; ++i) values.push_back(n + i);
  return values;
}
i64 minus(i64 a, i64 b) {
  return (a - b) % 1'000'003;
}
double half(double x) {
  return x / 2;
}
std::string join(const std::string& a, const std::string& b) {
  const std::string text = a + "." + b;
  return text.size() <= 40 ? text : text.substr(0, 40);
}
std::optional<u64> maybe(u64 n) {
  if (n % 3 == 0) return std::nullopt;
  return n;
}
u64 value_or(std::optional<u64> x, u64 other) {
  return x.value_or(other) % kPrime;
}

struct Point {
  u64 x = 0;
  std::optional<i64> y;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(x), CEREAL_NVP(y));
  }
};
Point point(u64 x, std::optional<i64> y) {
  return {x, y};
}
i64 norm(const Point& p) {
  return static_cast<i64>(p.x % kPrime) + p.y.value_or(-5);
}
std::map<std::string, u64> table(u64 n) {
  std::map<std::string, u64> made;
  for (u64 i = 0; i < n % 4; ++i) made["k" + std::to_string(n + i)] = i;
  return made;
}
u64 total(const std::map<std::string, u64>& m) {
  u64 all = m.size();
  for (const auto& [key, value] : m) all = (all * 13 + value + key.size()) % kPrime;
  return all;
}

// One name, four signatures: which was chosen, and what it was given.
std::string shape_u64(u64 x) {
  return "u64 " + std::to_string(x);
}
std::string shape_i64(i64 x) {
  return "i64 " + std::to_string(x);
}
std::string shape_str(const std::string& x) {
  return "str " + x;
}
std::string shape_list(const std::vector<u64>& x) {
  return "[u64] " + std::to_string(x.size());
}
std::string shape_texts(const std::vector<std::string>& x) {
  std::string all = "[str]";
  for (const auto& text : x) all += " " + text;
  return all;
}

gantry::Result<u64> odd(u64 n) {
  if (n % 2 == 1) return n;
  return gantry::fail("even", std::to_string(n) + " is even");
}
u64 brittle(u64 n, u64 of) {
  if (of > 0 && n % of == 0) _exit(3);
  return n + 1;
}
u64 second(gantry::Context& context, u64 n) {
  if (context.attempt() == 1 && n % 2 == 0) _exit(4);
  return n + context.index().value_or(0);
}

struct Box {
  u64 n;
};
gantry::Pinned<Box> box(u64 n) {
  return std::make_unique<Box>(Box{n});
}
gantry::Result<gantry::Pinned<Box>> odd_box(u64 n) {
  if (n % 2 == 0) return gantry::fail("even", std::to_string(n) + " is even");
  return gantry::Pinned<Box>(std::make_unique<Box>(Box{n}));
}
u64 look(gantry::Ref<const Box> b, u64 k) {
  return (b->n + k) % kPrime;
}
u64 change(gantry::Ref<Box> b, u64 k) {
  b->n = (b->n * 3 + k) % kPrime;
  return b->n;
}

u64 feed(gantry::Queue<u64>& to, u64 n) {
  to.put(n);
  return n;
}
u64 drain(gantry::Queue<u64>& from, u64 /*id*/) {
  u64 all = 0;
  while (const auto value = from.get()) all += *value;
  return all;
}
u64 hit(gantry::Counter& hits, u64 n) {
  hits.add(static_cast<i64>(n % 100));
  return n;
}
i64 count(gantry::Counter& hits) {
  return hits.load();
}
u64 mark(gantry::Array<u64>& bins, u64 n) {
  bins.add(n % bins.size(), n % 100);
  return n;
}
std::vector<u64> bins(gantry::Array<u64>& bins) {
  return bins.load_all();
}

}  // namespace

GANTRY_PLUGIN("dice", "1.0.0", gantry::thread_safe(gantry::function<add>("add", {"a", "b = 1"})),
              gantry::thread_safe(gantry::function<sum>("sum", {"values"})),
              gantry::thread_safe(gantry::function<list>("list", {"n"})),
              gantry::thread_safe(gantry::function<minus>("minus", {"a", "b = 4"})),
              gantry::thread_safe(gantry::function<half>("half", {"x"})),
              gantry::thread_safe(gantry::function<join>("join", {"a", "b = z"})),
              gantry::thread_safe(gantry::function<maybe>("maybe", {"n"})),
              gantry::thread_safe(gantry::function<value_or>("value_or", {"x = null", "other = 9"})),
              gantry::thread_safe(gantry::function<point>("point", {"x", "y = null"})),
              gantry::thread_safe(gantry::function<norm>("norm", {"p"})),
              gantry::thread_safe(gantry::function<table>("table", {"n"})),
              gantry::thread_safe(gantry::function<total>("total", {"m"})),
              gantry::thread_safe(gantry::function<shape_u64, shape_i64, shape_str>("shape", {"x"})),
              gantry::thread_safe(gantry::function<shape_list, shape_texts>("shapes", {"x"})),
              gantry::thread_safe(gantry::function<odd>("odd", {"n"})),
              gantry::function<brittle>("brittle", {"n", "of = 3"}), gantry::function<second>("second", {"n"}),
              gantry::thread_safe(gantry::function<box>("box", {"n"})),
              gantry::thread_safe(gantry::function<odd_box>("odd_box", {"n"})),
              gantry::thread_safe(gantry::function<look>("look", {"b", "k = 3"})),
              gantry::thread_safe(gantry::function<change>("change", {"b", "k = 3"})),
              gantry::thread_safe(gantry::function<feed>("feed", {"to", "n"})),
              gantry::thread_safe(gantry::function<drain>("drain", {"from", "id = 0"})),
              gantry::thread_safe(gantry::function<hit>("hit", {"hits", "n"})),
              gantry::thread_safe(gantry::function<count>("count", {"hits"})),
              gantry::thread_safe(gantry::function<mark>("mark", {"bins", "n"})),
              gantry::thread_safe(gantry::function<bins>("bins", {"bins"})));
