// Where output goes: whole files, full disks, readers that go away.
#include <fcntl.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "paper.hpp"

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
  CHECK_FALSE(Sink::to_descriptor(-1, "standard output"));
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
