// Pinned values and open files in a plugin's hands: how they are spelled, given, found, and what becomes of them when a
// task goes wrong.
#include <catch2/catch.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>

#include <gantry/plugin.hpp>

#include "sdk/harness.hpp"

namespace {

int alive = 0;

class HttpClient {
 public:
  explicit HttpClient(int n) : number(n) { ++alive; }
  HttpClient(const HttpClient&) = delete;
  ~HttpClient() { --alive; }
  int number;
};
struct Shared {
  int x = 0;
};
struct Base {
  virtual ~Base() = default;
  [[nodiscard]] virtual int value() const = 0;
};
struct Derived final : Base {
  [[nodiscard]] int value() const override { return 42; }
};
template <class T>
struct Cache {
  T value;
};

gantry::Result<gantry::Pinned<HttpClient>> open(int n) {
  if (n < 0) return gantry::fail("negative", "not below 0");
  auto client = std::make_unique<HttpClient>(n);
  if (n == 13) throw std::runtime_error("unlucky");
  return client;
}
gantry::Pinned<Shared> shared() {
  return Shared{3};
}
gantry::Pinned<Base> base() {
  return std::make_unique<Derived>();
}
gantry::Pinned<Cache<std::string>> cache() {
  return Cache<std::string>{"x"};
}
gantry::Pinned<HttpClient> nothing() {
  return std::unique_ptr<HttpClient>();
}
int number(gantry::Ref<const HttpClient> client, int add) {
  return client->number + add;
}
int change(gantry::Context&, const gantry::Ref<HttpClient>& client, int to) {
  return std::exchange(client->number, to);
}
int value(gantry::Ref<const Base> base) {
  return base->value();
}
gantry::Fd null_file(int n) {
  return n == 0 ? gantry::Fd() : gantry::Fd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}
bool differs(const gantry::Fd& one, gantry::Fd other) {
  return one.get() != other.get() && ::fcntl(one.get(), F_GETFD) == FD_CLOEXEC;
}

}  // namespace

template <>
struct gantry::pinned<Shared> {
  static constexpr const char* name = "both.shared";
  static constexpr bool thread_safe = true;
};

namespace {

constexpr gantry::detail::Table table{
    gantry::function<open>("open", {"n"}),
    gantry::function<shared>("shared"),
    gantry::function<base>("base"),
    gantry::function<cache>("cache"),
    gantry::function<nothing>("nothing"),
    gantry::function<number>("number", {"client", "add = 0"}),
    gantry::function<change>("change", {"client", "to"}),
    gantry::function<value>("value", {"base"}),
    gantry::function<null_file>("null_file", {"n"}),
    gantry::function<differs>("differs", {"one", "other"}),
};
constinit const gantry_descriptor plugin = table.descriptor("pins", "1");

const gantry_function& function(std::string_view name) {
  const gantry_function* found = harness::find(plugin, name);
  REQUIRE(found != nullptr);
  return *found;
}

constexpr std::uint64_t step = 5;

int open_descriptors() {
  int count = 0;
  for (int i = 0; i < 1024; ++i) count += ::fcntl(i, F_GETFD) >= 0 ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("pinned values and open files in signatures") {
  const std::pair<const char*, const char*> rows[] = {
      {"open", "(n: i32) -> pin<http_client>"},
      {"shared", "() -> pin<both.shared, sync>"},
      {"base", "() -> pin<base>"},
      {"cache", "() -> pin<cache_std_cxx11_basic_string_char>"},
      {"number", "(client: pin<http_client>, add: i32 = 0) -> i32"},
      {"change", "(client: pin<http_client, mut>, to: i32) -> i32"},
      {"null_file", "(n: i32) -> fd"},
      {"differs", "(one: fd, other: fd) -> bool"},
  };
  for (const auto& [name, spelled] : rows) {
    CHECK(harness::signature(function(name)) == spelled);
    CHECK(function(name).run_many == nullptr);
  }
}

TEST_CASE("names that are derived from types") {
  using gantry::detail::DerivedName;
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"Session", "session"},
      {"app::HttpClient", "http_client"},
      {"{anonymous}::DB", "db"},
      {"HTTPServer2", "http_server2"},
      {"std::unique_ptr<int>", "unique_ptr_int"},
      {"a::b::lower_case", "lower_case"},
      {"app::Outer::Inner", "inner"},
      {"std::vector<app::Point>", "vector_app_point"},
  };
  for (const auto& [type, name] : rows) {
    const DerivedName derived(type);
    CHECK(std::string_view(derived.text.data(), derived.size) == name);
    CHECK(gantry::detail::is_pin_name(name));
  }
  for (const char* wrong : {"", "A", "a.", ".a", "a..b", "1a", "a.1", "a b", "a-b"})
    CHECK(!gantry::detail::is_pin_name(wrong));
  CHECK(gantry::detail::is_pin_name("db.session_2.x"));
}

TEST_CASE("an object is kept, found, changed and destroyed") {
  harness::Caller caller;
  harness::Told told = caller.run(function("open"), harness::packed(std::int32_t{7}));
  REQUIRE(told.status == GANTRY_OK);
  CHECK(told.result.empty());
  CHECK(told.kept.type == "http_client");
  CHECK(alive == 1);
  caller.kept[3] = told.kept;
  CHECK(caller.run(function("number"), harness::packed(step, std::uint64_t{3}, std::int32_t{1})).as<std::int32_t>() ==
        8);
  CHECK(caller.run(function("change"), harness::packed(step, std::uint64_t{3}, std::int32_t{9})).as<std::int32_t>() ==
        7);
  CHECK(caller.run(function("number"), harness::packed(step, std::uint64_t{3}, std::int32_t{0})).as<std::int32_t>() ==
        9);
  told.kept.destroy(told.kept.object);
  CHECK(alive == 0);
}

TEST_CASE("an object of a derived class is found as its base, and destroyed as itself") {
  harness::Caller caller;
  const harness::Told told = caller.run(function("base"), {});
  REQUIRE(told.status == GANTRY_OK);
  caller.kept[0] = told.kept;
  CHECK(caller.run(function("value"), harness::packed(step, std::uint64_t{0})).as<std::int32_t>() == 42);
  told.kept.destroy(told.kept.object);
}

TEST_CASE("what is not there, or is another type, stops the task without a second reason") {
  harness::Caller caller;
  const harness::Told base = caller.run(function("base"), {});
  caller.kept[1] = base.kept;
  for (const std::uint64_t index : {std::uint64_t{0}, std::uint64_t{1}}) {
    const harness::Told told = caller.run(function("number"), harness::packed(step, index, std::int32_t{1}));
    CHECK(told.status == GANTRY_FAILED);
    CHECK(told.failures == 0);
  }
  base.kept.destroy(base.kept.object);
  CHECK(caller.run(function("differs"), harness::packed(step, std::uint64_t{0}, step, std::uint64_t{0})).status ==
        GANTRY_FAILED);
}

TEST_CASE("nothing is kept of a task that fails, and nothing leaks") {
  struct Row {
    const char* function;
    std::int32_t n;
    const char* kind;
    const char* message;
  };
  const Row rows[] = {
      {"open", -1, "negative", "not below 0"},
      {"open", 13, "exception", "unlucky"},
      {"nothing", 0, "result", "the function returned a gantry::Pinned without an object"},
      {"null_file", 0, "result", "the function returned a gantry::Fd without a descriptor"},
  };
  for (const Row& row : rows) {
    harness::Caller caller;
    const auto arguments = std::string_view(row.function) == "nothing" ? harness::Bytes{} : harness::packed(row.n);
    const harness::Told told = caller.run(function(row.function), arguments);
    CHECK(told.status == GANTRY_FAILED);
    CHECK(told.kind == row.kind);
    CHECK(told.message == row.message);
    CHECK(told.kept.object == nullptr);
  }
  CHECK(alive == 0);
}

TEST_CASE("each parameter has a descriptor of its own, closed when the call ends") {
  const int before = open_descriptors();
  {
    harness::Caller caller;
    const harness::Told told = caller.run(function("null_file"), harness::packed(std::int32_t{1}));
    REQUIRE(told.status == GANTRY_OK);
    REQUIRE(told.descriptor >= 0);
    caller.files[2] = told.descriptor;
    const auto arguments = harness::packed(step, std::uint64_t{2}, step, std::uint64_t{2});
    CHECK(caller.run(function("differs"), arguments).as<bool>());
    CHECK(open_descriptors() == before + 1);
    ::close(told.descriptor);
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("a worker that is too old for them is told of") {
  for (const char* name : {"open", "number", "null_file", "differs"}) {
    harness::Caller caller;
    harness::Told told;
    gantry_call call = caller.prepare(function(name), {}, told);
    call.struct_size = offsetof(gantry_call, keep);
    CHECK(function(name).run(&call) == GANTRY_FAILED);
    CHECK(told.message == "this worker knows nothing of pinned values and open files: update gantry");
  }
}
