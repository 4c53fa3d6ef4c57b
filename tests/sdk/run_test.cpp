// One call and many calls through the edge: results, errors, exceptions, the context.
#include <catch2/catch.hpp>

#include <cmath>
#include <set>

#include "sdk/harness.hpp"
#include "sdk/types.hpp"

namespace {

using gantry::u64;
using harness::Bytes;
using harness::Caller;
using harness::packed;
using harness::Told;

u64 add(u64 a, u64 b) {
  return a + b;
}
gantry::Result<u64> half(u64 whole) {
  if (whole == 13) throw std::runtime_error("thirteen");
  if (whole % 2 != 0) return gantry::fail("odd", std::to_string(whole) + " is odd");
  return whole / 2;
}
gantry::Result<void> maybe(bool good) {
  if (good) return {};
  return gantry::fail("not today");
}
void nothing() {}
std::string repeat(const std::string& text, u64 times) {
  std::string result;
  for (u64 i = 0; i < times; ++i) result += text;
  return result;
}
struct Oops {};
void throw_text(const std::string& text) {
  throw std::runtime_error(text);
}
void throw_number() {
  throw 42;
}
void throw_other() {
  throw Oops{};
}
sample::Colour paint(std::uint8_t index) {
  return static_cast<sample::Colour>(index);
}
gantry::Result<u64> kindless() {
  return std::unexpected(gantry::Error{.kind = "", .message = "m"});
}
std::string tell(gantry::Context& context) {
  context.log(gantry::Level::warning, "hello");
  return context.task_id() + ' ' + (context.index() ? std::to_string(*context.index()) : "none") + ' ' +
         std::to_string(context.attempt());
}
std::vector<u64> draw(gantry::Context& context, u64 count) {
  std::vector<u64> drawn(count);
  for (u64& each : drawn) each = context.rng()();
  return drawn;
}
bool negate(bool yes) {
  return !yes;
}
std::string move_in(std::string&& text) {
  return std::move(text);
}

constexpr gantry::detail::Table table{
    gantry::function<add>("add", {"a", "b"}),
    gantry::function<half>("half", {"whole"}),
    gantry::function<maybe>("maybe", {"good"}),
    gantry::function<nothing>("nothing"),
    gantry::function<repeat>("repeat", {"text", "times"}),
    gantry::function<throw_text>("throw_text", {"text"}),
    gantry::function<throw_number>("throw_number"),
    gantry::function<throw_other>("throw_other"),
    gantry::function<paint>("paint", {"index"}),
    gantry::function<kindless>("kindless"),
    gantry::function<tell>("tell"),
    gantry::function<draw>("draw", {"count"}),
    gantry::function<negate>("negate", {"yes"}),
    gantry::function<move_in>("move_in", {"text"}),
};

const gantry_function& named(std::string_view name) {
  static constexpr gantry_descriptor descriptor = table.descriptor("sample", "1");
  return *harness::find(descriptor, name);
}

Bytes text(std::string_view characters) {
  Bytes bytes = packed(static_cast<u64>(characters.size()));
  for (const char c : characters) bytes.push_back(static_cast<std::byte>(c));
  return bytes;
}

}  // namespace

TEST_CASE("a call gives its result") {
  Caller caller;
  CHECK(caller.scratch() == nullptr);
  CHECK(caller.run(named("add"), packed(u64{2}, u64{40})).as<u64>() == 42);
  void* const scratch = caller.scratch();
  CHECK(scratch != nullptr);
  CHECK(caller.run(named("half"), packed(u64{10})).as<u64>() == 5);
  CHECK(caller.scratch() == scratch);  // one a plugin and thread
  CHECK(caller.run(named("move_in"), text("abc")).result == text("abc"));
  for (const char* name : {"nothing"}) {
    const Told told = caller.run(named(name), {});
    CHECK(told.status == GANTRY_OK);
    CHECK(told.result.empty());
  }
  CHECK(caller.run(named("maybe"), packed(true)).status == GANTRY_OK);
}

TEST_CASE("a result goes into the room, or is emitted when it does not fit") {
  Bytes arguments = text("ab");
  const Bytes times = packed(u64{1000});
  arguments.insert(arguments.end(), times.begin(), times.end());
  for (const std::size_t room : std::initializer_list<std::size_t>{0, 7, 8, 100, 2007, 2008, 5000}) {
    Caller caller(room);
    for (int again = 0; again < 2; ++again) {
      const Told told = caller.run(named("repeat"), arguments);
      REQUIRE(told.status == GANTRY_OK);
      CHECK(told.emitted == (room < 2008));
      CHECK(told.result.size() == 2008);
    }
  }
}

TEST_CASE("a long list is given from where it lies, if the worker knows how") {
  const Bytes arguments = packed(u64{1000});
  Caller large(9000);
  const Told inside = large.run(named("draw"), arguments);
  REQUIRE(inside.result.size() == 8008);
  CHECK_FALSE(inside.emitted);
  for (const bool knows : {true, false}) {
    Caller caller(100);
    Told told;
    gantry_call call = caller.prepare(named("draw"), arguments, told);
    if (!knows) call.struct_size = offsetof(gantry_call, emit_pieces);  // a worker of an older minor version
    told.status = named("draw").run(&call);
    CHECK(told.status == GANTRY_OK);
    CHECK(told.emitted);
    CHECK(told.pieced == (knows ? 1 : 0));
    CHECK(told.result == inside.result);
  }
}

TEST_CASE("what goes wrong leaves by fail, once") {
  struct Row {
    std::string_view function;
    Bytes arguments;
    std::string_view kind;
    std::string_view message;
  };
  const Row rows[] = {
      {"half", packed(u64{7}), "odd", "7 is odd"},
      {"half", packed(u64{13}), "exception", "thirteen"},
      {"maybe", packed(false), "error", "not today"},
      {"kindless", {}, "error", "m"},
      {"throw_number", {}, "exception", "an exception of type int, which is no std::exception"},
      {"throw_other", {}, "exception", "an exception of type (anonymous namespace)::Oops, which is no std::exception"},
      {"add", packed(u64{2}), "decode", "argument 2: the bytes end within a value (8, but 0)"},
      {"add", {}, "decode", "argument 1: the bytes end within a value (8, but 0)"},
      {"add", packed(u64{2}, u64{3}, true), "decode", "bytes after the last value (1, but 0)"},
      {"maybe", packed(std::uint8_t{2}), "decode", "argument 1: a bool must be 0 or 1 (2, but 1)"},
      {"nothing", packed(true), "decode", "bytes after the last value (1, but 0)"},
      {"paint", packed(std::uint8_t{200}), "encode", "the result: sample::Colour has no enumerator of value 200"},
  };
  Caller caller;
  for (const Row& row : rows) {
    INFO(row.function);
    const Told told = caller.run(named(row.function), row.arguments);
    CHECK(told.status == GANTRY_FAILED);
    CHECK(told.failures == 1);
    CHECK(told.kind == row.kind);
    CHECK(told.message == row.message);
    CHECK(caller.run(named("add"), packed(u64{1}, u64{1})).as<u64>() == 2);  // the archives recovered
  }
}

TEST_CASE("long messages are cut at a character") {
  Caller caller;
  std::string long_one(4095, 'a');
  long_one += "\u00fc\u00fc";
  const Told told = caller.run(named("throw_text"), text(long_one));
  CHECK(told.message == std::string(4095, 'a'));
}

TEST_CASE("the context knows its task") {
  Caller caller;
  caller.step = "counts";
  CHECK(caller.run(named("tell"), {}).result == text("counts none 1"));
  caller.index = 17;
  caller.attempt = 3;
  const Told told = caller.run(named("tell"), {});
  CHECK(told.result == text("counts[17] 17 3"));
  REQUIRE(told.logged.size() == 1);
  CHECK(told.logged[0].level == GANTRY_LOG_WARNING);
  CHECK(told.logged[0].text == "hello");
}

TEST_CASE("random numbers depend on the seed alone") {
  Caller one;
  Caller other(0);
  one.seed = other.seed = 5;
  other.step = "elsewhere";
  other.index = 3;
  other.attempt = 2;
  const Bytes first = one.run(named("draw"), packed(u64{4})).result;
  CHECK(one.run(named("draw"), packed(u64{4})).result == first);
  CHECK(other.run(named("draw"), packed(u64{4})).result == first);
  one.seed = 6;
  CHECK(one.run(named("draw"), packed(u64{4})).result != first);
}

TEST_CASE("the generator is the published one, and its numbers are in range") {
  // SplitMix64 from 0 gives e220a8397b1dcdaf, 6e789e6aa1b965f4, 06c45d188009454f, f88bb8a8724c81ec; xoshiro256++'s
  // first output is rotl(s0 + s3, 23) + s0 of these.
  const u64 s0 = 0xe220a8397b1dcdafu;
  const u64 s3 = 0xf88bb8a8724c81ecu;
  gantry::Random random(0);
  CHECK(random() == std::rotl(s0 + s3, 23) + s0);
  std::set<u64> seen;
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double uniform = random.uniform();
    CHECK((uniform >= 0 && uniform < 1));
    sum += uniform;
    const u64 die = random.below(6);
    CHECK(die < 6);
    seen.insert(die);
  }
  CHECK(std::abs(sum / 10'000 - 0.5) < 0.02);
  CHECK(seen.size() == 6);
  CHECK(random.below(0) == 0);
  CHECK(random.below(1) == 0);
  static_assert(std::uniform_random_bit_generator<gantry::Random>);
}

TEST_CASE("many calls in one") {
  Caller caller(800);
  const gantry_function& function = named("half");
  Bytes rows;
  for (u64 i = 0; i < 100; ++i) {
    const Bytes row = packed(2 * i, ~u64{0});  // a stride of 16 for 8 bytes of arguments
    rows.insert(rows.end(), row.begin(), row.end());
  }
  Told told;
  gantry_call call = caller.prepare(function, rows, told);
  volatile std::uint64_t done = 0;
  REQUIRE(function.run_many(&call, 100, 16, 8, &done) == GANTRY_OK);
  CHECK(done == 100);
  for (u64 i = 0; i < 100; ++i) {
    u64 result = 0;
    std::memcpy(&result, caller.room().data() + 8 * i, sizeof result);
    CHECK(result == i);
  }

  const u64 odd = 41;
  std::memcpy(rows.data() + 320, &odd, sizeof odd);
  done = 0;
  CHECK(function.run_many(&call, 100, 16, 8, &done) == GANTRY_FAILED);
  CHECK(done == 20);
  CHECK(told.kind == "odd");
  CHECK(told.message == "41 is odd");

  const u64 thirteen = 13;
  std::memcpy(rows.data() + 80, &thirteen, sizeof thirteen);
  done = 0;
  CHECK(function.run_many(&call, 100, 16, 8, &done) == GANTRY_FAILED);
  CHECK(done == 5);
  CHECK(told.kind == "exception");
}

TEST_CASE("many calls refuse rows that do not fit") {
  Caller caller(16);
  const Bytes rows = packed(u64{2}, u64{4}, u64{6});
  struct Row {
    std::uint64_t count, arguments_stride, room_stride;
    std::string_view kind;  // "" for good
  };
  const Row table_of_rows[] = {
      {0, 8, 8, ""},
      {1, 8, 8, ""},
      {2, 8, 8, ""},
      {2, 0, 8, ""},
      {2, 16, 8, ""},
      {3, 8, 8, "encode"},
      {4, 8, 4, "decode"},
      {2, 17, 8, "decode"},
      {2, 4, 8, "decode"},
      {2, 8, 7, "encode"},
      {2, 8, 0, "encode"},
      {~u64{0}, 8, 8, "decode"},
      {3, ~u64{0} / 2, 8, "decode"},
      {~u64{0}, 0, 8, "encode"},
  };
  for (const Row& row : table_of_rows) {
    CAPTURE(row.count, row.arguments_stride, row.room_stride);
    Told told;
    gantry_call call = caller.prepare(named("half"), rows, told);
    volatile std::uint64_t done = 0;
    const gantry_status status = named("half").run_many(&call, row.count, row.arguments_stride, row.room_stride, &done);
    CHECK((status == GANTRY_OK) == row.kind.empty());
    CHECK(told.kind == row.kind);
    CHECK(done == (row.kind.empty() ? row.count : 0));
  }
  Told told;
  const Bytes bad = packed(std::uint8_t{1}, std::uint8_t{7});
  gantry_call call = caller.prepare(named("negate"), bad, told);
  volatile std::uint64_t done = 0;
  CHECK(named("negate").run_many(&call, 2, 1, 1, &done) == GANTRY_FAILED);
  CHECK(done == 1);
  CHECK(told.kind == "decode");
}
