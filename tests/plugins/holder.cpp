// Pinned values and open files, made and used so that a test sees from outside where and when.
#include <gantry/plugin.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace {

/// Writes a line to a file, if it has a path: at once, and in one piece.
void note(const std::string& path, const std::string& line) {
  if (path.empty()) return;
  std::ofstream(path, std::ios::app) << line + "\n" << std::flush;
}

/// Notes when it is made and destroyed, and that both happen on one thread.
class Box {
 public:
  Box(std::string path, std::string name)
      : path_(std::move(path)), name_(std::move(name)), thread_(std::this_thread::get_id()) {
    note(path_, "make " + name_);
  }
  ~Box() { note(path_, (std::this_thread::get_id() == thread_ ? "end " : "end on another thread ") + name_); }
  Box(const Box&) = delete;
  Box& operator=(const Box&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] bool is_here() const { return std::this_thread::get_id() == thread_; }
  std::vector<std::uint64_t> added;

 private:
  std::string path_;
  std::string name_;
  std::thread::id thread_;
};

/// Made from a Box, which it refers to.
struct Label {
  const Box* box;
  std::string text;
  std::string path;
  ~Label() { note(path, "end " + text + " of " + box->name()); }
};

/// May be used by several threads at once.
struct Tally {
  std::atomic<std::uint64_t> inside{0};
  std::atomic<std::uint64_t> most{0};
};

gantry::Pinned<Box> make(gantry::Context& context, const std::string& path, const std::string& name) {
  (void)context;
  return gantry::Pinned<Box>::make(path, name);
}

gantry::Result<gantry::Pinned<Box>> make_once(gantry::Context& context, const std::string& name) {
  if (context.attempt() > 1) return gantry::fail("holder", "only once");
  return std::make_unique<Box>("", name);
}

gantry::Pinned<Box> make_nothing() {
  return std::unique_ptr<Box>();
}

gantry::Pinned<Label> label(gantry::Ref<const Box> box, const std::string& text) {
  return std::unique_ptr<Label>(new Label{box.get(), text, box->path()});  // NOLINT: an aggregate with a destructor
}

std::string read_label(gantry::Ref<const Label> label) {
  return label->text + " of " + label->box->name();
}

std::string both(gantry::Ref<const Label> label, gantry::Ref<const Box> box) {
  return label->box == box.get() ? label->text : "not the box of its label";
}

std::string name(gantry::Ref<const Box> box, std::uint64_t nap_ms) {
  std::this_thread::sleep_for(std::chrono::milliseconds(nap_ms));
  return box->is_here() ? box->name() : "on another thread";
}

/// Looks at the box; the task of index `bad` dies of it, with the box.
std::uint64_t look(gantry::Ref<const Box> box, std::uint64_t index, std::uint64_t bad) {
  if (index == bad) std::raise(SIGKILL);
  return box->name().size() + index;
}

std::uint64_t add(gantry::Ref<Box> box, std::uint64_t value, std::uint64_t bad) {
  if (value == bad) std::raise(SIGKILL);
  box->added.push_back(value);
  return box->added.size();
}

std::vector<std::uint64_t> added(gantry::Ref<const Box> box) {
  return box->added;
}

gantry::Pinned<Tally> tally() {
  return gantry::Pinned<Tally>::make();
}

/// Stays until so many tasks are inside at once, or two seconds.
std::uint64_t meet(gantry::Ref<const Tally> shared, std::uint64_t wanted) {
  auto& tally = const_cast<Tally&>(*shared);  // NOLINT: atomics of an object that is not const
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  const std::uint64_t now = ++tally.inside;
  for (std::uint64_t most = tally.most; most < now && !tally.most.compare_exchange_weak(most, now);) continue;
  while (tally.most < wanted && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
  --tally.inside;
  return tally.most;
}

/// A memory file with a text in it.
gantry::Result<gantry::Fd> text_file(const std::string& text) {
  gantry::Fd file(::memfd_create("holder", MFD_CLOEXEC));
  if (!file || ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    return gantry::fail("holder", "no memory file");
  return file;
}

gantry::Fd no_file() {
  return {};
}

/// The worker's process, and what is in the file.
std::string read_file(const gantry::Fd& file, std::uint64_t index) {
  std::string text(64, ' ');
  const ssize_t size = ::pread(file.get(), text.data(), text.size(), static_cast<off_t>(index));
  return text.substr(0, static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
}

/// Open descriptors of this process.
std::uint64_t descriptors() {
  std::uint64_t count = 0;
  for (int i = 0; i < 4096; ++i) count += ::fcntl(i, F_GETFD) >= 0 ? 1 : 0;
  return count;
}

}  // namespace

template <>
struct gantry::pinned<Tally> {
  static constexpr bool thread_safe = true;
};

GANTRY_PLUGIN(
    "holder", "1.0.0",
    gantry::thread_safe(gantry::function<make>("make", {"path = ", "name = box"}, "A box that notes its end.")),
    gantry::thread_safe(gantry::function<make_once>("make_once", {"name = box"}, "A box, the first time.")),
    gantry::function<make_nothing>("make_nothing", {}, "No box."),
    gantry::thread_safe(gantry::function<label>("label", {"box", "text = label"}, "A label on a box.")),
    gantry::thread_safe(gantry::function<read_label>("read", {"label"}, "What a label says.")),
    gantry::thread_safe(gantry::function<both>("both", {"label", "box"}, "What a label says, if it is the box's.")),
    gantry::thread_safe(gantry::function<name>("name", {"box", "nap_ms = 0"}, "A box's name.")),
    gantry::thread_safe(gantry::function<look>("look", {"box", "index", "bad"}, "Looks at a box, or dies.")),
    gantry::thread_safe(gantry::function<add>("add", {"box", "value", "bad = 18446744073709551615"}, "Puts in.")),
    gantry::thread_safe(gantry::function<added>("added", {"box"}, "What was put in.")),
    gantry::thread_safe(gantry::function<tally>("tally", {}, "Counts who is there.")),
    gantry::thread_safe(gantry::function<meet>("meet", {"tally", "wanted"}, "Most that were there at once.")),
    gantry::thread_safe(gantry::function<text_file>("text_file", {"text"}, "A memory file.")),
    gantry::function<no_file>("no_file", {}, "No file."),
    gantry::thread_safe(gantry::function<read_file>("read_file", {"file", "index = 0"}, "What is in a file.")),
    gantry::function<descriptors>("descriptors", {}, "Open descriptors."));
