// What the loaded plugins offer, as told by a worker: plain data, so that every room can look things up in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "signature/file_identity.hpp"
#include "signature/type.hpp"

namespace gantry::signature {

struct Function {
  std::string name;
  std::string doc;
  Signature signature;
  std::uint32_t flags = 0;  ///< GANTRY_THREAD_SAFE …
  std::uint32_t entry = 0;  ///< position in the plugin's descriptor: how a chunk names it
};

struct Plugin {
  std::string name;
  std::string version;
  std::string build;
  std::string path;                 ///< absolute path of the file that was loaded
  FileIdentity file;                ///< that file, as it was when it was loaded
  std::vector<Function> functions;  ///< in the descriptor's order; equal names are overloads, first preferred
  std::optional<Signature> begin;   ///< what each worker calls first: its parameters are the plugin's configuration
};

struct Catalog {
  std::vector<Plugin> plugins;  ///< position = how a chunk names the plugin
};

}  // namespace gantry::signature
