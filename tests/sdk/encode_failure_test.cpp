// Results that cannot be written, and arguments whose serialize throws: a failed task that names type and field, and
// nothing of what was written before.
#include <catch2/catch.hpp>

#include "sdk/harness.hpp"
#include "sdk/types.hpp"

namespace failing {

using gantry::u64;

struct Line {
  std::string text;
  sample::Colour colour = sample::Colour::red;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(text), CEREAL_NVP(colour));
  }
};
struct Order {
  u64 number = 0;
  std::vector<Line> lines;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(number), CEREAL_NVP(lines));
  }
};

/// Throws before, between or after its fields, as it is told; as a part of others, too.
struct Thrower {
  u64 when = 9;
  u64 more = 0;
  static void stop() { throw std::runtime_error("no further"); }
  template <class Archive>
  void serialize(Archive& archive) {
    if (when == 0) stop();
    archive(CEREAL_NVP(when));
    if (when == 1) stop();
    if (when == 7) throw 7;
    archive(CEREAL_NVP(more));
    if (when == 2) stop();
  }
};
struct Holder {
  bool first = true;
  std::map<std::string, Thrower> parts;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(first), CEREAL_NVP(parts));
  }
};
struct NoDefaultToday {
  NoDefaultToday() = default;
  explicit NoDefaultToday(u64 given) : x(given) {}
  u64 x = 5;
  template <class Archive>
  void serialize(Archive& archive) {
    throw std::logic_error("not today");
    archive(CEREAL_NVP(x));
  }
};

/// As many fields as always, but others.
struct OtherName {
  u64 which = 0;
  u64 value = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(which), cereal::make_nvp(which == 1 ? "other" : "value", value));
  }
};
struct OtherType {
  u64 which = 0;
  u64 whole = 0;
  double real = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(which));
    if (which == 1)
      archive(cereal::make_nvp("value", real));
    else
      archive(cereal::make_nvp("value", whole));
  }
};
struct Turned {
  u64 a = 0;
  u64 b = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    if (a == 1)
      archive(CEREAL_NVP(b), CEREAL_NVP(a));
    else
      archive(CEREAL_NVP(a), CEREAL_NVP(b));
  }
};
/// Names that lie elsewhere each time are the same names.
struct Named {
  u64 x = 0;
  u64 y = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    const std::string first = "a name that is too long to lie in place";
    std::string name;
    for (const char c : first) name += c == ' ' ? '_' : c;
    archive(cereal::make_nvp(name.c_str(), x), CEREAL_NVP(y));
  }
};

/// Goes on after what a field threw.
struct Careless {
  Thrower part;
  sample::Colour colour = sample::Colour::red;
  u64 last = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    try {
      archive(CEREAL_NVP(part));
    } catch (const std::exception&) {
    }
    try {
      archive(CEREAL_NVP(colour));
    } catch (const std::exception&) {
    }
    archive(CEREAL_NVP(last));
  }
};

struct Big {
  std::string name;
  std::vector<std::string> texts;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(name), CEREAL_NVP(texts));
  }
};

static Order order(u64 colour) {
  return {7, {{"a", sample::Colour::green}, {"b", static_cast<sample::Colour>(colour)}}};
}
static Thrower thrower(u64 when) {
  return {when, 1};
}
static std::vector<Holder> holders(u64 when) {
  return {{}, {true, {{"a", {}}, {"b", {when, 1}}}}};
}
static NoDefaultToday today(u64 x) {
  return NoDefaultToday(x);
}
static OtherName other_name(u64 which) {
  return {which, 2};
}
static OtherType other_type(u64 which) {
  return {which, 2, 3};
}
static Turned turned(u64 a) {
  return {a, 2};
}
static Named named(u64 x) {
  return {x, 2};
}
static Careless careless(u64 when) {
  return {{when, 1}, static_cast<sample::Colour>(when == 8 ? 200 : 0), 3};
}
static Big big(u64 size) {
  return {"name", {"x", std::string(size, 'y')}};
}
static std::vector<double> list(u64 size) {
  return std::vector<double>(size);
}
static std::string text(u64 size) {
  return std::string(size, 'x');
}
static u64 take(const Thrower& value) {
  return value.more;
}

constexpr gantry::detail::Table table{
    gantry::function<order>("order", {"x"}),
    gantry::function<thrower>("thrower", {"x"}),
    gantry::function<holders>("holders", {"x"}),
    gantry::function<today>("today", {"x"}),
    gantry::function<other_name>("other_name", {"x"}),
    gantry::function<other_type>("other_type", {"x"}),
    gantry::function<turned>("turned", {"x"}),
    gantry::function<named>("named", {"x"}),
    gantry::function<careless>("careless", {"x"}),
    gantry::function<big>("big", {"x"}),
    gantry::function<list>("list", {"x"}),
    gantry::function<text>("text", {"x"}),
    gantry::function<take>("take", {"value"}),
};

static const gantry_function& find(std::string_view name) {
  static constexpr gantry_descriptor descriptor = table.descriptor("failing", "1");
  return *harness::find(descriptor, name);
}

struct Row {
  std::string_view function;
  u64 argument;
  std::string_view message;  ///< "": it has a value
  std::string_view kind = "encode";
};

}  // namespace failing

TEST_CASE("a result that cannot be written is a failed task that names type and field") {
  using namespace failing;
  const Row rows[] = {
      {"order", 1, ""},
      {"order", 200,
       "the result, in the field `colour` of failing::Line: sample::Colour has no enumerator of value 200"},
      {"thrower", 9, ""},
      {"thrower", 0, "the result, in failing::Thrower: no further"},
      {"thrower", 1, "the result, after the field `when` of failing::Thrower: no further"},
      {"thrower", 2, "the result, after the field `more` of failing::Thrower: no further"},
      {"thrower", 7,
       "the result, after the field `when` of failing::Thrower: an exception of type int, which is no std::exception"},
      {"holders", 9, ""},
      {"holders", 0, "the result, in failing::Thrower: no further"},
      {"holders", 2, "the result, after the field `more` of failing::Thrower: no further"},
      {"today", 5, "the result, in failing::NoDefaultToday: not today"},
      {"other_name", 0, ""},
      {"other_name", 1,
       "the result, after the field `value` of failing::OtherName: serialize of failing::OtherName visited the field "
       "`other: long unsigned int` where its signature has `value: long unsigned int`; it must always visit the same "
       "ones"},
      {"other_name", 0, ""},
      {"other_type", 0, ""},
      {"other_type", 1,
       "the result, after the field `value` of failing::OtherType: serialize of failing::OtherType visited the field "
       "`value: double` where its signature has `value: long unsigned int`; it must always visit the same ones"},
      {"turned", 1,
       "the result, after the field `b` of failing::Turned: serialize of failing::Turned visited the field `b: long "
       "unsigned int` where its signature has `a: long unsigned int`; it must always visit the same ones"},
      {"turned", 0, ""},
      {"named", 0, ""},
      {"named", 1, ""},
      {"careless", 0,
       "the result, in the field `part` of failing::Careless: serialize of failing::Careless caught what a field "
       "threw, and went on with "
       "the "
       "field half written"},
      {"careless", 9, ""},
      {"careless", 2,
       "the result, in the field `part` of failing::Careless: serialize of failing::Careless caught what a field "
       "threw, and went on with the field half written"},
      {"careless", 8,
       "the result, in failing::Careless: serialize of failing::Careless caught what a field "
       "threw, "
       "and went on with the field half written"},
      {"careless", 9, ""},
  };
  for (const std::size_t room : {std::size_t{0}, std::size_t{20}, std::size_t{1000}}) {
    harness::Caller caller(room);
    for (const Row& row : rows) {
      CAPTURE(room, row.function, row.argument);
      harness::Told told;
      const harness::Bytes arguments = harness::packed(row.argument);
      gantry_call call = caller.prepare(find(row.function), arguments, told);
      told.status = find(row.function).run(&call);
      CHECK(told.message == row.message);
      CHECK(told.kind == (row.message.empty() ? "" : row.kind));
      CHECK((told.status == GANTRY_OK) == row.message.empty());
      if (!row.message.empty()) {
        CHECK_FALSE(told.emitted);
        CHECK(call.result_size == 0);
        CHECK(told.failures == 1);
      }
    }
  }
}

TEST_CASE("a result that is too large names its type and the field, before memory is taken for it") {
  using namespace failing;
  const Row rows[] = {
      {"big", 10, ""},
      {"big", 100,
       "the result, failing::Big, in the field `texts` of failing::Big: it has at least 137 bytes; a result has at "
       "most "
       "100",
       "too-large"},
      {"list", 11, ""},
      {"list", 12, "the result, std::vector<double>: it has at least 104 bytes; a result has at most 100", "too-large"},
      {"text", 92, ""},
      {"text", 93, "the result, std::string: it has at least 101 bytes; a result has at most 100", "too-large"},
      {"big", 10, ""},
  };
  harness::Caller caller(16);
  gantry::detail::Scratch small{{}, gantry::detail::Writer(100)};
  void* scratch = &small;
  for (const Row& row : rows) {
    CAPTURE(row.function, row.argument);
    harness::Told told;
    const harness::Bytes arguments = harness::packed(row.argument);
    gantry_call call = caller.prepare(find(row.function), arguments, told);
    call.scratch = &scratch;
    told.status = find(row.function).run(&call);
    CHECK(told.message == row.message);
    CHECK(told.kind == (row.message.empty() ? "" : row.kind));
    CHECK(told.emitted == row.message.empty());
  }
  gantry::detail::Writer writer;
  CHECK_NOTHROW(writer.expect_size(0xFFFF'FFFF));
  CHECK_THROWS_WITH(writer.expect_size(0x1'0000'0000),
                    "it has at least 4294967296 bytes; a result has at most 4294967295");
}

TEST_CASE("an argument whose serialize throws names type and field, too") {
  using namespace failing;
  const Row rows[] = {{"take", 9, "", ""},
                      {"take", 1, "argument 1, after the field `when` of failing::Thrower: no further", "decode"},
                      {"take", 2, "argument 1, after the field `more` of failing::Thrower: no further", "decode"},
                      {"take", 9, "", ""}};
  harness::Caller caller;
  for (const Row& row : rows) {
    const harness::Told told = caller.run(find(row.function), harness::packed(row.argument, gantry::u64{4}));
    CHECK(told.message == row.message);
    CHECK(told.kind == row.kind);
  }
  const harness::Told cut = caller.run(find("take"), harness::packed(gantry::u64{9}, std::uint8_t{4}));
  CHECK(cut.message == "argument 1, in the field `more` of failing::Thrower: the bytes end within a value (8, but 1)");
}
