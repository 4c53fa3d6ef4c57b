#include "wire/message.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstring>
#include <memory>
#include <thread>

#include "gantry/abi.h"
#include "wire/layout.hpp"

using namespace gantry;

namespace {

struct Ends {
  explicit Ends(wire::WhenFull far_when_full = wire::WhenFull::keep) {
    auto made = wire::socket_pair();
    REQUIRE(made);
    raw = made->second.get();
    near = std::make_unique<wire::Socket>(std::move(made->first), wire::WhenFull::keep);
    far = std::make_unique<wire::Socket>(std::move(made->second), far_when_full);
  }

  std::unique_ptr<wire::Socket> near;
  std::unique_ptr<wire::Socket> far;
  int raw = -1;  ///< the far end, to write anything to
};

wire::Descriptor any_descriptor() {
  return wire::Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

signature::Plugin plugin() {
  signature::Plugin plugin{"primes", "1.2.3", "g++", "/lib/libprimes.so", {64769, 17, 91424, 1'700'000'000'123'456'789},
                           {},       {}};
  const auto signature = signature::parse_signature("(low: u64, high: u64 = 100) -> [{x: f64, y: str?}]");
  REQUIRE(signature);
  plugin.functions.push_back({"count", "Counts.", *signature, 1, 0});
  return plugin;
}

template <class Message>
Message receive_from_worker(wire::Socket& socket) {
  auto parcel = socket.receive();
  REQUIRE((parcel && *parcel));
  auto message = wire::decode_worker_message(**std::move(parcel));
  REQUIRE(message);
  REQUIRE(std::holds_alternative<Message>(*message));
  return std::get<Message>(std::move(*message));
}

template <class Message>
Message receive_from_host(wire::Socket& socket) {
  auto parcel = socket.receive();
  REQUIRE((parcel && *parcel));
  auto message = wire::decode_host_message(**std::move(parcel));
  REQUIRE(message);
  REQUIRE(std::holds_alternative<Message>(*message));
  return std::get<Message>(std::move(*message));
}

struct RawHeader {
  std::uint32_t magic = wire::message_magic;
  std::uint16_t kind = 18;
  std::uint16_t zero = 0;
  std::uint64_t length = 0;
};

void write_raw(int end, const void* bytes, std::size_t size, std::span<const int> descriptors = {}) {
  iovec piece{const_cast<void*>(bytes), size};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(20 * sizeof(int))> control{};
  if (!descriptors.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size_bytes());
  }
  REQUIRE(::sendmsg(end, &message, 0) == static_cast<ssize_t>(size));
}

int open_descriptors() {
  int count = 0;
  for (int number = 0; number < 1024; ++number) count += ::fcntl(number, F_GETFD) >= 0 ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("messages of the worker arrive as they were sent") {
  Ends ends;
  REQUIRE(wire::send(*ends.far, wire::Hello{wire::protocol, 77, GANTRY_ABI_MAJOR, GANTRY_WIRE}));
  REQUIRE(wire::send(*ends.far, wire::Loaded{2, plugin()}));
  REQUIRE(wire::send(*ends.far, wire::Refused{3, "it is no plugin"}));
  signature::Plugin configured = plugin();
  configured.begin = signature::parse_signature("(path: str = x.db) -> ()").value();
  REQUIRE(wire::send(*ends.far, wire::Loaded{4, configured}));
  REQUIRE(wire::send(*ends.far, wire::Begun{4}));
  REQUIRE(wire::send(*ends.far, wire::NotBegun{5, "no file"}));
  REQUIRE(wire::send(*ends.far, wire::ReadyToRun{}));
  CHECK(receive_from_worker<wire::Hello>(*ends.near).pid == 77);
  const auto loaded = receive_from_worker<wire::Loaded>(*ends.near);
  CHECK(loaded.position == 2);
  CHECK(loaded.plugin.name == "primes");
  CHECK(loaded.plugin.path == "/lib/libprimes.so");
  CHECK(loaded.plugin.file == plugin().file);
  REQUIRE(loaded.plugin.functions.size() == 1);
  CHECK(loaded.plugin.functions[0].signature == plugin().functions[0].signature);
  CHECK(loaded.plugin.functions[0].flags == 1);
  const auto refused = receive_from_worker<wire::Refused>(*ends.near);
  CHECK((refused.position == 3 && refused.sentence == "it is no plugin"));
  CHECK_FALSE(loaded.plugin.begin);
  CHECK(receive_from_worker<wire::Loaded>(*ends.near).plugin.begin == configured.begin);
  CHECK(receive_from_worker<wire::Begun>(*ends.near).position == 4);
  const auto failed = receive_from_worker<wire::NotBegun>(*ends.near);
  CHECK((failed.position == 5 && failed.sentence == "no file"));
  receive_from_worker<wire::ReadyToRun>(*ends.near);
  CHECK_FALSE(*ends.near->receive());
  ends.far.reset();
  CHECK_FALSE(*ends.near->receive());
  CHECK(ends.near->hung_up());
}

TEST_CASE("a door and many threads, all sent before the first is read") {
  Ends ends;
  const int before = open_descriptors();
  {
    REQUIRE(wire::send(*ends.near, wire::Door{any_descriptor()}));
    for (int i = 0; i < 100; ++i) REQUIRE(wire::send(*ends.near, wire::Attach{any_descriptor()}));
    REQUIRE(*wire::try_send(*ends.near, wire::Block{8, 9, any_descriptor()}));
    CHECK(::fcntl(receive_from_host<wire::Door>(*ends.far).socket.get(), F_GETFD) == FD_CLOEXEC);
    for (int i = 0; i < 100; ++i) CHECK(receive_from_host<wire::Attach>(*ends.far).channel);
    CHECK(receive_from_host<wire::Block>(*ends.far).size == 9);
    ends.near.reset();
    CHECK_FALSE(*ends.far->receive());
    CHECK(ends.far->hung_up());
  }
  CHECK(open_descriptors() == before - 1);
}

TEST_CASE("messages of the host bring their descriptors, closed on exec") {
  Ends ends;
  REQUIRE(wire::send(*ends.near,
                     wire::Setup{4, 5, any_descriptor(), any_descriptor(), any_descriptor(), any_descriptor()}));
  REQUIRE(wire::send(*ends.near, wire::PluginFile{1, any_descriptor()}));
  REQUIRE(wire::send(*ends.near, wire::Load{{"/a", "/b"}}));
  REQUIRE(*wire::try_send(*ends.near, wire::Block{8, 9, any_descriptor()}));
  const auto setup = receive_from_host<wire::Setup>(*ends.far);
  CHECK((setup.worker == 4 && setup.generation == 5));
  for (const wire::Descriptor* each : {&setup.memory, &setup.worker_doorbell, &setup.host_doorbell, &setup.window}) {
    CHECK(::fcntl(each->get(), F_GETFD) == FD_CLOEXEC);
  }
  const auto moved = receive_from_host<wire::PluginFile>(*ends.far);
  CHECK((moved.position == 1 && ::fcntl(moved.file.get(), F_GETFD) == FD_CLOEXEC));
  CHECK(receive_from_host<wire::Load>(*ends.far).paths == std::vector<std::string>{"/a", "/b"});
  const auto block = receive_from_host<wire::Block>(*ends.far);
  CHECK((block.id == 8 && block.size == 9 && block.memory));
  for (const std::size_t size : {std::size_t{0}, std::size_t{100}}) {
    REQUIRE(wire::send(*ends.near, wire::Begin{6, signature::Bytes(size, std::byte{7})}));
    const auto begin = receive_from_host<wire::Begin>(*ends.far);
    CHECK((begin.position == 6 && begin.arguments == signature::Bytes(size, std::byte{7})));
  }
}

TEST_CASE("a message in pieces is received when its last byte is there") {
  Ends ends;
  signature::Bytes whole;
  const RawHeader header{.length = 12};
  signature::append(whole, std::as_bytes(std::span(&header, 1)));
  const std::uint32_t position = 1;
  const std::uint64_t length = 0;
  signature::append(whole, std::as_bytes(std::span(&position, 1)));
  signature::append(whole, std::as_bytes(std::span(&length, 1)));
  for (std::size_t sent = 0; sent < whole.size(); ++sent) {
    const auto parcel = ends.near->receive();
    REQUIRE((parcel && !*parcel));
    CHECK(ends.near->partial() == (sent > 0));
    write_raw(ends.raw, &whole[sent], 1);
  }
  CHECK(receive_from_worker<wire::Refused>(*ends.near).position == 1);
  CHECK_FALSE(ends.near->partial());
}

TEST_CASE("a long message arrives though the socket holds less") {
  Ends ends(wire::WhenFull::wait);
  signature::Plugin large = plugin();
  for (std::uint32_t i = 1; i < 2000; ++i) {
    large.functions.push_back(large.functions[0]);
    large.functions.back().doc = std::string(100, 'd');
  }
  std::optional<wire::Parcel> got;
  std::thread reader([&] {
    while (!got) {
      static_cast<void>(ends.near->wait(std::chrono::seconds(10)));
      auto parcel = ends.near->receive();
      if (!parcel) return;
      got = *std::move(parcel);
    }
  });
  const auto sent = wire::send(*ends.far, wire::Loaded{0, large});
  reader.join();
  REQUIRE(sent);
  REQUIRE(got);
  const auto message = wire::decode_worker_message(*std::move(got));
  REQUIRE(message);
  CHECK(std::get<wire::Loaded>(*message).plugin.functions.size() == 2000);
}

TEST_CASE("what is no message is refused, before anything is allocated for it") {
  struct Row {
    RawHeader header;
    std::string says;
  };
  const Row rows[] = {
      {{.magic = 1}, "a message does not begin with its magic; its first bytes are 01000000120000000000000000000000"},
      {{.zero = 1}, "a message does not begin with its magic; its first bytes are 474e544d120001000000000000000000"},
      {{.kind = 99}, "a message has the unknown kind 99, or a length that its kind has not"},
      {{.length = wire::message_cap + 1}, "a message claims 67108865 bytes; the most is 67108864"},
      {{.length = ~0ull}, "a message claims 18446744073709551615 bytes; the most is 67108864"},
      {{.kind = 1}, "a message came without the descriptors that belong to it"},
  };
  for (const Row& row : rows) {
    Ends ends;
    write_raw(ends.raw, &row.header, sizeof row.header);
    const auto parcel = ends.near->receive();
    REQUIRE(!parcel);
    CHECK(parcel.error().sentence == row.says);
  }
}

TEST_CASE("descriptors that nobody asked for are closed, and an offence") {
  Ends ends;
  const wire::Descriptor extra = any_descriptor();
  const std::array extras{extra.get(), extra.get(), extra.get()};
  const int before = open_descriptors();
  const RawHeader header{.kind = 19};
  write_raw(ends.raw, &header, sizeof header, extras);
  REQUIRE(*ends.near->receive());
  const auto next = ends.near->receive();
  REQUIRE(!next);
  CHECK(next.error().sentence == "a peer sent descriptors where none belong");
  CHECK(open_descriptors() == before);
}

TEST_CASE("a message that is cut at any byte is refused") {
  Ends ends;
  REQUIRE(wire::send(*ends.far, wire::Loaded{2, plugin()}));
  auto parcel = ends.near->receive();
  REQUIRE((parcel && *parcel));
  const signature::Bytes whole = (*parcel)->bytes;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    wire::Parcel cut{wire::MessageKind::loaded, {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}, {}};
    CHECK_FALSE(wire::decode_worker_message(std::move(cut)).has_value());
  }
  CHECK_FALSE(wire::decode_worker_message({wire::MessageKind::setup, {}, {}}).has_value());
}

TEST_CASE("a worker of another build is refused with the cure") {
  Ends ends;
  REQUIRE(wire::send(*ends.far, wire::Hello{wire::protocol + 1, 1, GANTRY_ABI_MAJOR, GANTRY_WIRE}));
  auto parcel = ends.near->receive();
  REQUIRE((parcel && *parcel));
  CHECK(wire::decode_worker_message(**std::move(parcel)).error().sentence ==
        "gantry-worker is of another build (protocol 4, plugin ABI 1, wire 1; gantry has 3, 1, 1); install gantry and "
        "gantry-worker together");
}

TEST_CASE("what a peer does not read yet is kept, in order, and goes once it reads") {
  Ends ends;
  signature::Bytes large(std::size_t{8} << 20);
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<std::byte>(i % 251);
  REQUIRE(ends.near->send(wire::MessageKind::begin, large));
  CHECK(ends.near->wants_room());
  CHECK_FALSE(ends.near->is_stalled());
  const int number = [&] {
    const wire::Descriptor closed_soon = any_descriptor();
    REQUIRE(ends.near->send(wire::MessageKind::door, {}, std::array{closed_soon.get()}));
    return closed_soon.get();
  }();
  CHECK(::fcntl(number, F_GETFD) < 0);
  CHECK(*ends.near->try_send(wire::MessageKind::load, {}, {}) == false);
  std::vector<wire::Parcel> parcels;
  for (int round = 0; round < 10'000 && parcels.size() < 2; ++round) {
    auto got = ends.far->receive();
    REQUIRE(got);
    if (*got) parcels.push_back(**std::move(got));
    REQUIRE(ends.near->flush());
  }
  REQUIRE(parcels.size() == 2);
  CHECK(parcels[0].bytes == large);
  CHECK(parcels[1].kind == wire::MessageKind::door);
  REQUIRE(parcels[1].descriptors.size() == 1);
  CHECK(::fcntl(parcels[1].descriptors[0].get(), F_GETFD) >= 0);
  CHECK_FALSE(ends.near->wants_room());
  CHECK(*ends.near->try_send(wire::MessageKind::load, {}, {}));
  const auto last = ends.far->receive();
  REQUIRE((last && *last));
  CHECK((*last)->kind == wire::MessageKind::load);
}

TEST_CASE("to a peer that is gone nothing is sent, and the end of its messages tells") {
  Ends ends;
  REQUIRE(ends.near->send(wire::MessageKind::begin, signature::Bytes(std::size_t{1} << 20)));
  ends.far.reset();
  CHECK(ends.near->flush());
  CHECK_FALSE(ends.near->wants_room());
  CHECK(ends.near->send(wire::MessageKind::load, {}));
  CHECK_FALSE(ends.near->wants_room());
  const auto nothing = ends.near->receive();
  REQUIRE(nothing);
  CHECK_FALSE(nothing->has_value());
  CHECK(ends.near->hung_up());
}

TEST_CASE("a message that is too long is an error, and nothing of it is sent") {
  Ends ends;
  const signature::Bytes large(wire::message_cap + 1);
  CHECK(ends.near->send(wire::MessageKind::begin, large).error().sentence ==
        "a message of 67108865 bytes is longer than 67108864");
  CHECK_FALSE(ends.near->wants_room());
}
