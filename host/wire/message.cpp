#include "wire/message.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "gantry/abi.h"
#include "wire/layout.hpp"
#include "wire/pack.hpp"

namespace gantry::wire {
namespace {

using host::ErrorKind;
using signature::Bytes;

std::unexpected<host::Error> malformed(std::string_view what) {
  return host::fail(ErrorKind::infrastructure, fmt::format("the message {} is malformed", what));
}

void pack(const signature::Function& function, Packer& packer) {
  packer.text(function.name).text(function.doc).text(to_text(function.signature)).number(function.flags);
  packer.number(function.entry);
}

host::Result<signature::Function> unpack_function(Unpacker& unpacker) {
  signature::Function function;
  function.name = unpacker.text();
  function.doc = unpacker.text();
  const std::string_view text = unpacker.text();
  function.flags = unpacker.number<std::uint32_t>();
  function.entry = unpacker.number<std::uint32_t>();
  if (unpacker.failed() || !is_name(function.name)) return malformed("loaded");
  auto signature = signature::parse_signature(text);
  if (!signature) return std::unexpected(std::move(signature).error());
  function.signature = *std::move(signature);
  return function;
}

host::Result<WorkerMessage> unpack_loaded(Unpacker& unpacker) {
  Loaded message;
  message.position = unpacker.number<std::uint32_t>();
  message.plugin.name = unpacker.text();
  message.plugin.version = unpacker.text();
  message.plugin.build = unpacker.text();
  message.plugin.path = unpacker.text();
  message.plugin.file.device = unpacker.number<std::uint64_t>();
  message.plugin.file.inode = unpacker.number<std::uint64_t>();
  message.plugin.file.size = unpacker.number<std::uint64_t>();
  message.plugin.file.modified_ns = unpacker.number<std::uint64_t>();
  const auto count = unpacker.number<std::uint64_t>();
  if (unpacker.failed() || !is_name(message.plugin.name) || count > functions_cap) return malformed("loaded");
  for (std::uint64_t i = 0; i < count; ++i) {
    auto function = unpack_function(unpacker);
    if (!function) return std::unexpected(std::move(function).error());
    if (function->entry >= functions_cap) return malformed("loaded");
    message.plugin.functions.push_back(*std::move(function));
  }
  if (unpacker.number<std::uint8_t>() != 0) {
    auto begin = signature::parse_signature(unpacker.text());
    if (!begin || begin->result.kind != signature::Kind::unit) return malformed("loaded");
    message.plugin.begin = *std::move(begin);
  }
  if (!unpacker.done()) return malformed("loaded");
  return message;
}

host::Result<WorkerMessage> unpack_hello(Unpacker& unpacker) {
  Hello hello;
  hello.protocol = unpacker.number<std::uint32_t>();
  hello.pid = unpacker.number<std::uint32_t>();
  hello.abi_major = unpacker.number<std::uint32_t>();
  hello.wire = unpacker.number<std::uint32_t>();
  if (unpacker.failed()) return malformed("hello");
  if (hello.protocol != protocol || hello.abi_major != GANTRY_ABI_MAJOR || hello.wire != GANTRY_WIRE) {
    return host::fail(
        ErrorKind::infrastructure,
        fmt::format("gantry-worker is of another build (protocol {}, plugin ABI {}, wire {}; gantry has {}, {}, {}); "
                    "install gantry and gantry-worker together",
                    hello.protocol, hello.abi_major, hello.wire, protocol, GANTRY_ABI_MAJOR, GANTRY_WIRE));
  }
  return hello;
}

/// A position and a sentence.
template <class Message>
host::Result<WorkerMessage> unpack_no(Unpacker& unpacker, std::string_view what) {
  Message message;
  message.position = unpacker.number<std::uint32_t>();
  message.sentence = unpacker.text();
  if (!unpacker.done()) return malformed(what);
  return message;
}

host::Result<HostMessage> unpack_load(Unpacker& unpacker) {
  Load load;
  const auto count = unpacker.number<std::uint32_t>();
  for (std::uint32_t i = 0; i < count && !unpacker.failed(); ++i) load.paths.emplace_back(unpacker.text());
  if (!unpacker.done()) return malformed("load");
  return load;
}

host::Result<HostMessage> unpack_passed(Unpacker& unpacker, std::vector<Descriptor> descriptors) {
  PassedFiles passed;
  passed.lease = unpacker.number<std::uint64_t>();
  for (Descriptor& descriptor : descriptors) {
    TakenFile& file = passed.files.emplace_back();
    file.resident.step = unpacker.number<std::uint32_t>();
    file.resident.index = unpacker.number<std::uint64_t>();
    file.file = std::move(descriptor);
  }
  if (!unpacker.done() || passed.files.empty()) return malformed("passed files");
  return passed;
}

}  // namespace

bool is_name(std::string_view text) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto other = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; };
  return !text.empty() && text.size() <= 4096 && letter(text.front()) && std::ranges::all_of(text, other);
}

host::Result<void> send(Socket& socket, const Setup& message) {
  Bytes bytes;
  Packer(bytes).number(protocol).number(message.worker).number(message.generation);
  const std::array descriptors{message.memory.get(), message.worker_doorbell.get(), message.host_doorbell.get(),
                               message.window.get()};
  return socket.send(MessageKind::setup, bytes, descriptors);
}

host::Result<void> send(Socket& socket, const Load& message) {
  Bytes bytes;
  Packer packer(bytes);
  packer.number(static_cast<std::uint32_t>(message.paths.size()));
  for (const std::string& path : message.paths) packer.text(path);
  return socket.send(MessageKind::load, bytes);
}

host::Result<bool> try_send(Socket& socket, const Block& message) {
  Bytes bytes;
  Packer(bytes).number(message.id).number(message.size);
  return socket.try_send(MessageKind::block, bytes, std::array{message.memory.get()});
}

host::Result<void> send(Socket& socket, const Begin& message) {
  Bytes bytes;
  Packer(bytes).number(message.position).raw(message.arguments);
  return socket.send(MessageKind::begin, bytes);
}

host::Result<void> send(Socket& socket, const Door& message) {
  return socket.send(MessageKind::door, {}, std::array{message.socket.get()});
}

host::Result<void> send(Socket& socket, const PluginFile& message) {
  Bytes bytes;
  Packer(bytes).number(message.position);
  return socket.send(MessageKind::plugin_file, bytes, std::array{message.file.get()});
}

host::Result<void> send(Socket& socket, const Attach& message) {
  return socket.send(MessageKind::attach, {}, std::array{message.channel.get()});
}

host::Result<void> send(Socket& socket, const Hello& message) {
  Bytes bytes;
  Packer(bytes).number(message.protocol).number(message.pid).number(message.abi_major).number(message.wire);
  return socket.send(MessageKind::hello, bytes);
}

host::Result<void> send(Socket& socket, const Loaded& message) {
  Bytes bytes;
  Packer packer(bytes);
  packer.number(message.position).text(message.plugin.name).text(message.plugin.version);
  packer.text(message.plugin.build).text(message.plugin.path);
  const signature::FileIdentity& file = message.plugin.file;
  packer.number(file.device).number(file.inode).number(file.size).number(file.modified_ns);
  packer.number(std::uint64_t{message.plugin.functions.size()});
  for (const signature::Function& function : message.plugin.functions) pack(function, packer);
  packer.number(std::uint8_t{message.plugin.begin.has_value()});
  if (message.plugin.begin) packer.text(to_text(*message.plugin.begin));
  return socket.send(MessageKind::loaded, bytes);
}

host::Result<void> send(Socket& socket, const Refused& message) {
  Bytes bytes;
  Packer(bytes).number(message.position).text(message.sentence);
  return socket.send(MessageKind::refused, bytes);
}

host::Result<void> send(Socket& socket, const Begun& message) {
  Bytes bytes;
  Packer(bytes).number(message.position);
  return socket.send(MessageKind::begun, bytes);
}

host::Result<void> send(Socket& socket, const NotBegun& message) {
  Bytes bytes;
  Packer(bytes).number(message.position).text(message.sentence);
  return socket.send(MessageKind::not_begun, bytes);
}

host::Result<void> send(Socket& socket, const ReadyToRun&) {
  return socket.send(MessageKind::ready_to_run, {});
}

host::Result<void> send(Socket& socket, const GaveUp& message) {
  Bytes bytes;
  Packer(bytes).number(message.lease).number(message.started).text(message.sentence);
  return socket.send(MessageKind::gave_up, bytes);
}

host::Result<bool> pass_files(Socket& socket, std::uint64_t lease, std::span<const schedule::PassedFile> files) {
  Bytes bytes;
  std::vector<int> descriptors;
  Packer packer(bytes);
  packer.number(lease);
  for (const schedule::PassedFile& each : files) {
    packer.number(each.resident.step).number(each.resident.index);
    descriptors.push_back(each.file->descriptor());
  }
  return socket.try_send(MessageKind::passed_files, bytes, descriptors);
}

host::Result<void> give_file(Socket& socket, std::uint64_t lease, std::uint64_t index, int file) {
  Bytes bytes;
  Packer(bytes).number(lease).number(index);
  return socket.send(MessageKind::given_file, bytes, std::array{file});
}

host::Result<HostMessage> decode_host_message(Parcel parcel) {
  Unpacker unpacker(parcel.bytes);
  switch (parcel.kind) {
    case MessageKind::setup: {
      const auto spoken = unpacker.number<std::uint32_t>();
      Setup setup;
      setup.worker = unpacker.number<std::uint32_t>();
      setup.generation = unpacker.number<std::uint64_t>();
      if (!unpacker.done() || parcel.descriptors.size() != 4) return malformed("setup");
      if (spoken != protocol) {
        return host::fail(ErrorKind::infrastructure,
                          fmt::format("the host speaks protocol {}, not {}", spoken, protocol));
      }
      setup.memory = std::move(parcel.descriptors[0]);
      setup.worker_doorbell = std::move(parcel.descriptors[1]);
      setup.host_doorbell = std::move(parcel.descriptors[2]);
      setup.window = std::move(parcel.descriptors[3]);
      return setup;
    }
    case MessageKind::load:
      return unpack_load(unpacker);
    case MessageKind::block: {
      Block block;
      block.id = unpacker.number<std::uint64_t>();
      block.size = unpacker.number<std::uint64_t>();
      if (!unpacker.done() || parcel.descriptors.size() != 1) return malformed("block");
      block.memory = std::move(parcel.descriptors[0]);
      return block;
    }
    case MessageKind::begin: {
      Begin begin;
      begin.position = unpacker.number<std::uint32_t>();
      if (unpacker.failed()) return malformed("begin");
      const signature::View arguments = unpacker.rest();
      begin.arguments.assign(arguments.begin(), arguments.end());
      return begin;
    }
    case MessageKind::door:
      if (!unpacker.done() || parcel.descriptors.size() != 1) return malformed("door");
      return Door{std::move(parcel.descriptors[0])};
    case MessageKind::plugin_file: {
      PluginFile plugin;
      plugin.position = unpacker.number<std::uint32_t>();
      if (!unpacker.done() || parcel.descriptors.size() != 1) return malformed("plugin file");
      plugin.file = std::move(parcel.descriptors[0]);
      return plugin;
    }
    case MessageKind::attach:
      if (!unpacker.done() || parcel.descriptors.size() != 1) return malformed("attach");
      return Attach{std::move(parcel.descriptors[0])};
    case MessageKind::passed_files:
      return unpack_passed(unpacker, std::move(parcel.descriptors));
    default:
      return host::fail(ErrorKind::infrastructure, "a message of a worker came to a worker");
  }
}

host::Result<WorkerMessage> decode_worker_message(Parcel parcel) {
  Unpacker unpacker(parcel.bytes);
  switch (parcel.kind) {
    case MessageKind::hello:
      return unpack_hello(unpacker);
    case MessageKind::loaded:
      return unpack_loaded(unpacker);
    case MessageKind::refused:
      return unpack_no<Refused>(unpacker, "refused");
    case MessageKind::begun: {
      const Begun begun{unpacker.number<std::uint32_t>()};
      if (!unpacker.done()) return malformed("begun");
      return begun;
    }
    case MessageKind::not_begun:
      return unpack_no<NotBegun>(unpacker, "not begun");
    case MessageKind::ready_to_run:
      if (!unpacker.done()) return malformed("ready to run");
      return ReadyToRun{};
    case MessageKind::given_file: {
      GivenFile given;
      given.lease = unpacker.number<std::uint64_t>();
      given.index = unpacker.number<std::uint64_t>();
      if (!unpacker.done() || parcel.descriptors.size() != 1) return malformed("given file");
      given.file = std::move(parcel.descriptors[0]);
      return given;
    }
    case MessageKind::gave_up: {
      GaveUp message;
      message.lease = unpacker.number<std::uint64_t>();
      message.started = unpacker.number<std::uint64_t>();
      message.sentence = unpacker.text();
      if (!unpacker.done()) return malformed("gave up");
      return message;
    }
    default:
      return host::fail(ErrorKind::infrastructure, "a message of the host came to the host");
  }
}

}  // namespace gantry::wire
