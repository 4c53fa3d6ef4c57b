// What is said over the socket, rarely: who you are, what to load, what it offers, large arguments. Order: the host
// sends Setup and Load; the worker answers Hello, then one Loaded or Refused for each path. The host sends one Begin
// for each loaded plugin that has a begin; the worker answers Begun or NotBegun, and ReadyToRun once all have begun.
// Anything else from a worker before Hello is an error. Both decoders check everything; a worker's catalog is parsed
// again here.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "schedule/runner.hpp"
#include "signature/catalog.hpp"
#include "signature/error.hpp"
#include "signature/residence.hpp"
#include "wire/descriptor.hpp"
#include "wire/files.hpp"
#include "wire/socket.hpp"

namespace gantry::wire {

/// Host to worker, first: all that the two share. The sender keeps its own descriptors.
struct Setup {
  std::uint32_t worker = 0;      ///< its place
  std::uint64_t generation = 0;  ///< counts the lives of all workers; the first frame of each ring bears it
  Descriptor memory;             ///< shared_size bytes
  Descriptor worker_doorbell;
  Descriptor host_doorbell;
  Descriptor window;  ///< window_capacity bytes
};

/// Host to worker: load these files; position in the list = position in the catalog.
struct Load {
  std::vector<std::string> paths;
};

/// Host to worker, before Load: the file of the plugin at this position, since its path leads to another one by now.
struct PluginFile {
  std::uint32_t position = 0;
  Descriptor file;
};

/// Host to worker: the arguments of the chunk that names this id, in a memory file.
struct Block {
  std::uint64_t id = 0;
  std::uint64_t size = 0;
  Descriptor memory;
};

/// Host to worker: let the plugin at this position begin, with its configuration encoded.
struct Begin {
  std::uint32_t position = 0;
  signature::Bytes arguments;
};

/// Host to worker, before Load: threads of this process are to be workers as well. Over this socket comes an Attach for
/// each.
struct Door {
  Descriptor socket;
};

/// Host to worker, over the door: start a thread that speaks over this channel. It finds Setup there, and answers Hello
/// and ReadyToRun.
struct Attach {
  Descriptor channel;
};

/// Host to worker: the open files that tasks of the chunk of this lease take as arguments. Comes before the chunk.
struct PassedFiles {
  std::uint64_t lease = 0;
  TakenFiles files;
};

/// Worker to host, first. Frozen for ever, so that any two versions can refuse each other.
struct Hello {
  std::uint32_t protocol = 0;
  std::uint32_t pid = 0;
  std::uint32_t abi_major = 0;
  std::uint32_t wire = 0;
};

/// Worker to host: what the plugin at this position offers.
struct Loaded {
  std::uint32_t position = 0;
  signature::Plugin plugin;
};

/// Worker to host: why the plugin at this position was not loaded. The sentence reads after "plugin X: ".
struct Refused {
  std::uint32_t position = 0;
  std::string sentence;
};

/// Worker to host: the plugin at this position has begun.
struct Begun {
  std::uint32_t position = 0;
};

/// Worker to host: why it has not.
struct NotBegun {
  std::uint32_t position = 0;
  std::string sentence;
};

/// Worker to host: the open file that this task of the lease has as its value. Comes before the report of the value.
struct GivenFile {
  std::uint64_t lease = 0;
  std::uint64_t index = 0;
  Descriptor file;
};

/// Worker to host, last: it cannot go on, because what it shares with the host is spoilt. Of the lease that it ran
/// last, tasks below `started` may have begun.
struct GaveUp {
  std::uint64_t lease = 0;
  std::uint64_t started = 0;
  std::string sentence;
};

/// Worker to host: every path was answered, every plugin has begun that is to; chunks may come.
struct ReadyToRun {};

using HostMessage = std::variant<Setup, Load, Block, Begin, Door, Attach, PassedFiles, PluginFile>;
using WorkerMessage = std::variant<Hello, Loaded, Refused, ReadyToRun, Begun, NotBegun, GivenFile, GaveUp>;

[[nodiscard]] host::Result<void> send(Socket& socket, const Setup& message);
[[nodiscard]] host::Result<void> send(Socket& socket, const Load& message);
[[nodiscard]] host::Result<void> send(Socket& socket, const Begin& message);
[[nodiscard]] host::Result<void> send(Socket& socket, const Door& message);
[[nodiscard]] host::Result<void> send(Socket& socket, const Attach& message);
[[nodiscard]] host::Result<void> send(Socket& socket, const PluginFile& message);
[[nodiscard]] host::Result<void> send(Socket& socket, const Hello& message);
[[nodiscard]] host::Result<void> send(Socket& socket, const Loaded& message);
[[nodiscard]] host::Result<void> send(Socket& socket, const Refused& message);
[[nodiscard]] host::Result<void> send(Socket& socket, const Begun& message);
[[nodiscard]] host::Result<void> send(Socket& socket, const NotBegun& message);
[[nodiscard]] host::Result<void> send(Socket& socket, const ReadyToRun& message);
[[nodiscard]] host::Result<void> send(Socket& socket, const GaveUp& message);
/// What comes ahead of the frame that needs it: false, where there is no room for it now; then the frame waits as well.
[[nodiscard]] host::Result<bool> try_send(Socket& socket, const Block& message);
/// The same of PassedFiles; the descriptors stay the caller's. Precondition: at least one file, files_cap at most.
[[nodiscard]] host::Result<bool> pass_files(Socket& socket, std::uint64_t lease,
                                            std::span<const schedule::PassedFile> files);
/// As GivenFile; the descriptor stays the caller's.
[[nodiscard]] host::Result<void> give_file(Socket& socket, std::uint64_t lease, std::uint64_t index, int file);

/// The worker's decoder.
[[nodiscard]] host::Result<HostMessage> decode_host_message(Parcel parcel);
/// The host's decoder: a Hello of another protocol is an error whose sentence says what to do.
[[nodiscard]] host::Result<WorkerMessage> decode_worker_message(Parcel parcel);

/// A name of a plugin, function or parameter: [a-z][a-z0-9_]*, at most 4096 long.
[[nodiscard]] bool is_name(std::string_view text);

inline constexpr std::uint64_t functions_cap = 65536;  ///< most functions of a plugin

}  // namespace gantry::wire
