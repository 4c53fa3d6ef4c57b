// The files that a run's plugins were loaded from. What runs is what was checked, however late a worker starts: the
// files are held open here, so that a plugin that was renamed over or removed is still loaded from its old bytes, and
// one that was written to ends the run. Used by the pool's thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "signature/error.hpp"
#include "signature/file_identity.hpp"
#include "wire/descriptor.hpp"

namespace gantry::pool {

class PluginFiles {
 public:
  /// Holds the file of the plugin at `position` of the pool's list, which a worker told that it had loaded from `path`.
  /// `sha256`: what the pipeline says of its bytes, in lower-case hex. An error: the file is another one by now.
  [[nodiscard]] host::Result<void> hold(std::uint32_t position, const std::string& path,
                                        const signature::FileIdentity& loaded,
                                        const std::optional<std::string>& sha256);
  /// Did another worker load the very same? Holds for plugins that are not held.
  [[nodiscard]] bool matches(std::uint32_t position, const signature::FileIdentity& loaded) const;
  /// The file of a plugin whose path leads elsewhere by now, or nowhere; nothing: the path is good.
  [[nodiscard]] host::Result<std::optional<wire::Descriptor>> moved(std::uint32_t position) const;
  /// An error names a file that was written to since it was loaded. To be called now and then, and at the run's end.
  [[nodiscard]] host::Result<void> check();

 private:
  struct Held {
    std::string path;
    wire::Descriptor file;
    signature::FileIdentity identity;
    std::int64_t changed_ns = 0;        ///< when bytes, name or mode of the file changed last
    std::optional<std::string> sha256;  ///< of its bytes when it was loaded, once that is known
  };

  [[nodiscard]] static host::Result<void> check(Held& held);

  std::map<std::uint32_t, Held> files_;
};

}  // namespace gantry::pool
