#include "crew_fixture.hpp"

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>

namespace pool_test {

Holdings Holdings::now() {
  Holdings holdings;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const fs::path target = fs::read_symlink(entry.path(), gone);
    if (gone || target.string().find("/proc/") == 0) continue;  // the descriptor of this very look
    holdings.descriptors[std::stoi(entry.path().filename().string())] = target.string();
  }
  for (const fs::directory_entry& thread : fs::directory_iterator("/proc/self/task")) {
    std::ifstream file(thread.path() / "children");
    holdings.children.insert(holdings.children.end(), std::istream_iterator<int>(file), {});
  }
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);)
    holdings.shared_mappings += line.find("memfd:") != std::string::npos;
  return holdings;
}

NothingLeft::NothingLeft() : before_(Holdings::now()) {}

NothingLeft::~NothingLeft() {
  const Holdings after = Holdings::now();
  CHECK(after.descriptors == before_.descriptors);
  CHECK(after.children == before_.children);
  CHECK(after.shared_mappings == before_.shared_mappings);
}

Folder::Folder() {
  std::string name = (fs::temp_directory_path() / "gantry-pool-XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  path_ = name;
}

fs::path Folder::liar_as(const std::string& name) const {
  fs::copy_file(liar_plugin(), path_ / name);
  return path_ / name;
}

Variable::Variable(const char* name, const std::string& value) : name_(name) {
  ::setenv(name, value.c_str(), 1);
}

Variable::~Variable() {
  ::unsetenv(name_);
}

fs::path self() {
  return fs::read_symlink("/proc/self/exe");
}

fs::path worker_program_file() {
  // Sanitizers would turn the signals that tests ask for into exit statuses.
  ::setenv("ASAN_OPTIONS", "handle_segv=0:handle_abort=0:handle_sigfpe=0:handle_sigbus=0:detect_leaks=0", 1);
  ::setenv("UBSAN_OPTIONS", "handle_segv=0:handle_abort=0:handle_sigfpe=0:handle_sigbus=0", 1);
  return fs::path(GANTRY_BUILD) / "bin/gantry-worker";
}

fs::path liar_plugin() {
  return fs::path(GANTRY_BUILD) / "tests/plugins/libliar.so";
}

Bytes u64_bytes(std::uint64_t value) {
  Bytes bytes(sizeof value);
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

bool alive(int pid) {
  return ::kill(pid, 0) == 0;
}

Run::Run(unsigned workers, std::vector<fs::path> plugins, fs::path program)
    : Run(gantry::pool::Options{std::move(program), workers, std::move(plugins)}) {}

Run::Run(unsigned workers, gantry::host::Mode mode)
    : Run(gantry::pool::Options{worker_program_file(), workers, {liar_plugin()}, 10s, mode}) {}

Run::Run(gantry::pool::Options options) {
  auto made = gantry::pool::Pool::make(std::move(options));
  if (!made) FAIL(made.error().sentence);
  pool_ = std::move(*made);
}

Lease Run::act(unsigned worker, const std::vector<Todo>& todo, std::chrono::nanoseconds timeout) {
  std::vector<Bytes> rows;
  for (const Todo& each : todo) {
    Bytes row = u64_bytes(static_cast<std::uint64_t>(each.act));
    gantry::signature::append(row, u64_bytes(each.value));
    rows.push_back(std::move(row));
  }
  return send(worker, Function::act, rows, 8, timeout);
}

Lease Run::send(unsigned worker, Function function, const std::vector<Bytes>& rows,
                std::optional<std::uint64_t> result_size, std::chrono::nanoseconds timeout) {
  gantry::schedule::Assignment assignment;
  assignment.function = static_cast<std::uint32_t>(function);
  assignment.step = StepIndex{3};
  assignment.step_id = "step";
  assignment.result_size = result_size;
  assignment.timeout = timeout;
  return send(worker, std::move(assignment), rows);
}

Lease Run::send(unsigned worker, gantry::schedule::Assignment assignment, const std::vector<Bytes>& rows,
                std::vector<gantry::schedule::PassedFile> files) {
  Chunk chunk;
  chunk.lease = {LeaseId{++leases_}, WorkerIndex{worker}, assignment.step, tasks_, rows.size(), 1};
  chunk.files = std::move(files);
  tasks_ += rows.size();
  chunk.assignment = std::make_shared<const gantry::schedule::Assignment>(std::move(assignment));
  for (const Bytes& row : rows) {
    chunk.rows.lengths.push_back(row.size());
    gantry::signature::append(chunk.rows.bytes, row);
  }
  const Lease lease = chunk.lease;
  const auto started = pool_->start(std::move(chunk));
  if (!started) FAIL(started.error().sentence);
  return lease;
}

void Run::await_task(std::uint64_t index) {
  await_until([&] { return values().contains(index); });
}

std::map<std::uint64_t, Bytes> Run::values() const {
  std::map<std::uint64_t, Bytes> all;
  for (const auto& each : of<event::Values>()) {
    const gantry::signature::View bytes = each.content();
    const std::byte* at = bytes.data();
    for (std::uint64_t i = 0; i < each.count; ++i) {
      const std::uint64_t length = each.lengths.empty() ? bytes.size() / each.count : each.lengths[i];
      if (!all.emplace(each.first + i, Bytes(at, at + length)).second) FAIL("task " << each.first + i << " came twice");
      at += length;
    }
  }
  return all;
}

std::string Run::printed() const {
  std::string text;
  for (const auto& each : of<event::Printed>()) text += each.text;
  return text;
}

void Run::timed_out() const {
  std::string story;
  for (const auto& lost : of<event::Lost>()) story += "lost: " + lost.death.sentence + "\n";
  for (const auto& broken : of<event::Broken>()) story += "broken: " + broken.error.sentence + "\n";
  FAIL("what was awaited did not happen in 30 s; " << events_.size() << " events\n" << story << printed());
  std::abort();
}

}  // namespace pool_test
