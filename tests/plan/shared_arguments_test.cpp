// Results that lie in shared memory: arguments that need no copy of them, and those that do, with the same bytes.
#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <utility>

#include "pipelines.hpp"
#include "signature/codec.hpp"

namespace gantry::test {
namespace {

/// As a shelf is: one frame, then only the same again.
class FakeShared final : public signature::SharedBytes {
 public:
  explicit FakeShared(signature::Bytes bytes) : bytes_(std::move(bytes)) {}
  [[nodiscard]] signature::View bytes() const override { return bytes_; }
  [[nodiscard]] Place place() const override { return {7, 0, {}}; }
  [[nodiscard]] std::shared_ptr<const SharedBytes> framed(signature::View before,
                                                          signature::View after) const override {
    signature::Bytes whole(before.begin(), before.end());
    signature::append(whole, bytes_);
    signature::append(whole, after);
    if (!frame_) frame_ = std::make_shared<FakeShared>(whole);
    return frame_->bytes_ == whole ? frame_ : nullptr;
  }

 private:
  signature::Bytes bytes_;
  mutable std::shared_ptr<FakeShared> frame_;
};

/// A table of which all values, and all lists of them, are shared.
class SharedTable final : public plan::Values {
 public:
  explicit SharedTable(const Table& table) : table_(table) {}
  [[nodiscard]] std::uint64_t tasks(plan::StepIndex step) const override { return table_.tasks(step); }
  [[nodiscard]] signature::View value(plan::StepIndex step, std::uint64_t index) const override {
    return table_.value(step, index);
  }
  [[nodiscard]] bool has_value(plan::StepIndex step, std::uint64_t index) const override {
    return table_.has_value(step, index);
  }
  void append_all(plan::StepIndex step, signature::Bytes& to) const override { table_.append_all(step, to); }
  [[nodiscard]] std::shared_ptr<const signature::SharedBytes> shared_all(plan::StepIndex step) const override {
    auto& kept = lists_[raw(step)];
    signature::Bytes all;
    table_.append_all(step, all);
    if (!kept) kept = std::make_shared<FakeShared>(std::move(all));
    return kept;
  }
  [[nodiscard]] std::shared_ptr<const signature::SharedBytes> shared_value(plan::StepIndex step,
                                                                           std::uint64_t index) const override {
    auto& kept = values_[{raw(step), index}];
    const auto bytes = table_.value(step, index);
    if (!kept) kept = std::make_shared<FakeShared>(signature::Bytes(bytes.begin(), bytes.end()));
    return kept;
  }

 private:
  const Table& table_;
  mutable std::map<std::uint32_t, std::shared_ptr<FakeShared>> lists_;
  mutable std::map<std::pair<std::uint32_t, std::uint64_t>, std::shared_ptr<FakeShared>> values_;
};

signature::Catalog functions() {
  signature::Plugin made{"t", "1.0.0", "", "/plugins/libt.so", {}, {}, {}};
  const std::pair<const char*, const char*> all[] = {
      {"make", "(n: u64) -> u64"},
      {"small", "(n: u64) -> u32"},
      {"text", "(n: u64) -> str"},
      {"list", "(n: u64) -> [u64]"},
      {"small_list", "(n: u64) -> [u32]"},
      {"item", "(n: u64) -> {name: str, values: [u64]}"},
      {"one", "(values: [u64]) -> u64"},
      {"after", "(values: [u64], by: u16) -> u64"},
      {"before", "(by: u16, values: [u64]) -> u64"},
      {"around", "(label: str, values: [u64], by: u8) -> u64"},
      {"two", "(a: [u64], b: [u64]) -> u64"},
      {"maybe", "(values: [u64]?) -> u64"},
      {"lists", "(values: [[u64]]) -> u64"},
      {"name", "(name: str, index: u64 = 7) -> str"},
      {"names", "(values: [str]) -> str"},
  };
  for (const auto& [name, text] : all) {
    const auto signature = signature::parse_signature(text);
    REQUIRE(signature);
    made.functions.push_back({name, "", *signature, 0, static_cast<std::uint32_t>(made.functions.size())});
  }
  return {{made}};
}

constexpr const char* kSteps =
    "steps:\n"
    "  - {id: p, call: t.make, each: {n: {range: [0, 3]}}, args: {n: $n}}\n"
    "  - {id: q, call: t.make, each: {n: {range: [0, 2]}}, args: {n: $n}}\n"
    "  - {id: s, call: t.small, each: {n: {range: [0, 2]}}, args: {n: $n}}\n"
    "  - {id: l, call: t.list, args: {n: 1}}\n"
    "  - {id: k, call: t.small_list, args: {n: 1}}\n"
    "  - {id: m, call: t.list, each: {n: {range: [0, 2]}}, args: {n: $n}}\n"
    "  - {id: t, call: t.text, args: {n: 1}}\n"
    "  - {id: i, call: t.item, args: {n: 1}}\n";

const std::map<std::string, std::vector<std::string>> given{
    {"p", {"10", "20", "30"}}, {"q", {"4", "5"}},
    {"s", {"6", "7"}},         {"l", {"[1,2,3]"}},
    {"k", {"[8,9]"}},          {"m", {"[40,41]", "[50]"}},
    {"t", {R"("text")"}},      {"i", {R"({"name":"n","values":[60]})"}},
};

enum class Form : std::uint8_t { shared, row, slots, rows };

struct Row {
  std::string name;
  std::string step;       ///< what follows its id
  std::string arguments;  ///< of all tasks, as JSON
  Form form = Form::row;
};

const std::vector<Row> rows{
    {"all values", "call: t.one, args: {values: $p}", "[[10,20,30]]", Form::shared},
    {"with a number behind", "call: t.after, args: {values: $p, by: 3}", "[[10,20,30],3]", Form::shared},
    {"with a number before", "call: t.before, args: {values: $p, by: 3}", "[3,[10,20,30]]", Form::shared},
    {"with both", "call: t.around, args: {label: ab, values: $p, by: 9}", R"(["ab",[10,20,30],9])", Form::shared},
    {"for each of some tasks, all the same", "call: t.one, each: {_n: {range: [0, 2]}}, args: {values: $p}",
     "[[10,20,30]] [[10,20,30]]", Form::shared},
    {"two lists", "call: t.two, args: {a: $p, b: $q}", "[[10,20,30],[4,5]]"},
    {"one list twice", "call: t.two, args: {a: $p, b: $p}", "[[10,20,30],[10,20,30]]"},
    {"converted", "call: t.one, args: {values: $s}", "[[6,7]]"},
    {"one converted, one not", "call: t.two, args: {a: $s, b: $q}", "[[6,7],[4,5]]", Form::shared},
    {"beside the index", "call: t.after, each: {_n: {range: [0, 2]}}, args: {values: $p, by: $index}",
     "[[10,20,30],0] [[10,20,30],1]", Form::slots},
    {"beside a range", "call: t.before, each: {n: {range: [5, 9, 3]}}, args: {values: $p, by: $n}",
     "[5,[10,20,30]] [8,[10,20,30]]", Form::slots},
    {"beside what is no number of a range", "call: t.after, each: {n: {values: [5, 6]}}, args: {values: $p, by: $n}",
     "[[10,20,30],5] [[10,20,30],6]", Form::rows},
    {"beside a streamed result", "call: t.around, each: {x: $s}, args: {label: \"${x}\", values: $p, by: 1}",
     R"(["6",[10,20,30],1] ["7",[10,20,30],1])", Form::rows},
    {"one value", "call: t.one, args: {values: $l}", "[[1,2,3]]", Form::shared},
    {"one value with numbers around", "call: t.around, args: {label: ab, values: $l, by: 9}", R"(["ab",[1,2,3],9])",
     Form::shared},
    {"one value of many", "call: t.after, args: {values: $m.1, by: 2}", "[[50],2]", Form::shared},
    {"two values", "call: t.two, args: {a: $m.1, b: $m.0}", "[[50],[40,41]]"},
    {"a value and a list", "call: t.two, args: {a: $l, b: $p}", "[[1,2,3],[10,20,30]]"},
    {"a value, converted", "call: t.one, args: {values: $k}", "[[8,9]]"},
    {"a value where there may be none", "call: t.maybe, args: {values: $l}", "[[1,2,3]]"},
    {"a part of a value", "call: t.one, args: {values: $i.values}", "[[60]]"},
    {"values of any size, all", "call: t.lists, args: {values: $m}", "[[[40,41],[50]]]"},
    {"a list of values", "call: t.lists, args: {values: [$l]}", "[[[1,2,3]]]", Form::shared},
    {"a list of two values", "call: t.lists, args: {values: [$l, [5], $m.0]}", "[[[1,2,3],[5],[40,41]]]"},
    {"a text", "call: t.name, args: {name: $t}", R"(["text",7])", Form::shared},
    {"a text beside the index", "call: t.name, each: {_n: {range: [0, 2]}}, args: {name: $t, index: $index}",
     R"(["text",0] ["text",1])", Form::slots},
    {"a text inside a text", "call: t.name, args: {name: \"<${t}>${t}\"}", R"(["<text>text",7])"},
    {"a text inside a text that varies", "call: t.name, each: {n: {range: [0, 2]}}, args: {name: \"${t}-${n}\"}",
     R"(["text-0",7] ["text-1",7])", Form::rows},
    {"a text among texts", "call: t.names, args: {values: [a, $t]}", R"([["a","text"]])", Form::shared},
    {"a text among elements", "call: t.name, each: {x: {values: [$t, b, \"${t}!\"]}}, args: {name: $x}",
     R"(["text",7] ["b",7] ["text!",7])", Form::rows},
};

/// The arguments of all tasks as bytes, and as JSON.
std::pair<std::vector<signature::Bytes>, std::string> shown(const plan::Arguments& arguments,
                                                            const plan::Values& values, const signature::Type& type) {
  std::pair<std::vector<signature::Bytes>, std::string> all;
  for (std::uint64_t index = 0; index < arguments.tasks(); ++index) {
    signature::Bytes bytes;
    REQUIRE(arguments.append(index, values, bytes));
    REQUIRE(signature::validate(type, bytes));
    if (!all.second.empty()) all.second += ' ';
    REQUIRE(signature::append_json(type, bytes, all.second));
    if (const auto made = arguments.as_template()) {
      const auto view = made->arguments();
      signature::Bytes filled(view.begin(), view.end());
      for (const auto& slot : made->slots) signature::fill(slot, index, filled.data());
      CHECK(filled == bytes);
    }
    all.first.push_back(std::move(bytes));
  }
  return all;
}

Form form_of(const plan::Arguments& arguments) {
  const auto made = arguments.as_template();
  if (!made) return Form::rows;
  if (made->shared) {
    CHECK((made->row.empty() && made->slots.empty()));
    return Form::shared;
  }
  return made->slots.empty() ? Form::row : Form::slots;
}

Table table_of(const plan::Plan& plan) {
  Table table;
  for (const auto& [id, values] : given) {
    const auto step = step_of(plan, id);
    table.put(step, plan.steps()[raw(step)].result, values);
  }
  return table;
}

signature::Type parameters_of(const plan::Step& step) {
  const auto all = functions();
  signature::Type type{signature::Kind::tuple, {}, {}, 0};
  for (const auto& one : all.plugins[step.plugin].functions[step.function].signature.parameters)
    type.of.push_back(one.type);
  return type;
}

TEST_CASE("arguments from shared results have the bytes of a copy, and are one where they can be") {
  for (const Row& one : rows) {
    SECTION(one.name) {
      const auto built = build(kSteps + ("  - {id: a, " + one.step + "}\n"), functions(), "[t]");
      INFO(config::render(built.diagnostics, built.sources));
      REQUIRE(built.diagnostics.empty());
      const Table plain = table_of(built.plan);
      const SharedTable shared(plain);
      const auto step = step_of(built.plan, "a");
      const auto type = parameters_of(built.plan.steps()[raw(step)]);

      const auto copied = built.plan.prepare(step, plain);
      REQUIRE(copied);
      const auto from_plain = shown(**copied, plain, type);
      CHECK(from_plain.second == one.arguments);
      CHECK(form_of(**copied) == (one.form == Form::shared ? Form::row : one.form));

      const auto mapped = built.plan.prepare(step, shared);
      REQUIRE(mapped);
      CHECK(shown(**mapped, shared, type) == from_plain);
      CHECK(form_of(**mapped) == one.form);
    }
  }
}

TEST_CASE("two steps share one list if its surroundings are the same, else the second copies it") {
  const auto built = build(std::string(kSteps) +
                               "  - {id: a, call: t.after, args: {values: $p, by: 3}}\n"
                               "  - {id: b, call: t.after, args: {values: $p, by: 3}}\n"
                               "  - {id: c, call: t.after, args: {values: $p, by: 4}}\n"
                               "  - {id: d, call: t.before, args: {values: $p, by: 3}}\n",
                           functions(), "[t]");
  INFO(config::render(built.diagnostics, built.sources));
  REQUIRE(built.diagnostics.empty());
  const Table plain = table_of(built.plan);
  const SharedTable shared(plain);
  std::vector<std::shared_ptr<const signature::Template>> templates;
  const std::pair<std::string, std::string> expected[] = {
      {"a", "[[10,20,30],3]"}, {"b", "[[10,20,30],3]"}, {"c", "[[10,20,30],4]"}, {"d", "[3,[10,20,30]]"}};
  for (const auto& [id, json] : expected) {
    const auto step = step_of(built.plan, id);
    const auto arguments = built.plan.prepare(step, shared);
    REQUIRE(arguments);
    CHECK(shown(**arguments, shared, parameters_of(built.plan.steps()[raw(step)])).second == json);
    templates.push_back((*arguments)->as_template());
    REQUIRE(templates.back());
  }
  REQUIRE((templates[0]->shared && templates[1]->shared));
  CHECK(templates[0]->shared->bytes().data() == templates[1]->shared->bytes().data());
  CHECK((!templates[2]->shared && !templates[2]->row.empty()));
  CHECK((!templates[3]->shared && !templates[3]->row.empty()));
}

}  // namespace
}  // namespace gantry::test
