#include <catch2/catch.hpp>
#include <string>

#include "worker/driver.hpp"
#include "worker/lifecycle.hpp"
#include "worker/module.hpp"

using namespace gantry;

TEST_CASE("what a begin asks for that only a task has is refused, and the begin fails whatever it returns") {
  const std::string no_pins = "plugin: begin keeps, gives and takes no pinned values and no open files";
  struct Row {
    std::uint64_t what;
    std::string says;      ///< when it passes on what it was told
    std::string heedless;  ///< when it says that all is well
  };
  const std::string no_shared = "plugin: begin uses no shared objects: only tasks do";
  const std::string no_result = "result: begin has no result";
  const Row table[] = {
      {0, "", ""},
      {1, no_shared, no_shared},
      {2, no_pins, no_pins},
      {3, no_pins, no_pins},
      {4, no_pins, no_pins},
      {5, no_pins, no_pins},
      {6, no_result, no_result},
      {7, no_result, no_result},
      {8, "", ""},
      {9, "no-door: the door is shut", ""},
      {10, "error: it did not say why", ""},
      {11, "plugin: it returned the status 77, which means nothing", ""},
  };
  for (const Row& row : table) {
    for (const bool heedless : {false, true}) {
      CAPTURE(row.what, heedless);
      worker::UniqueSymbols known;
      auto module = worker::load_module(tests::plugin_file("begun"), known);
      REQUIRE(module);
      const auto begun = worker::begin(*module, tests::u64s({row.what, heedless ? 1u : 0u}));
      CHECK((begun ? "" : begun.error().sentence) == (heedless ? row.heedless : row.says));
      CHECK(module->has_begun == begun.has_value());
    }
  }
}
