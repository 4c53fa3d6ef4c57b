// A plugin's begin and end, called as a worker calls them.
#include <catch2/catch.hpp>
#include <gantry/plugin.hpp>

#include <memory>
#include <string>

#include "sdk/harness.hpp"

namespace {

int alive = 0;  // of Counted
std::string closed;

struct Counted {
  explicit Counted(std::string given) : name(std::move(given)) { ++alive; }
  Counted(Counted&& other) noexcept : name(std::move(other.name)) { ++alive; }
  Counted(const Counted&) = delete;
  ~Counted() { --alive; }
  std::string name;
  std::uint64_t uses = 0;
};

Counted by_value(const std::string& name) {
  return Counted(name);
}
std::unique_ptr<Counted> by_pointer(const std::string& name) {
  return std::make_unique<Counted>(name);
}
gantry::Result<Counted> if_named(const std::string& name) {
  if (name.empty()) return gantry::fail("nameless", "it has no name");
  return Counted(name);
}
gantry::Result<std::unique_ptr<Counted>> if_named_by_pointer(const std::string& name) {
  if (name.empty()) return gantry::fail("nameless", "it has no name");
  return std::make_unique<Counted>(name);
}
void nothing(const std::string& name) {
  closed = "begun with " + name;
}
void close_counted(Counted& counted) {
  closed = counted.name;
}
void close_nothing() {
  closed = "nothing";
}
std::uint64_t use(gantry::State<Counted> counted, std::uint64_t more) {
  return counted->uses += more;
}
std::string use_with_context(gantry::Context& context, gantry::State<Counted> counted) {
  return context.task_id() + (*counted).name;
}

template <auto... F>
constexpr auto beginning() {
  return gantry::worker<F...>({"name = x"});
}

constexpr gantry::detail::Table value_table{beginning<by_value>(), gantry::function<use>("use", {"more"}),
                                            gantry::function<use_with_context>("name")};
constexpr gantry::detail::Table pointer_table{beginning<by_pointer, close_counted>()};
constexpr gantry::detail::Table result_table{beginning<if_named>()};
constexpr gantry::detail::Table both_table{beginning<if_named_by_pointer>()};
constexpr gantry::detail::Table void_table{beginning<nothing, close_nothing>()};
constexpr gantry::detail::Table plain_table{gantry::function<close_nothing>("close")};

struct Begun {
  harness::Told told;
  void* state = nullptr;
};

/// Calls the plugin's begin with the encoded name.
Begun begin(const gantry_descriptor& plugin, const std::string& name) {
  std::vector<std::byte> arguments(8 + name.size());
  const std::uint64_t size = name.size();
  std::memcpy(arguments.data(), &size, 8);
  std::memcpy(arguments.data() + 8, name.data(), name.size());
  harness::Caller caller;
  Begun begun;
  gantry_call call = caller.prepare(*plugin.begin, arguments, begun.told);
  begun.told.status = plugin.begin->run(&call);
  begun.state = call.state;
  return begun;
}

}  // namespace

TEST_CASE("state: made in every form, and gone at the end") {
  const gantry_descriptor plugins[] = {value_table.descriptor("a", "1"), pointer_table.descriptor("a", "1"),
                                       result_table.descriptor("a", "1"), both_table.descriptor("a", "1")};
  for (const gantry_descriptor& plugin : plugins) {
    REQUIRE(plugin.begin != nullptr);
    REQUIRE(plugin.end != nullptr);
    const Begun begun = begin(plugin, "n");
    CHECK(begun.told.status == GANTRY_OK);
    REQUIRE(begun.state != nullptr);
    CHECK(alive == 1);
    CHECK(static_cast<Counted*>(begun.state)->name == "n");
    closed.clear();
    plugin.end(begun.state);
    CHECK(alive == 0);
    CHECK(closed == (&plugin == &plugins[1] ? "n" : ""));
  }
}

TEST_CASE("state: a begin that fails leaves nothing, and says why") {
  for (const gantry_descriptor& plugin : {result_table.descriptor("a", "1"), both_table.descriptor("a", "1")}) {
    const Begun begun = begin(plugin, "");
    CHECK(begun.told.status == GANTRY_FAILED);
    CHECK(begun.told.kind == "nameless");
    CHECK(begun.told.message == "it has no name");
    CHECK(begun.state == nullptr);
    CHECK(alive == 0);
    plugin.end(nullptr);
  }
}

TEST_CASE("state: a plugin may begin and end without one, or not at all") {
  const gantry_descriptor plugin = void_table.descriptor("a", "1");
  const Begun begun = begin(plugin, "x");
  CHECK(begun.told.status == GANTRY_OK);
  CHECK(begun.state == nullptr);
  CHECK(closed == "begun with x");
  plugin.end(nullptr);
  CHECK(closed == "nothing");
  const gantry_descriptor plain = plain_table.descriptor("a", "1");
  CHECK(plain.begin == nullptr);
  CHECK(plain.end == nullptr);
}

TEST_CASE("state: functions find it, with the context or without") {
  const gantry_descriptor plugin = value_table.descriptor("a", "1");
  Begun begun = begin(plugin, "n");
  harness::Caller caller;
  const std::uint64_t more = 3;
  for (const std::uint64_t expected : {3U, 6U}) {
    harness::Told told;
    gantry_call call = caller.prepare(*plugin.functions[0], std::as_bytes(std::span(&more, 1)), told);
    call.state = begun.state;
    CHECK(plugin.functions[0]->run(&call) == GANTRY_OK);
    std::uint64_t got = 0;
    std::memcpy(&got, call.room, sizeof got);
    CHECK(got == expected);
  }
  harness::Told told;
  gantry_call call = caller.prepare(*plugin.functions[1], {}, told);
  call.state = begun.state;
  CHECK(plugin.functions[1]->run(&call) == GANTRY_OK);
  CHECK(std::string(static_cast<const char*>(call.room) + 8, call.result_size - 8) == "totaln");
  CHECK(plugin.functions[0]->run_many == nullptr);  // it would have no state to find

  harness::Told old;
  gantry_call older = caller.prepare(*plugin.functions[1], {}, old);
  older.struct_size = offsetof(gantry_call, state);  // a worker of an older minor version
  CHECK(plugin.functions[1]->run(&older) == GANTRY_FAILED);
  CHECK(old.message == "the plugin's state is not there: this gantry is too old for it");
  plugin.end(begun.state);
}

TEST_CASE("state: its signature has the configuration, and no result") {
  const gantry_descriptor plugin = value_table.descriptor("a", "1");
  std::string text;
  const auto append = [](void* to, const char* from, std::uint64_t size) {
    static_cast<std::string*>(to)->append(from, size);
  };
  REQUIRE(plugin.begin->spell(plugin.begin, &text, append, append) == GANTRY_OK);
  CHECK(text == R"((name: str = "x") -> ())");
}

TEST_CASE("context: what an older worker does not know is not asked of it") {
  gantry_call call{};
  call.struct_size = offsetof(gantry_call, state);
  gantry::Context context(call);
  CHECK_FALSE(context.cancelled());
  CHECK_FALSE(context.deadline());
  context.progress(0.5, "half");
  call.struct_size = sizeof call;
  call.deadline = 5;
  call.cancelled = [](const gantry_call*) -> std::int32_t { return 7; };
  CHECK(context.cancelled());
  CHECK(context.deadline()->time_since_epoch() == std::chrono::nanoseconds(5));
}
