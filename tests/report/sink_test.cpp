// Where output goes: whole files, full disks, readers that go away.
#include <fcntl.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "paper.hpp"
#include "refused_calls.hpp"

namespace {

namespace fs = std::filesystem;
using gantry::host::ErrorKind;
using gantry::report::Descriptor;
using gantry::report::Sink;

/// A folder that goes with its test.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "gantry-sink-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path_), fs::directory_iterator()));
  }

 private:
  fs::path path_;
};

std::string content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

/// SIGPIPE ignored, as in the host, for as long as it lives.
class IgnorePipe {
 public:
  IgnorePipe() : before_(std::signal(SIGPIPE, SIG_IGN)) {}
  ~IgnorePipe() { std::signal(SIGPIPE, before_); }
  IgnorePipe(const IgnorePipe&) = delete;
  IgnorePipe& operator=(const IgnorePipe&) = delete;

 private:
  void (*before_)(int);
};

std::pair<Descriptor, Descriptor> make_pipe() {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

}  // namespace

TEST_CASE("a file is there whole or not at all") {
  const Folder folder;
  const std::string path = folder / "out.txt";
  write_file(path, "before");
  ::chmod(path.c_str(), 0640);
  {
    auto sink = Sink::to_file(path);
    REQUIRE(sink);
    REQUIRE(sink->write(std::string(200000, 'x')));
    REQUIRE(sink->flush());
    CHECK(content(path) == "before");
  }  // not closed: the run failed
  CHECK(content(path) == "before");
  CHECK(folder.files() == 1);

  auto sink = Sink::to_file(path);
  REQUIRE(sink);
  REQUIRE(sink->write("after"));
  REQUIRE(sink->close());
  CHECK(content(path) == "after");
  CHECK(folder.files() == 1);
  struct stat status{};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0640U);
  const auto late = sink->write("late");
  REQUIRE_FALSE(late);
  CHECK(late.error().kind == ErrorKind::output);
}

TEST_CASE("a program that is killed leaves nothing, or what the next one clears") {
  // In a child that is not ended in order; with names, as on a file system that has no nameless files.
  const paper::Refused nothing{.call = SYS_swapoff, .argument = 0, .bits = 0, .error = EPERM};
  const paper::Refused nameless{.call = SYS_openat, .argument = 2, .bits = O_TMPFILE, .error = EOPNOTSUPP};
  for (const bool has_names : {false, true}) {
    const paper::Refused& refused = has_names ? nameless : nothing;
    for (const bool is_there : {false, true}) {
      const Folder folder;
      const std::string path = folder / "out.txt";
      if (is_there) write_file(path, "before");
      CHECK(paper::where_refused(refused, [&] {
              auto sink = Sink::to_file(path);
              const bool written = sink && sink->write(std::string(200000, 'x')) && sink->flush();
              ::_exit(written ? 0 : 1);  // no destructor runs
              return 2;
            }) == 0);
      CHECK(folder.files() == (is_there ? 1U : 0U) + (has_names ? 1U : 0U));
      CHECK(content(path) == (is_there ? "before" : ""));
      CHECK(paper::where_refused(refused, [&] {
              auto sink = Sink::to_file(path);
              return sink && sink->write("after") && sink->close() ? 0 : 1;
            }) == 0);
      CHECK(content(path) == "after");
      CHECK(folder.files() == 1);
    }
  }
}

TEST_CASE("two at once write one target, and the last to end wins, and what another writes is not cleared") {
  const paper::Refused nameless{.call = SYS_openat, .argument = 2, .bits = O_TMPFILE, .error = EOPNOTSUPP};
  const Folder folder;
  const std::string path = folder / "out.txt";
  CHECK(paper::where_refused(nameless, [&] {
          auto first = Sink::to_file(path);
          auto second = Sink::to_file(path);
          if (!first || !second || folder.files() != 2) return 1;
          if (!first->write("first") || !second->write("second")) return 2;
          if (!second->close() || content(path) != "second") return 3;
          return first->close() && content(path) == "first" ? 0 : 4;
        }) == 0);
  CHECK(folder.files() == 1);
}

TEST_CASE("a file whose bytes did not reach the disk does not take the place of the old one") {
  const Folder folder;
  const std::string path = folder / "out.txt";
  write_file(path, "before");
  const paper::Refused disk{.call = SYS_fsync, .argument = 0, .bits = 0, .error = EIO};
  CHECK(paper::where_refused(disk, [&] {
          auto sink = Sink::to_file(path);
          if (!sink || !sink->write("after")) return 1;
          const auto closed = sink->close();
          return !closed && closed.error().sentence == "cannot write to " + path + ": Input/output error" ? 0 : 2;
        }) == 0);
  CHECK(content(path) == "before");
  CHECK(folder.files() == 1);
}

TEST_CASE("a named pipe is written to, once somebody reads it") {
  const Folder folder;
  const std::string path = folder / "pipe";
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  std::thread reader;
  std::string got;
  unsigned waited = 0;
  const auto write = [&] {
    auto sink = Sink::to_file(path, [&] {
      ++waited;
      reader = std::thread([&] { got = content(path); });
    });
    return sink && sink->write("through") && sink->close();
  };
  CHECK(write());
  reader.join();
  CHECK(got == "through");
  CHECK(waited == 1);
  const Descriptor open_reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  CHECK(write());  // somebody reads already
  CHECK(waited == 1);
  std::array<char, 16> piece{};
  CHECK(::read(open_reader.get(), piece.data(), piece.size()) == 7);
}

TEST_CASE("other names of a descriptor are it, and nothing is made of that name") {
  for (const char* name : {"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}) {
    auto sink = Sink::to_file(name);
    REQUIRE(sink);
    struct stat own{};
    struct stat out{};
    REQUIRE(::fstat(sink->descriptor(), &own) == 0);
    REQUIRE(::fstat(1, &out) == 0);
    CHECK((own.st_dev == out.st_dev && own.st_ino == out.st_ino));
    CHECK(sink->descriptor() != 1);
  }
  CHECK_FALSE(fs::exists("-"));
}

TEST_CASE("a symbolic link keeps pointing, the file behind it is replaced") {
  const Folder folder;
  write_file(folder / "real.txt", "before");
  fs::create_symlink("real.txt", folder / "link.txt");
  auto sink = Sink::to_file(folder / "link.txt");
  REQUIRE(sink);
  REQUIRE(sink->write("after"));
  REQUIRE(sink->close());
  CHECK(fs::is_symlink(folder / "link.txt"));
  CHECK(content(folder / "real.txt") == "after");
}

TEST_CASE("files that cannot be written are errors with their name") {
  const Folder folder;
  const auto sentence = [](const std::string& path) {
    const auto sink = Sink::to_file(path);
    REQUIRE_FALSE(sink);
    CHECK(sink.error().kind == ErrorKind::output);
    return sink.error().sentence;
  };
  CHECK(sentence(folder / ".") == "cannot write to " + (folder / ".") + ": Is a directory");
  CHECK(sentence(folder / "no/out.txt") ==
        "cannot create a temporary file for " + (folder / "no/out.txt") + ": No such file or directory");
  const auto closed = Sink::to_descriptor(-1, "standard output");
  REQUIRE_FALSE(closed);
  CHECK(closed.error().sentence == "standard output is closed");
}

TEST_CASE("a full device is an error at once for large writes, at flush for small ones, and for ever") {
  for (const std::size_t size : {std::size_t{10}, std::size_t{1000000}}) {
    auto sink = Sink::to_file("/dev/full");
    REQUIRE(sink);
    auto failed = sink->write(std::string(size, 'x'));
    if (failed) failed = sink->flush();
    REQUIRE_FALSE(failed);
    CHECK(failed.error().kind == ErrorKind::output);
    CHECK(failed.error().sentence == "cannot write to /dev/full: No space left on device");
    CHECK_FALSE(sink->reader_gone());
    CHECK_FALSE(sink->write("x"));
    CHECK_FALSE(sink->close());
    CHECK(fs::is_character_file("/dev/full"));
  }
}

TEST_CASE("a reader that went away can be told from other errors") {
  const IgnorePipe ignored;
  auto [reading, writing] = make_pipe();
  auto sink = Sink::to_descriptor(writing.get(), "standard output");
  REQUIRE(sink);
  REQUIRE(reading.close() == 0);
  REQUIRE(sink->write("x"));
  const auto failed = sink->flush();
  REQUIRE_FALSE(failed);
  CHECK(failed.error().sentence == "cannot write to standard output: Broken pipe");
  CHECK(sink->reader_gone());
}

TEST_CASE("a slow reader gets every byte, also from a descriptor that does not block") {
  auto [reading, writing] = make_pipe();
  REQUIRE(::fcntl(writing.get(), F_SETFL, O_NONBLOCK) == 0);
  std::string sent;
  for (int i = 0; i < 200000; ++i) sent += std::to_string(i) + "\n";
  std::string got;
  std::thread reader([&got, from = reading.get()] {
    std::array<char, 1000> piece{};
    for (ssize_t some = 0; (some = ::read(from, piece.data(), piece.size())) > 0;) {
      got.append(piece.data(), static_cast<std::size_t>(some));
    }
  });
  bool all = false;
  {
    auto sink = Sink::to_descriptor(writing.get(), "pipe");
    all = sink.has_value();
    for (std::size_t at = 0; all && at < sent.size(); at += 777)
      all = sink->write(std::string_view(sent).substr(at, 777)).has_value();
    all = all && sink->close().has_value();
  }
  (void)writing.close();
  reader.join();
  CHECK(all);
  CHECK(got == sent);
}
