// Processes that plugins fork. Such a child has a copy of this worker, and would come back out of the function into a
// loop that reports, and takes more tasks. What is shared with the host is not in it, and where it comes back it ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace gantry::worker {

/// A word that is zero in every forked child, however it was forked. Global, as forks are: it is written before the
/// first plugin is loaded, and from then on by the kernel, and by the handler that runs in a child.
inline std::uint32_t original_until_watched = 1;
inline volatile std::uint32_t* original_process = &original_until_watched;

/// Begins to notice forks; called once, before any code of plugins runs.
void watch_forks();

/// This process was forked by a plugin. Any thread may ask.
[[nodiscard]] inline bool is_forked() {
  return *original_process == 0;
}

/// Ends a child that came back, with a line on stderr; `who` forked it.
[[noreturn]] void end_child(std::string_view who);

/// Called whenever a call into a plugin returned, in whatever way.
inline void back_from(std::string_view who) {
  if (is_forked()) [[unlikely]]
    end_child(who);
}

/// Memory that the calling thread shares with the host: it is not in children. One that this thread forks ends when it
/// touches it, as it does when it writes its result. Lives as long as the thread uses the memory, which is borrowed.
class ForkGuard {
 public:
  ForkGuard(std::span<std::byte> channel, std::span<std::byte> window);
  ForkGuard(const ForkGuard&) = delete;
  ForkGuard& operator=(const ForkGuard&) = delete;
  ~ForkGuard();
};

}  // namespace gantry::worker
