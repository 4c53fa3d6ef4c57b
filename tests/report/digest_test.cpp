// The digest against the plainest computation of its definition.
#include <xxhash.h>

#include <algorithm>
#include <random>

#include "paper.hpp"
#include "report/printer.hpp"

namespace {

using namespace paper;
using gantry::report::Format;
using gantry::report::Order;
using gantry::report::Printer;

struct Outcome {
  Status status = Status::value;
  std::string bytes;  ///< of the value
  std::string kind;
  std::string message;
};

std::string canonical(const std::string& bytes) {
  XXH128_canonical_t hash;
  XXH128_canonicalFromHash(&hash, XXH3_128bits(bytes.data(), bytes.size()));
  return {reinterpret_cast<const char*>(hash.digest), sizeof hash.digest};
}

bool is_blank(const Outcome& outcome) {
  return outcome.status == Status::skipped || outcome.status == Status::not_run;
}

bool same_blank(const Outcome& a, const Outcome& b) {
  return is_blank(a) && a.status == b.status && a.kind == b.kind && a.message == b.message;
}

std::string word(std::uint64_t number) {
  std::string bytes;
  for (unsigned shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(number >> shift & 0xffU);
  return bytes;
}

/// Item by item, all in memory.
std::string plain_digest(const std::vector<Outcome>& outcomes) {
  std::string statuses;
  std::string lengths;
  std::string bytes;
  for (std::size_t i = 0; i < outcomes.size();) {
    const Outcome& outcome = outcomes[i];
    const std::string one = outcome.status == Status::value ? outcome.bytes : outcome.kind + ": " + outcome.message;
    std::size_t end = i + 1;
    while (end < outcomes.size() && same_blank(outcome, outcomes[end])) ++end;
    statuses += static_cast<char>(outcome.status);
    lengths += word(one.size());
    if (is_blank(outcome)) lengths += word(end - i);
    bytes += one;
    i = end;
  }
  std::string digits;
  for (const char letter : canonical(canonical(statuses) + canonical(lengths) + canonical(bytes))) {
    constexpr std::string_view hex = "0123456789abcdef";
    digits += hex[static_cast<unsigned char>(letter) >> 4U];
    digits += hex[static_cast<unsigned char>(letter) & 0xfU];
  }
  return digits;
}

void put_one(Store& store, bool fixed, std::uint64_t first, std::uint64_t count, const std::vector<Outcome>& outcomes) {
  const Outcome& outcome = outcomes[first];
  if (outcome.status != Status::value) {
    store.put(StepIndex{0}, first, count, Reason{outcome.status, outcome.kind, outcome.message});
    return;
  }
  Bytes bytes;
  std::vector<std::uint64_t> lengths;
  for (std::uint64_t i = first; i < first + count; ++i) {
    gantry::signature::append(bytes, bytes_of(outcomes[i].bytes));
    if (!fixed) lengths.push_back(outcomes[i].bytes.size());
  }
  store.put(StepIndex{0}, first, count, std::move(bytes), std::move(lengths));
}

}  // namespace

TEST_CASE("the digest of nothing is fixed for ever") {
  CHECK(plain_digest({}) == gantry::report::Digest().text());
  gantry::report::Digest sealed;
  sealed.seal();
  CHECK(plain_digest({}) == sealed.text());
  CHECK(sealed.text() == "886aa2170c0c1f38dd18fcb7edce35ba");
}

TEST_CASE("the digest of known outcomes is fixed for ever") {
  const std::vector<Column> columns =
      apart({column("a", "u64", true), column("b", "u64", true, false), column("c", "u64", false)});
  Store store = store_for(columns);
  store.sized(StepIndex{0}, 3);
  store.sized(StepIndex{1}, 0);
  store.put(StepIndex{0}, 0, 2, join(number<std::uint64_t>(1), number<std::uint64_t>(4)), {});
  store.put(StepIndex{0}, 2, 1, Reason{Status::error, "crash", "gone"});
  Paper paper;
  Printer printer(columns, {}, Format::digest, Order::id, paper.sink());
  REQUIRE(printer.finish(store));
  CHECK(plain_digest({{Status::value, {"\1\0\0\0\0\0\0\0", 8}, "", ""},
                      {Status::value, {"\4\0\0\0\0\0\0\0", 8}, "", ""},
                      {Status::error, "", "crash", "gone"}}) == "4c4401d3b17063211f8977d00ac90f5e");
  CHECK(paper.text() ==
        "a 2 ok 1 error 0 skipped 0 not-run xxh3:4c4401d3b17063211f8977d00ac90f5e\n"
        "b 0 ok 0 error 0 skipped 0 not-run xxh3:886aa2170c0c1f38dd18fcb7edce35ba\n"
        "c 0 ok 0 error 0 skipped 0 not-run xxh3:886aa2170c0c1f38dd18fcb7edce35ba\n");
}

TEST_CASE("the digest of tasks that never started is fixed for ever, and takes no longer for 2^63 of them") {
  const Reason not_run{Status::not_run, "not-run", "the run was interrupted"};
  const Reason skipped{Status::skipped, "skipped", "a[0] has no value"};
  const std::vector<std::vector<std::pair<const Reason*, std::uint64_t>>> rows{
      {{&not_run, 3}},
      {{&not_run, 1}, {&not_run, 2}},
      {{&not_run, 2}, {&skipped, 1}},
      {{&skipped, 1}, {&not_run, 2}},
      {{&not_run, 1ULL << 63U}},
  };
  for (const bool unordered : {false, true}) {
    std::vector<std::string> digests;
    for (const auto& row : rows) {
      gantry::report::Digest digest(unordered);
      std::uint64_t at = 0;
      for (const auto& [reason, count] : row) {
        digest.add({at, count, reason, {}, {}, {}});
        at += count;
      }
      digests.push_back(digest.text());
    }
    const std::vector<Outcome> three(3, {Status::not_run, "", not_run.kind, not_run.message});
    if (!unordered) CHECK(digests[0] == plain_digest(three));
    CHECK(digests[1] == digests[0]);
    CHECK(digests[2] != digests[0]);
    CHECK((digests[3] == digests[2]) == unordered);
    CHECK(digests[4] != digests[0]);
  }
}

TEST_CASE("the digest does not depend on chunks, order of arrival or moments, and is the plain one") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto below = [&random](std::uint64_t bound) {
    return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(random);
  };
  for (int round = 0; round < 40; ++round) {
    const bool fixed = below(2) == 0;
    const std::uint64_t tasks = 1 + below(round % 4 == 0 ? 9000 : 300);
    std::vector<Outcome> outcomes(tasks);
    for (std::uint64_t i = 0; i < tasks; ++i) {
      if (i > 0 && outcomes[i - 1].status != Status::value && below(3) > 0) {
        outcomes[i] = outcomes[i - 1];  // long runs of one reason
      } else if (below(50) == 0) {
        outcomes[i].status = static_cast<Status>(1 + below(3));
        outcomes[i].kind = "kind";
        outcomes[i].message = std::string(below(2) == 0 ? below(20) : below(6000), 'm');
      } else {
        const std::uint64_t size = fixed ? 8 : below(30);
        for (std::uint64_t j = 0; j < size; ++j) outcomes[i].bytes += static_cast<char>(random());
      }
    }
    const auto same = [&outcomes](std::uint64_t a, std::uint64_t b) {
      return outcomes[a].status == outcomes[b].status && outcomes[a].message == outcomes[b].message;
    };
    std::vector<std::pair<std::uint64_t, std::uint64_t>> chunks;
    for (std::uint64_t first = 0; first < tasks;) {
      const std::uint64_t most = std::min(tasks - first, 1 + below(round % 2 == 0 ? 3000 : 10));
      std::uint64_t count = 1;
      while (count < most && same(first, first + count)) ++count;
      chunks.emplace_back(first, count);
      first += count;
    }
    std::shuffle(chunks.begin(), chunks.end(), random);

    const std::vector<Column> columns{column("s", fixed ? "u64" : "[u8]", true)};
    Store store = store_for(columns);
    store.sized(StepIndex{0}, tasks);
    Paper paper;
    Printer printer(columns, {}, Format::digest, Order::id, paper.sink());
    const StepIndex step{0};
    for (const auto& [first, count] : chunks) {
      put_one(store, fixed, first, count, outcomes);
      if (below(3) > 0) continue;
      REQUIRE(printer.advance(store, std::span(&step, 1)));
      CHECK(printer.position(step) == store.frontier(step));
      store.release(step, printer.position(step));  // consumed: never read again
    }
    REQUIRE(printer.finish(store));
    const auto ended = [&outcomes](Status status) {
      return std::count_if(outcomes.begin(), outcomes.end(),
                           [status](const Outcome& one) { return one.status == status; });
    };
    CHECK(paper.text() == "s " + std::to_string(ended(Status::value)) + " ok " + std::to_string(ended(Status::error)) +
                              " error " + std::to_string(ended(Status::skipped)) + " skipped " +
                              std::to_string(ended(Status::not_run)) + " not-run xxh3:" + plain_digest(outcomes) +
                              "\n");
    CHECK(printer.counts().total() == tasks);
  }
}

TEST_CASE("the digest of an unordered step is over the sorted hashes of its outcomes, whatever their order and runs") {
  const std::vector<Outcome> outcomes{{Status::value, "b", "", ""},
                                      {Status::value, "", "", ""},
                                      {Status::error, "", "kind", "why"},
                                      {Status::value, "b", "", ""},
                                      {Status::skipped, "", "skipped", "s"}};
  std::vector<std::string> hashes;
  for (const Outcome& outcome : outcomes) {
    const std::string one = outcome.status == Status::value ? outcome.bytes : outcome.kind + ": " + outcome.message;
    std::string whole(1, static_cast<char>(outcome.status));
    whole += word(one.size());
    if (is_blank(outcome)) whole += word(1);
    hashes.push_back(canonical(whole + one));
  }
  std::ranges::sort(hashes, {},
                    [](const std::string& hash) { return std::vector<unsigned char>(hash.begin(), hash.end()); });
  std::string all;
  for (const std::string& hash : hashes) all += hash;
  std::string digits;
  for (const char letter : canonical(all)) {
    constexpr std::string_view hex = "0123456789abcdef";
    digits += hex[static_cast<unsigned char>(letter) >> 4U];
    digits += hex[static_cast<unsigned char>(letter) & 0xfU];
  }
  std::vector<std::size_t> order{0, 1, 2, 3, 4};
  do {
    gantry::report::Digest digest(true);
    for (const std::size_t at : order) {
      const Outcome& outcome = outcomes[at];
      const Reason reason{outcome.status, outcome.kind, outcome.message};
      const std::uint64_t length = outcome.bytes.size();
      const Bytes bytes = bytes_of(outcome.bytes);
      gantry::results::Run run{at, 1, nullptr, bytes, std::nullopt, {&length, 1}};
      if (outcome.status != Status::value) run.reason = &reason;
      digest.add(run);
    }
    REQUIRE(digest.text() == digits);
    digest.seal();
    REQUIRE(digest.text() == digits);
  } while (std::ranges::next_permutation(order).found);
  std::string line;
  gantry::report::Digest nothing(true);
  gantry::report::append_digest_line("s", {4, 1, 0, 0}, nothing, line);
  CHECK(line.starts_with("s 4 ok 1 error 0 skipped 0 not-run unordered xxh3:"));
}
