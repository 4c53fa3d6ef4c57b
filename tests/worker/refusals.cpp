#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "worker/driver.hpp"
#include "worker/module.hpp"

using namespace gantry;

namespace {

/// "" or the sentence of the refusal; the folder of the test is written DIR.
std::string refusal(const std::string& path) {
  worker::UniqueSymbols known;
  const auto module = worker::load_module(path, known);
  if (module) return "";
  std::string sentence = module.error().sentence;
  const std::string folder = std::filesystem::path(path).parent_path().string();
  for (auto at = sentence.find(folder); at != std::string::npos; at = sentence.find(folder)) {
    sentence.replace(at, folder.size(), "DIR");
  }
  return sentence;
}

/// A folder that goes when the test ends.
struct Folder {
  Folder() {
    char name[] = "/tmp/gantry-refusals-XXXXXX";
    REQUIRE(::mkdtemp(name) != nullptr);
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }

  [[nodiscard]] std::string write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path / name, std::ios::binary) << bytes;
    return (path / name).string();
  }

  std::filesystem::path path;
};

std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("a plugin that is one loads") {
  CHECK(refusal(tests::plugin_file("well")) == "");
}

TEST_CASE("files that are no shared library are refused, each with its own sentence") {
  const Folder folder;
  const std::string well = read_all(tests::plugin_file("well"));
  REQUIRE(well.size() > 4000);
  const auto changed = [&](std::size_t at, const std::string& bytes) {
    std::string copy = well;
    copy.replace(at, bytes.size(), bytes);
    return copy;
  };
  REQUIRE(::mkfifo((folder.path / "fifo.so").c_str(), 0600) == 0);
  std::filesystem::create_directory(folder.path / "folder.so");
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, (folder.path / "socket.so").c_str(), sizeof address.sun_path - 1);
  REQUIRE(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  ::close(socket);

  const auto size = std::to_string(well.size());
  const auto cut = [&](std::size_t left) {
    return "DIR/cut.so is cut short: it has " + std::to_string(left) + " bytes, its headers say at least " + size +
           "; copy or build it again";
  };
  struct Row {
    std::string path;
    std::string says;
  };
  const auto check = [](const Row& row) {
    CAPTURE(row.path);
    CHECK(refusal(row.path) == row.says);
  };
  check({(folder.path / "none.so").string(), "DIR/none.so does not exist"});
  check({(folder.path / "folder.so").string(), "DIR/folder.so is a directory, not a shared library"});
  check({(folder.path / "fifo.so").string(), "DIR/fifo.so is a named pipe, not a shared library"});
  check({(folder.path / "socket.so").string(), "DIR/socket.so is a socket, not a shared library"});
  check({"/dev/null", "DIR/null is a device, not a shared library"});
  check({folder.write("empty.so", ""), "DIR/empty.so is empty"});
  check({folder.write("text.so", "#!/bin/sh\necho hello\n"),
         "DIR/text.so is not a shared library (it begins with \"#!/bin/sh\")"});
  check({folder.write("short.so", "\x7f"), "DIR/short.so is not a shared library (it begins with \".\")"});
  check({folder.write("cut.so", well.substr(0, 40)),
         "DIR/cut.so is cut short: it has 40 bytes, its headers say at least 64; copy or build it again"});
  check({folder.write("cut.so", well.substr(0, 3000)), cut(3000)});
  check({folder.write("cut.so", well.substr(0, well.size() - 1)), cut(well.size() - 1)});
  check({folder.write("cut.so", well.substr(0, 100)),
         "DIR/cut.so is damaged: its ELF headers make no sense; copy or build it again"});
  check({folder.write("x.so", changed(4, "\x01")),
         "DIR/x.so is a 32-bit library (x86-64); gantry-worker is 64-bit: build it for x86-64"});
  check({folder.write("x.so", changed(18, std::string("\xb7\0", 2))),
         "DIR/x.so is built for aarch64; this machine is x86-64"});
  check({folder.write("x.so", changed(18, std::string("\x99\x99", 2))),
         "DIR/x.so is built for ELF machine 39321; this machine is x86-64"});
  check({folder.write("x.so", changed(16, std::string("\x01\0", 2))),
         "DIR/x.so is not a shared library, but an object file: link it with -shared"});
  check({folder.write("x.so", changed(16, std::string("\x02\0", 2))),
         "DIR/x.so is not a shared library, but a program: link it with -shared"});
  check({folder.write("x.so", changed(32, std::string(8, '\xff'))),
         "DIR/x.so is damaged: its ELF headers make no sense; copy or build it again"});
  check({folder.write("x.so", changed(40, std::string(8, '\xff'))),
         "DIR/x.so is damaged: its ELF headers make no sense; copy or build it again"});
}

TEST_CASE("libraries that are no plugin, or a wrong one, are refused, each with its own sentence") {
  struct Row {
    std::string name;
    std::string says;
  };
  const Row rows[] = {
      {"no_symbol",
       "DIR/libbad_no_symbol.so is a shared library, but no plugin: it does not export gantry_plugin; define it with "
       "GANTRY_PLUGIN"},
      {"magic",
       "its gantry_plugin begins with 0x31415926 instead of 0x59544e47: define it with GANTRY_PLUGIN or as a "
       "gantry_descriptor"},
      {"major", "it was built for plugin ABI 7, this gantry has 1: build it again with this gantry's SDK"},
      {"wire", "it was built for wire version 9, this gantry has 1: build it again with this gantry's SDK"},
      {"short",
       "its descriptor says that it has 24 bytes, at least 56 are needed: set header.size to "
       "sizeof(gantry_descriptor)"},
      {"name", "its name \"Bad-Name\" is not of the form [a-z][a-z0-9_]*"},
      {"endless", "it has no name that ends within 4096 bytes"},
      {"count", "it says that it has 2147483648 functions; the most is 65536"},
      {"nowhere", "its 1 functions are nowhere"},
      {"null_entry", "function 1: it is a null pointer"},
      {"short_entry", "function 0: its struct_size is 8, at least 48 are needed: set it to sizeof(gantry_function)"},
      {"entry_name", "function 0: its name \"Upper\" is not of the form [a-z][a-z0-9_]*"},
      {"no_run", "function mute: it has no run"},
      {"no_signature", "function mute: it has neither a signature nor a way to spell it"},
      {"spell", "function mute: app::Node contains itself"},
      {"signature",
       "function mute: its signature \"(x: u65) -> u64\" is wrong: character 5: there is no type u65; did you "
       "mean `u64`?"},
      {"default", "function mute: the default of x: 300 does not fit u8"},
      {"twice", "function square: two of its signatures have the same parameters"},
      {"run_many",
       "function mute: it has run_many, which is only for functions whose parameters and result are all scalars"},
      {"pin_many",
       "function mute: it has run_many, which is only for functions whose parameters and result are all scalars"},
      {"begin_pin", "begin: its parameter x is pin<bad.a>, and no task has made one yet"},
      {"begin_file", "begin: its result is fd, not (): what it makes goes to call->state"},
      {"undefined",
       "it cannot be loaded: nobody_defines_this is used but defined nowhere; link what defines it (gantry_add_plugin "
       "finds this while linking)"},
      {"needed",
       "it cannot be loaded: it needs the library libgantry_absent.so, which is not found; install it, or see `ldd "
       "DIR/libbad_needed.so`"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(refusal(tests::plugin_file("bad_" + row.name)) == row.says);
  }
}
