// What the compiler says of plugins that cannot work: one error each, with the sentence that the source itself states.
#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "sdk/refusals.hpp"

namespace {

/// The texts after "// error: " in a source.
std::vector<std::string> stated(const std::string& source) {
  std::vector<std::string> found;
  constexpr std::string_view key = "// error: ";
  for (std::size_t at = source.find(key); at != std::string::npos; at = source.find(key, at)) {
    at += key.size();
    found.push_back(source.substr(at, source.find('\n', at) - at));
  }
  return found;
}

void is_refused(const std::string& name) {
  const std::string path = GANTRY_SOURCE "/tests/sdk/refused/" + name + ".cpp";
  const std::vector<std::string> expected = stated(compiler::read(path));
  REQUIRE_FALSE(expected.empty());
  const compiler::Outcome outcome = compiler::check(path);
  CHECK(outcome.status != 0);
  std::vector<compiler::Failure> given = compiler::failures(outcome.output);
  for (const std::string& sentence : expected) {
    const auto match = std::ranges::find_if(
        given, [&](const compiler::Failure& failure) { return failure.line.find(sentence) != std::string::npos; });
    if (match == given.end()) {
      FAIL_CHECK("no such error: " << sentence);
    } else {
      given.erase(match);
    }
  }
  for (const compiler::Failure& failure : given) FAIL_CHECK("unexpected: " << failure.line);
}

void is_accepted(std::string_view body) {
  const compiler::Folder folder;
  const std::string path = folder.write("good.cpp", "#include <gantry/plugin.hpp>\n" + std::string(body));
  const compiler::Outcome outcome = compiler::check(path, compiler::strict);
  INFO(outcome.output);
  CHECK(outcome.status == 0);
}

}  // namespace

TEST_CASE("refused: types that cannot be sent") {
  is_refused("types");
}
TEST_CASE("refused: what tasks share, anywhere but as a parameter") {
  is_refused("shared");
}
TEST_CASE("refused: pinned values and open files, anywhere but whole") {
  is_refused("residents");
}
TEST_CASE("accepted: what the sentences promise of each type that can be pinned") {
  is_accepted(R"cpp(
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
    namespace app {
    struct Plain {
      int x = 0;
    };
    struct NoDefault {
      explicit NoDefault(int n) : x(n) {}
      int x;
    };
    struct Fixed {
      Fixed() = default;
      Fixed(Fixed&&) = delete;
      int x = 1;
    };
    struct Shape {
      virtual ~Shape() = default;
      virtual int area() const = 0;
    };
    struct Square final : Shape {
      int area() const override { return 4; }
    };
    }  // namespace app
    static gantry::Pinned<std::mutex> lock() {
      return gantry::Pinned<std::mutex>::make();
    }
    static gantry::Pinned<std::thread> thread() {
      return std::thread();
    }
    static gantry::Pinned<std::future<int>> future() {
      return std::future<int>();
    }
    static gantry::Pinned<std::unique_ptr<int>> owner() {
      return std::make_unique<int>(1);
    }
    static gantry::Pinned<std::shared_ptr<int>> shared() {
      return std::make_shared<int>(1);
    }
    static gantry::Pinned<std::ofstream> file() {
      return std::ofstream("/dev/null");
    }
    static gantry::Pinned<app::Plain> plain() {
      return app::Plain{2};
    }
    static gantry::Result<gantry::Pinned<app::NoDefault>> no_default() {
      return app::NoDefault(2);
    }
    static gantry::Pinned<app::Fixed> fixed() {
      return std::make_unique<app::Fixed>();
    }
    static gantry::Pinned<app::Shape> shape() {
      return std::make_unique<app::Square>();
    }
    static gantry::Pinned<std::unique_ptr<app::Shape>> held() {
      return std::unique_ptr<app::Shape>(std::make_unique<app::Square>());
    }
    static int look(gantry::Context& context, gantry::Ref<std::mutex> m, const gantry::Ref<const app::Shape>& s,
                    gantry::Ref<app::Fixed> f, gantry::Ref<const std::unique_ptr<app::Shape>> held, int n) {
      const std::scoped_lock guard(*m);
      f->x = n;
      return s->area() + (*held)->area() + static_cast<int>(context.attempt());
    }
    static gantry::Fd pass(const gantry::Fd& one, gantry::Fd other) {
      return one ? std::move(other) : gantry::Fd();
    }
    GANTRY_PLUGIN("good", "1", gantry::function<lock>("lock"), gantry::function<thread>("thread"),
                  gantry::function<future>("future"), gantry::function<owner>("owner"),
                  gantry::function<shared>("shared"), gantry::function<file>("file"), gantry::function<plain>("plain"),
                  gantry::function<no_default>("no_default"), gantry::function<fixed>("fixed"),
                  gantry::function<shape>("shape"), gantry::function<held>("held"),
                  gantry::function<look>("look", {"m", "s", "f", "held", "n = 3"}),
                  gantry::function<pass>("pass", {"one", "other"}));
  )cpp");
}
TEST_CASE("accepted: what tasks share, as parameters") {
  is_accepted(R"cpp(
    static std::optional<int> f(gantry::Context&, gantry::Queue<std::vector<std::string>>& queue, int n,
                                gantry::Counter& counter, gantry::Array<double>& array) {
      counter.add();
      counter.add(-n);
      array.add(0, 0.5);
      if (const auto texts = queue.get(std::chrono::milliseconds(5))) queue.put(*texts);
      if (queue.ended()) queue.close();
      return static_cast<int>(counter.load()) + static_cast<int>(array.load(0) + array.load_all().at(0));
    }
    GANTRY_PLUGIN("good", "1", gantry::function<f>("f", {"queue", "n = 3", "counter", "array"}));
  )cpp");
}
TEST_CASE("refused: members that cannot be sent") {
  is_refused("members");
}
TEST_CASE("refused: a wrong count of names") {
  is_refused("count");
}
TEST_CASE("refused: two equal names") {
  is_refused("equal_names");
}
TEST_CASE("refused: names of parameters, functions and plugins") {
  is_refused("bad_name");
  is_refused("bad_function_name");
  is_refused("bad_plugin_name");
}
TEST_CASE("refused: a doc of two lines") {
  is_refused("doc_lines");
}
TEST_CASE("refused: a default that does not fit") {
  is_refused("default_too_large");
}
TEST_CASE("refused: states that nobody makes, and begins that cannot be") {
  is_refused("state");
}
TEST_CASE("refused: what is no function") {
  is_refused("no_function");
}

TEST_CASE("accepted: a plugin within a namespace, all kinds of functions, without a warning") {
  is_accepted(R"cpp(
    namespace author {
    static int one(int a) {
      return a;
    }
    static int two(const std::string&, std::vector<int>&&) noexcept {
      return 2;
    }
    struct Tool {
      static gantry::Result<void> use(gantry::Context&, std::optional<double>) { return {}; }
    };
    enum class Mode : signed char { off = -1, on = 1 };
    static Mode flip(Mode mode) {
      return mode == Mode::off ? Mode::on : Mode::off;
    }
    GANTRY_PLUGIN("good", "0.1.0", gantry::function<one>("one", {"a = -5"}), gantry::function<two>("two", {"a", "b"}),
                  gantry::function<Tool::use>("use", {"x = null"}, "Uses."),
                  gantry::function<flip>("flip", {"mode = off"}),
                  gantry::thread_safe(gantry::function<[] {}>("nothing")));
    }  // namespace author
  )cpp");
}

TEST_CASE("accepted: structs with every form of serialize") {
  is_accepted(R"cpp(
    struct Member {
      int x = 0;
      template <class A>
      void serialize(A& a) {
        a(CEREAL_NVP(x));
      }
    };
    struct Free {
      int x = 0;
    };
    template <class A>
    void serialize(A& a, Free& f) {
      a& cereal::make_nvp("x", f.x);
    }
    class Private {
      friend class cereal::access;
      int x = 0;
      template <class A>
      void serialize(A& a) {
        a(CEREAL_NVP(x));
      }
    };
    struct Derived : Member {
      int y = 0;
      template <class A>
      void serialize(A& a) {
        a(cereal::base_class<Member>(this), CEREAL_NVP(y));
      }
    };
    struct Outside {
      int x = 0;
    };
    namespace cereal {
    template <class A>
    void serialize(A& a, Outside& o) {
      a(make_nvp("x", o.x));
    }
    }  // namespace cereal
    static void f(const Member&, Free, Private, const std::vector<Derived>&, Outside) {}
    GANTRY_PLUGIN("good", "1", gantry::function<f>("f", {"a", "b", "c", "d", "e"}));
  )cpp");
}
