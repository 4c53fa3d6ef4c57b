// A table of cases: types that cannot be sent, with their sentences, and types that can; each as parameter, as result,
// as member of a struct, and inside lists, optionals and maps. The sources are put together here, a run of the compiler
// for each half.
#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

#include "sdk/refusals.hpp"

namespace {

/// Around a type.
struct Wrapper {
  const char* name;
  const char* before;
  const char* after;
};
constexpr Wrapper wrappers[] = {{"plain", "", ""},
                                {"list", "std::vector<", ">"},
                                {"optional", "std::optional<", ">"},
                                {"map", "std::map<std::string, ", ">"}};

std::string wrap(const Wrapper& wrapper, const std::string& type) {
  return wrapper.before + type + wrapper.after;
}
/// As g++ spells it: > > with a space.
std::string spell(const Wrapper& wrapper, const std::string& type) {
  return wrapper.before + type + (*wrapper.after != '\0' && type.ends_with('>') ? " " : "") + wrapper.after;
}

const std::string headers = R"(#include <array>
#include <atomic>
#include <condition_variable>
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <thread>
#include <gantry/plugin.hpp>
)";

// --- what cannot be sent ---

const std::string wrong_types = R"(namespace bad {
using FunctionPointer = int (*)(int);
inline auto closure = [](int x) { return x; };
using Lambda = decltype(closure);
struct Plain { int x; };
using MemberPointer = int Plain::*;
class Connection { public: explicit Connection(const std::string&); int query(int); private: int socket_; };
struct Shape { virtual ~Shape() = default; int x = 0; template <class A> void serialize(A& a) { a(CEREAL_NVP(x)); } };
struct Circle : Shape { int r = 0; template <class A> void serialize(A& a) { a(cereal::base_class<Shape>(this), CEREAL_NVP(r)); } };
struct Abstract { virtual ~Abstract() = default; virtual void f() = 0; int x = 0; template <class A> void serialize(A& a) { a(CEREAL_NVP(x)); } };
struct SaveOnly { int x = 0; template <class A> void save(A& a) const { a(CEREAL_NVP(x)); } };
struct LoadOnly { int x = 0; template <class A> void load(A& a) { a(CEREAL_NVP(x)); } };
struct NoDefault { explicit NoDefault(int given) : x(given) {} int x; template <class A> void serialize(A& a) { a(CEREAL_NVP(x)); } };
)";

enum class Member : std::uint8_t { usual, unmovable, impossible };

struct Wrong {
  const char* name;
  const char* type;     ///< as written in namespace bad
  const char* spelled;  ///< as g++ spells it
  const char* reason;
  bool pinned = false;            ///< the sentence offers to pin it
  Member member = Member::usual;  ///< unmovable: so is a struct with it
  const char* initial = "";       ///< of a member
};

const char* const pointer =
    "a pointer means nothing in another process. Pass the value itself, or a std::vector or "
    "std::optional of it";
const char* const text_pointer = "a pointer means nothing in another process. Use std::string";
const char* const code = "code is not a value. Pass an enum or a std::string that says which function to use";
const char* const lambda =
    "a lambda is code, not a value. Pass its captures as parameters, and an enum that says what "
    "to do with them";
const char* const text_view = "it only looks at memory that the other process does not have. Use std::string";
const char* const view = "it only looks at memory that the other process does not have. Use std::vector or std::array";
const char* const lock =
    "locks and threads live in one process. Leave it out: each task has its own arguments, and "
    "nothing to lock";
const char* const atomic = "it is shared memory of one process. Pass the plain value, and return what changed";
const char* const owner = "it owns memory of this process. Pass the value itself, or std::optional of it";
const char* const shared = "sharing ends at the edge of a process. Pass the value itself, or std::optional of it";
const char* const watcher = "it watches memory of this process. Pass the value itself, or std::optional of it";
const char* const file =
    "an open file belongs to one process. Pass its path as std::string, and open it in the "
    "function";
const char* const derived =
    "what a class derived from it adds would be lost without a word. Make the concrete class final, with a serialize "
    "that names all its fields, and use that";
const char* const abstract = "an abstract class has no values of its own. Use the concrete class";
const char* const fieldless =
    "its fields are not known. Give it a serialize: template <class A> void serialize(A& a) { "
    "a(CEREAL_NVP(x), CEREAL_NVP(y)); }, or pass its parts";
const char* const save_only = "it has save, but no load. Replace both by one serialize with CEREAL_NVP for each field";
const char* const load_only = "it has load, but no save. Replace both by one serialize with CEREAL_NVP for each field";
const char* const no_default = "it is built first and filled in then, but has no default constructor. Give it one";
const char* const no_move =
    "it can be neither moved nor copied, like anything with a lock or an atomic in it. Make it "
    "movable, or pass its parts";

const std::vector<Wrong> wrong{
    {"pointer", "int*", "int*", pointer},
    {"const_pointer", "const Plain*", "const bad::Plain*", pointer},
    {"text_pointer", "const char*", "const char*", text_pointer},
    {"file_pointer", "std::FILE*", "_IO_FILE*", pointer},
    {"string_view", "std::string_view", "std::string_view", text_view},
    {"span", "std::span<const double>", "std::span<const double>", view},
    {"function", "std::function<int(int)>", "std::function<int(int)>", code},
    {"function_pointer", "FunctionPointer", "int (*)(int)", code},
    {"member_pointer", "MemberPointer", "int bad::Plain::*", code},
    {"lambda", "Lambda", "bad::<lambda(int)>", lambda},
    {"mutex", "std::mutex", "std::mutex", lock, true, Member::unmovable},
    {"condition", "std::condition_variable", "std::condition_variable", lock, true, Member::unmovable},
    {"thread", "std::thread", "std::thread", lock, true},
    {"jthread", "std::jthread", "std::jthread", lock, true},
    {"future", "std::future<int>", "std::future<int>", lock, true},
    {"atomic", "std::atomic<int>", "std::atomic<int>", atomic, false, Member::unmovable},
    {"unique_ptr", "std::unique_ptr<int>", "std::unique_ptr<int>", owner, true},
    {"unique_base", "std::unique_ptr<Abstract>", "std::unique_ptr<bad::Abstract>", owner, true},
    {"shared_ptr", "std::shared_ptr<int>", "std::shared_ptr<int>", shared, true},
    {"weak_ptr", "std::weak_ptr<int>", "std::weak_ptr<int>", watcher},
    {"in_file", "std::ifstream", "std::basic_ifstream<char>", file, true},
    {"out_file", "std::ofstream", "std::basic_ofstream<char>", file, true},
    {"base", "Shape", "bad::Shape", derived, true},
    {"derived", "Circle", "bad::Circle", derived, true},
    {"abstract", "Abstract", "bad::Abstract", abstract, true, Member::impossible},
    {"long_double", "long double", "long double", "its size and bytes differ between machines. Use double"},
    {"connection", "Connection", "bad::Connection", fieldless, true, Member::usual, "{\"\"}"},
    {"save_only", "SaveOnly", "bad::SaveOnly", save_only},
    {"load_only", "LoadOnly", "bad::LoadOnly", load_only},
    {"no_default", "NoDefault", "bad::NoDefault", no_default, true, Member::usual, "{1}"},
};

std::string kept(const Wrong& one, const std::string& type, bool result) {
  if (!one.pinned) return "";
  const bool whole = one.reason == abstract && type == one.spelled;
  const std::string held = whole ? "<std::unique_ptr<" + type + ">>" : "<" + type + ">";
  if (result) return "; or keep it in its worker: return gantry::Pinned" + held;
  return "; or keep it in its worker as gantry::Pinned" + held + ", and take gantry::Ref" + held;
}

/// ", cannot be sent to another process: …"
std::string cannot(const Wrong& one, const std::string& spelled) {
  const std::string inside = spelled == one.spelled ? "" : std::string("inside it, ") + one.spelled + ": ";
  return spelled + ", cannot be sent to another process: " + inside + one.reason;
}

/// A source, line by line, and what must be said of it.
struct Source {
  std::string text;
  std::string functions;
  std::vector<std::string> sentences;
  std::map<std::string, std::string> places;  ///< of members: a part of the trace, by sentence
  std::size_t line = 1;

  void add(const std::string& more) {
    text += more;
    line += static_cast<std::size_t>(std::ranges::count(more, '\n'));
  }
  void function(const std::string& name, const char* parameters) {
    functions +=
        ",\n gantry::function<" + name + ">(\"" + name.substr(name.rfind(':') + 1) + "\", {" + parameters + "})";
  }
  [[nodiscard]] std::string whole() const { return text + "}\nGANTRY_PLUGIN(\"table\", \"1\"" + functions + ");\n"; }
};

void add_member(Source& to, const Wrong& one, const Wrapper& wrapper, const std::string& name) {
  const bool plain = *wrapper.after == '\0';
  const bool optional = std::string(wrapper.name) == "optional";
  const std::string type = wrap(wrapper, one.type);
  const std::string structure = "Has_" + name;
  if (one.member == Member::impossible) return;
  to.add("struct " + structure + " { " + type + " m" + (plain ? one.initial : "") +
         "; template <class A> void serialize(A& a) { a(CEREAL_NVP(m)); } };\n");
  const std::string place = "table.cpp:" + std::to_string(to.line - 1) + ":";
  to.add("void member_" + name + "(const " + structure + "&);\n");
  to.function("bad::member_" + name, "\"a\"");
  if (one.member == Member::unmovable && (plain || optional)) {
    const std::string held = "<bad::" + structure + ">";
    to.sentences.push_back("parameter 1 of bad::member_" + name + ", bad::" + structure +
                           ", cannot be sent to another process: " + no_move +
                           "; or keep it in its worker as gantry::Pinned" + held + ", and take gantry::Ref" + held +
                           ".");
    return;
  }
  const std::string whole = one.pinned ? "; or keep the whole struct in its worker, with gantry::Pinned" : "";
  to.sentences.push_back("a member of type " + cannot(one, spell(wrapper, one.spelled)) + whole + ".");
  to.places[to.sentences.back()] = place;
}

Source all_wrong() {
  Source source;
  source.add(headers + wrong_types);
  for (const Wrong& one : wrong) {
    for (const Wrapper& wrapper : wrappers) {
      const std::string name = std::string(one.name) + "_" + wrapper.name;
      const bool no_type = one.reason == abstract && std::string(wrapper.name) == "optional";
      if (no_type) continue;  // std::optional refuses it before we can
      const std::string type = wrap(wrapper, one.type);
      const std::string spelled = spell(wrapper, one.spelled);
      const bool by_value = one.reason != abstract && *wrapper.after == '\0';
      const std::string passed = by_value ? type : "const " + type + "&";
      source.add("void takes_" + name + "(bool, " + passed + ", int);\n");
      source.function("bad::takes_" + name, "\"a\", \"b\", \"c\"");
      source.sentences.push_back("parameter 2 of bad::takes_" + name + ", " + cannot(one, spelled) +
                                 kept(one, spelled, false) + ".");
      source.add((one.reason == abstract ? passed : type) + " gives_" + name + "();\n");
      source.function("bad::gives_" + name, "");
      source.sentences.push_back("the result of bad::gives_" + name + ", " + cannot(one, spelled) +
                                 kept(one, spelled, true) + ".");
      source.add("gantry::Result<" + type + "> tries_" + name + "();\n");
      source.function("bad::tries_" + name, "");
      source.sentences.push_back("the result of bad::tries_" + name + ", " + cannot(one, spelled) +
                                 kept(one, spelled, true) + ".");
      add_member(source, one, wrapper, name);
    }
  }
  return source;
}

// --- what can ---

const std::string right_types = R"(namespace good {
enum class Mode : signed char { off = -1, on = 1 };
enum Loose : int { low, high };
struct Point { double x = 0, y = 0; template <class A> void serialize(A& a) { a(CEREAL_NVP(x), CEREAL_NVP(y)); } };
struct Free { int x = 0; };
template <class A> void serialize(A& a, Free& f) { a & cereal::make_nvp("x", f.x); }
class Private { friend class cereal::access; int x_ = 0; template <class A> void serialize(A& a) { a(cereal::make_nvp("x", x_)); } };
struct Derived : Point { int z = 0; template <class A> void serialize(A& a) { a(cereal::base_class<Point>(this), CEREAL_NVP(z)); } };
struct Shape { virtual ~Shape() = default; int x = 0; template <class A> void serialize(A& a) { a(CEREAL_NVP(x)); } };
struct Circle final : Shape { int r = 0; template <class A> void serialize(A& a) { a(CEREAL_NVP(x), CEREAL_NVP(r)); } };
class Cached { public: template <class A> void serialize(A& a) { a(cereal::make_nvp("x", x_)); } private: int x_ = 0; std::unique_ptr<int> cache_; std::function<void()> hook_; };
struct Movable { Movable() = default; Movable(Movable&&) = default; Movable& operator=(Movable&&) = default; int x = 0; template <class A> void serialize(A& a) { a(CEREAL_NVP(x)); } };
struct Deep { std::vector<std::map<std::string, std::optional<std::array<Point, 2>>>> all; int raw[2][3] = {}; template <class A> void serialize(A& a) { a(CEREAL_NVP(all)); a(CEREAL_NVP(raw)); } };
)";

struct Right {
  const char* name;
  const char* type;
  const char* instead;  ///< of which wrong one, if of one
};

const std::vector<Right> right{
    {"boolean", "bool", ""},
    {"small", "std::uint8_t", ""},
    {"negative", "std::int16_t", ""},
    {"number", "int", "int*"},
    {"large", "unsigned long long", "std::atomic<unsigned long long>"},
    {"single", "float", ""},
    {"real", "double", "long double"},
    {"byte", "std::byte", "char"},
    {"text", "std::string", "std::string_view, const char*, a file"},
    {"bytes", "std::vector<std::byte>", "void*"},
    {"list", "std::vector<double>", "std::span<double>"},
    {"flags", "std::vector<bool>", ""},
    {"array", "std::array<int, 3>", ""},
    {"tuple", "std::tuple<int, std::string, Mode>", ""},
    {"pair", "std::pair<std::string, double>", ""},
    {"single_tuple", "std::tuple<bool>", ""},
    {"map", "std::map<std::string, int>", "std::map<int, int>"},
    {"transparent_map", "std::map<std::string, int, std::less<>>", ""},
    {"hashed_map", "std::unordered_map<std::string, std::vector<int>>", ""},
    {"mode", "Mode", "a function or lambda"},
    {"loose", "Loose", ""},
    {"point", "Point", "a mutex and what it guards"},
    {"free", "Free", "a struct without serialize"},
    {"hidden", "Private", "a private serialize without the friend"},
    {"derived", "Derived", "an inherited serialize"},
    {"circle", "Circle", "a polymorphic base"},
    {"cached", "Cached", "unique_ptr and function, not visited"},
    {"movable", "Movable", "unique_ptr"},
    {"list_of_points", "std::vector<Point>", "shared_ptr"},
    {"deep", "Deep", ""},
};

Source all_right() {
  Source source;
  source.add(headers + right_types);
  for (const Right& one : right) {
    for (const Wrapper& wrapper : wrappers) {
      const std::string name = std::string(one.name) + "_" + wrapper.name;
      const std::string type = wrap(wrapper, one.type);
      const std::string structure = "Has_" + name;
      source.add("struct " + structure + " { " + type +
                 " m{}; template <class A> void serialize(A& a) { a(CEREAL_NVP(m)); } };\n");
      source.add("gantry::Result<" + type + "> takes_" + name + "(gantry::Context&, " + type + ", const " + type +
                 "&, " + type + "&&, const " + structure + "&);\n");
      source.function("good::takes_" + name, "\"a\", \"b\", \"c\", \"d\"");
      source.add(type + " gives_" + name + "();\n");
      source.function("good::gives_" + name, "");
      source.add("const " + structure + "& member_" + name + "() noexcept;\n");
      source.function("good::member_" + name, "");
    }
  }
  return source;
}

}  // namespace

TEST_CASE("refused: each wrong type, as parameter, result and member, plain and inside others") {
  const compiler::Folder folder;
  const Source source = all_wrong();
  const compiler::Outcome outcome = compiler::check(folder.write("table.cpp", source.whole()));
  REQUIRE(outcome.status != 0);
  std::vector<compiler::Failure> given = compiler::failures(outcome.output);
  CHECK(given.size() == source.sentences.size());
  CHECK(source.sentences.size() >= 450);
  for (const std::string& sentence : source.sentences) {
    const auto match = std::ranges::find_if(given, [&](const compiler::Failure& failure) {
      return failure.line.find("{\"" + sentence + "\"}") != std::string::npos;
    });
    if (match == given.end()) {
      FAIL_CHECK("no such error: " << sentence);
      continue;
    }
    const auto place = source.places.find(sentence);
    if (place != source.places.end()) {
      INFO(sentence << "\n" << match->trace);
      const std::size_t at = match->trace.find(place->second);
      CHECK(at != std::string::npos);
      CHECK(match->trace.substr(std::min(at, match->trace.size())).find("::serialize(A&)") < 120);
    }
    given.erase(match);
  }
  for (const compiler::Failure& failure : given) FAIL_CHECK("unexpected: " << failure.line);
}

TEST_CASE("accepted: as many right types, in the same places, without a warning") {
  const compiler::Folder folder;
  CHECK(right.size() >= wrong.size());
  const compiler::Outcome outcome = compiler::check(folder.write("table.cpp", all_right().whole()), compiler::strict);
  INFO(outcome.output);
  CHECK(outcome.status == 0);
}
