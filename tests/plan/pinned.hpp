// A catalog of functions that pin, use and change, and pipelines of them.
#pragma once

#include <string>
#include <utility>

#include "pipelines.hpp"
#include "signature/type.hpp"

namespace gantry::test {

[[nodiscard]] inline signature::Catalog pinning() {
  signature::Plugin made{"db", "1.0.0", "", "/plugins/libdb.so", {}, {}, {}};
  const std::pair<const char*, const char*> functions[] = {
      {"open", "(path: str, n: u64 = 0) -> pin<db.session>"},
      {"pool", "() -> pin<db.pool, sync>"},
      {"prepare", "(session: pin<db.session>, sql: str = \"x\") -> pin<db.statement>"},
      {"share", "(session: pin<db.session>) -> pin<db.pool, sync>"},
      {"lend", "(pool: pin<db.pool>) -> pin<db.session>"},
      {"other", "() -> pin<db.other>"},
      {"query", "(session: pin<db.session>, n: u64 = 0) -> u64"},
      {"run", "(statement: pin<db.statement>, n: u64 = 0) -> u64"},
      {"ask", "(pool: pin<db.pool>, n: u64 = 0) -> u64"},
      {"grow", "(pool: pin<db.pool, mut>) -> u64"},
      {"both", "(a: pin<db.session>, b: pin<db.session>) -> u64"},
      {"with", "(session: pin<db.session>, statement: pin<db.statement>) -> u64"},
      {"change", "(session: pin<db.session, mut>, n: u64 = 0) -> u64"},
      {"count", "(n: u64) -> u64"},
      {"sum", "(values: [u64]) -> u64"},
      {"text", "(text: str) -> str"},
      {"file", "(path: str) -> fd"},
      {"size", "(file: fd) -> u64"},
  };
  for (const auto& [name, text] : functions) {
    made.functions.push_back(
        {name, "", *signature::parse_signature(text), 1, static_cast<std::uint32_t>(made.functions.size())});
  }
  return {{made}};
}

[[nodiscard]] inline Built build_pinned(const std::string& text, host::Mode mode = host::Mode::process) {
  return build(text, pinning(), "[db]", mode);
}

}  // namespace gantry::test
