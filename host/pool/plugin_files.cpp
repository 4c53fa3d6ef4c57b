#include "pool/plugin_files.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>

#include <utility>

#include "pool/sha256.hpp"

namespace gantry::pool {
namespace {

std::unexpected<host::Error> changed(const std::string& path, std::string_view what) {
  return host::fail(host::ErrorKind::plugin, fmt::format("the plugin {}: start the run again", what), path);
}

std::int64_t changed_ns_of(int file) {
  struct stat status{};
  if (::fstat(file, &status) != 0) return 0;
  constexpr std::int64_t second = 1'000'000'000;
  return status.st_ctim.tv_sec * second + status.st_ctim.tv_nsec;
}

}  // namespace

host::Result<void> PluginFiles::hold(std::uint32_t position, const std::string& path,
                                     const signature::FileIdentity& loaded, const std::optional<std::string>& sha256) {
  Held held{path, wire::Descriptor(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)), loaded, 0, {}};
  if (!held.file) return host::fail(host::ErrorKind::plugin, wire::errno_text("it cannot be held open"), path);
  held.changed_ns = changed_ns_of(held.file.get());
  if (signature::identity_of(held.file.get()) != loaded) return changed(path, "was replaced while it was loaded");
  if (sha256) {
    held.sha256 = sha256_of(held.file.get());
    if (held.sha256 != sha256) return changed(path, "is not the file that the pipeline names any more");
  }
  files_.insert_or_assign(position, std::move(held));
  return {};
}

bool PluginFiles::matches(std::uint32_t position, const signature::FileIdentity& loaded) const {
  const auto held = files_.find(position);
  return held == files_.end() || held->second.identity == loaded;
}

host::Result<std::optional<wire::Descriptor>> PluginFiles::moved(std::uint32_t position) const {
  const auto held = files_.find(position);
  if (held == files_.end()) return std::nullopt;
  const auto there = signature::identity_at(held->second.path);
  if (there && there->device == held->second.identity.device && there->inode == held->second.identity.inode) {
    return std::nullopt;
  }
  wire::Descriptor file(::fcntl(held->second.file.get(), F_DUPFD_CLOEXEC, 0));
  if (!file) return host::fail(host::ErrorKind::infrastructure, wire::errno_text("fcntl"));
  return file;
}

host::Result<void> PluginFiles::check() {
  for (auto& [position, held] : files_) {
    if (auto same = check(held); !same) return same;
  }
  return {};
}

host::Result<void> PluginFiles::check(Held& held) {
  constexpr std::string_view written = "was written to during the run (replace one by renaming another over it)";
  if (signature::identity_of(held.file.get()) != held.identity) return changed(held.path, written);
  const std::int64_t now = changed_ns_of(held.file.get());
  if (now == held.changed_ns && held.sha256) return {};
  // Its name or mode changed, or it was written to and its time set back: only its bytes tell. They are read at the
  // first check, which short runs never reach; before that, a time set back is not noticed.
  auto sha256 = sha256_of(held.file.get());
  if (!sha256 || (held.sha256 && sha256 != held.sha256)) return changed(held.path, written);
  held.sha256 = std::move(sha256);
  held.changed_ns = now;
  return {};
}

}  // namespace gantry::pool
