#include "worker/module.hpp"

#include <dlfcn.h>
#include <fmt/core.h>

#include <exception>
#include <string_view>
#include <system_error>

#define BOOST_DLL_USE_STD_FS
#include <boost/dll/shared_library.hpp>

#include "worker/forks.hpp"
#include "worker/library_file.hpp"
#include "worker/symbol_name.hpp"

namespace gantry::worker {
namespace {

constexpr const char* symbol = "gantry_plugin";

std::unexpected<host::Error> refuse(std::string sentence) {
  return host::fail(host::ErrorKind::plugin, std::move(sentence));
}

/// The linker's text with what to do: "undefined symbol: _Z1fv" becomes "f() is used but defined nowhere: …".
std::string explained(std::string_view text, const std::string& path) {
  if (text.starts_with(path + ": ")) text.remove_prefix(path.size() + 2);
  constexpr std::string_view undefined = "undefined symbol: ";
  if (const auto found = text.find(undefined); found != std::string_view::npos) {
    std::string_view name = text.substr(found + undefined.size());
    name = name.substr(0, name.find_first_of(", \t"));
    return fmt::format(
        "it cannot be loaded: {} is used but defined nowhere; link what defines it (gantry_add_plugin "
        "finds this while linking)",
        demangled(std::string(name)));
  }
  constexpr std::string_view missing = ": cannot open shared object file: No such file or directory";
  if (text.ends_with(missing)) {
    text.remove_suffix(missing.size());
    return fmt::format(
        "it cannot be loaded: it needs the library {}, which is not found; install it, or see "
        "`ldd {}`",
        text, path);
  }
  return fmt::format("it cannot be loaded: {}", text);
}

/// Loads what `where` leads to; `path` is what the sentences call it.
host::Result<const gantry_descriptor*> open_library(const std::string& where, const std::string& path) {
  namespace dll = boost::dll;
  try {
    dll::shared_library library;
    std::error_code error;  // its own text is "Bad file descriptor" for everything; the linker's is better
    static_cast<void>(::dlerror());
    library.load(where, error, dll::load_mode::rtld_now | dll::load_mode::rtld_local);
    if (error) {
      const char* text = ::dlerror();
      return refuse(explained(text != nullptr ? text : error.message().c_str(), path));
    }
    // From here on the library stays, whatever becomes of Boost's handle.
    if (::dlopen(where.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD | RTLD_NODELETE) == nullptr) {
      const char* text = ::dlerror();
      return refuse(fmt::format("it cannot be kept loaded: {}", text != nullptr ? text : "no reason given"));
    }
    if (!library.has(symbol)) {
      return refuse(
          fmt::format("{} is a shared library, but no plugin: it does not export {}; define it with "
                      "GANTRY_PLUGIN",
                      path, symbol));
    }
    return &library.get<const gantry_descriptor>(symbol);
  } catch (const std::exception& exception) {
    return refuse(fmt::format("it cannot be loaded: {}", exception.what()));
  }
}

}  // namespace

host::Result<Module> load_module(const std::string& path, UniqueSymbols& known, wire::Descriptor file) {
  const bool moved = static_cast<bool>(file);
  auto library = moved ? check_library_file(path, std::move(file)) : open_library_file(path);
  if (!library) return std::unexpected(std::move(library).error());
  if (auto alone = known.add(path, library->file.get()); !alone) return std::unexpected(std::move(alone).error());
  const auto descriptor = open_library(moved ? fmt::format("/proc/self/fd/{}", library->file.get()) : path, path);
  back_from("a plugin");
  if (!descriptor) return std::unexpected(descriptor.error());
  // The dynamic linker opened the path once more: it must have led to the same file.
  const auto now = moved ? signature::identity_of(library->file.get()) : signature::identity_at(path);
  if (now != library->identity) return refuse(fmt::format("{} was replaced while it was loaded: run again", path));
  auto offer = read_offer(**descriptor, path);
  back_from("a plugin");
  if (!offer) return std::unexpected(std::move(offer).error());
  Module module;
  module.offer = *std::move(offer);
  module.offer.plugin.file = library->identity;
  module.scratch = std::make_unique<void*>(nullptr);
  if (moved) module.file = std::move(library->file);
  return module;
}

}  // namespace gantry::worker
