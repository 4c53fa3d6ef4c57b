// Thread mode takes only functions that are declared thread-safe: the overload that is called decides.
#include <catch2/catch.hpp>
#include <string>

#include "gantry/abi.h"
#include "plan/pipelines.hpp"

namespace gantry::test {
namespace {

/// std.sum of u64 and primes.count are declared thread-safe, nothing else.
signature::Catalog partly_safe() {
  signature::Catalog all = catalog();
  all.plugins[0].functions[0].flags |= GANTRY_THREAD_SAFE;
  all.plugins[1].functions[0].flags |= GANTRY_THREAD_SAFE;
  return all;
}

/// The diagnostics in this mode.
std::string said(const std::string& steps, host::Mode mode) {
  config::Sources sources;
  config::Diagnostics diagnostics;
  const auto config = config::read("p.yaml", "gantry: 1\nplugins: [primes, std, numbers, shapes]\n" + steps,
                                   "/pipelines", {}, sources, diagnostics);
  const plan::Environment nothing = [](const std::string&) { return std::nullopt; };
  static_cast<void>(plan::build(config, partly_safe(), nothing, sources, diagnostics, mode));
  return config::render(diagnostics, sources);
}

struct Row {
  const char* name;
  const char* steps;
  const char* in_threads;
};

const Row rows[] = {
    {"a safe function", "steps: [{id: a, call: primes.count, args: {low: 1, high: 2}}]\n", ""},
    {"one that is not, between two that are", R"yaml(steps:
  - {id: a, call: primes.count, args: {low: 1, high: 2}}
  - {id: b, call: primes.nth, args: {n: $a}}
  - {id: c, call: std.sum, args: {values: [1, 2]}}
)yaml",
     R"text(p.yaml:5:19: error[E0506]: primes.nth is not declared thread-safe, so it cannot run in thread mode
   5 |   - {id: b, call: primes.nth, args: {n: $a}}
     |                   ^
note: primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
help: use --mode process; or declare it gantry::thread_safe in its plugin, if it may run on several threads at once
)text"},
    {"the overload that is called is not", "steps: [{id: a, call: std.sum, args: {values: [0.5]}}]\n",
     R"text(p.yaml:3:23: error[E0506]: std.sum is not declared thread-safe, so it cannot run in thread mode
   3 | steps: [{id: a, call: std.sum, args: {values: [0.5]}}]
     |                       ^
note: std.sum(values: [f64]) -> f64, in libstd.so 1.0.0
help: use --mode process; or declare it gantry::thread_safe in its plugin, if it may run on several threads at once
)text"},
};

}  // namespace

TEST_CASE("thread mode refuses functions that are not declared thread-safe, process mode does not") {
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(said(row.steps, host::Mode::thread) == row.in_threads);
    CHECK(said(row.steps, host::Mode::process).empty());
  }
}

TEST_CASE("a call that no overload takes is not also told to be unsafe") {
  const std::string told = said("steps: [{id: a, call: std.sum, args: {values: [{}]}}]\n", host::Mode::thread);
  CHECK(told.find("error[E0405]") != std::string::npos);
  CHECK(told.find("error[E0506]") == std::string::npos);
}

}  // namespace gantry::test
