// hoard: keeps, finds, gives and takes what resides somewhere, against abi.h alone, and does wrong what can be done
// wrong. What becomes of its objects it notes in the file that they were made with.
#include <gantry/abi.h>

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>

namespace {

gantry_text text(const char* words) {
  return {words, std::strlen(words)};
}

gantry_status failed(gantry_call* call, const char* kind, const char* message) {
  call->fail(call, text(kind), text(message));
  return GANTRY_FAILED;
}

/// Reads arguments one after the other.
struct Reader {
  explicit Reader(const gantry_call* call) : at(static_cast<const char*>(call->arguments)) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    std::memcpy(&value, at, sizeof value);
    at += sizeof value;
    return value;
  }
  std::string words() {
    const std::uint64_t size = number();
    at += size;
    return {at - size, size};
  }

  const char* at;
};

gantry_status give_text(gantry_call* call, const std::string& words) {
  std::string whole(sizeof(std::uint64_t), '\0');
  const std::uint64_t size = words.size();
  std::memcpy(whole.data(), &size, sizeof size);
  whole += words;
  return call->emit(call, whole.data(), whole.size());
}

long thread() {
  return ::syscall(SYS_gettid);
}

struct Thing {
  std::string file;
  std::string name;
  std::uint64_t count = 0;
  long maker = thread();
};

void note(const std::string& file, const std::string& line) {
  if (FILE* to = std::fopen(file.c_str(), "a"); to != nullptr) {
    std::fputs((line + "\n").c_str(), to);
    std::fclose(to);
  }
}

void destroy(void* object) {
  auto* thing = static_cast<Thing*>(object);
  note(thing->file, "end " + thing->name + (thread() == thing->maker ? "" : " elsewhere"));
  const bool throws = thing->name == "thrower";
  delete thing;  // NOLINT: given away as a pointer
  if (throws) throw std::runtime_error("no way to go");
}

gantry_status keep(gantry_call* call, const std::string& file, const std::string& name, const char* type = "thing") {
  gantry_pin pin{};
  pin.struct_size = sizeof pin;
  pin.object = new Thing{file, name};  // NOLINT: given away as a pointer
  pin.destroy = &destroy;
  pin.type = text(type);
  pin.layout = text("Thing");
  return call->keep(call, &pin);
}

Thing* find(gantry_call* call, Reader& reader, const char* type = "thing", const char* layout = "Thing") {
  gantry_pin pin{};
  pin.struct_size = sizeof pin;
  pin.step = reader.number();
  pin.index = reader.number();
  pin.type = text(type);
  pin.layout = text(layout);
  return call->find(call, &pin) == GANTRY_OK ? static_cast<Thing*>(pin.object) : nullptr;
}

gantry_status open(gantry_call* call) {
  Reader reader(call);
  const std::string file = reader.words();
  return keep(call, file, reader.words());
}

/// What can go wrong with a value that is kept.
gantry_status misdo(gantry_call* call) {
  Reader reader(call);
  const std::string file = reader.words();
  switch (reader.number()) {
    case 0:
      return GANTRY_OK;
    case 1:
      keep(call, file, "kept");
      return failed(call, "changed-mind", "it will not be");
    case 2:
      keep(call, file, "first");
      keep(call, file, "second");
      return GANTRY_OK;
    case 3:
      keep(call, file, "with bytes");
      return call->emit(call, "bytes", 5);
    case 4:
      keep(call, file, "with bytes");
      call->result_size = 3;
      return GANTRY_OK;
    case 5:
      return keep(call, file, "other", "other");
    case 6: {
      gantry_pin pin{};
      pin.struct_size = sizeof pin;
      pin.type = text("thing");
      return call->keep(call, &pin);
    }
    case 7:
      keep(call, file, "first");
      keep(call, file, "second");
      throw std::runtime_error("thrown");
    case 8:
      call->give_descriptor(call, ::dup(1));
      return GANTRY_OK;
    default:
      return keep(call, file, "well");
  }
}

gantry_status misplace(gantry_call* call) {
  keep(call, std::string(Reader(call).words()), "misplaced");
  return GANTRY_OK;
}

gantry_status use(gantry_call* call) {
  Reader reader(call);
  const Thing* thing = find(call, reader);
  if (thing == nullptr) return GANTRY_OK;  // it has failed, whatever it says
  return give_text(call, thing->name + " " + std::to_string(thing->count) + (thread() == thing->maker ? "" : " afar"));
}

gantry_status change(gantry_call* call) {
  Reader reader(call);
  Thing* thing = find(call, reader);
  if (thing == nullptr) return GANTRY_FAILED;
  const std::uint64_t count = thing->count += reader.number();
  std::memcpy(call->room, &count, sizeof count);
  call->result_size = sizeof count;
  return GANTRY_OK;
}

gantry_status use_as_other(gantry_call* call) {
  Reader reader(call);
  find(call, reader, "other");
  return GANTRY_FAILED;
}

gantry_status use_as_laid_out(gantry_call* call) {
  Reader reader(call);
  find(call, reader, "hoard.thing", "OtherThing");
  return GANTRY_FAILED;
}

/// How: 0 a file with the words; 1 none; 2 two; 3 -1; 4 one, and fails; 5 one, and bytes; 6 one, and dies.
gantry_status give(gantry_call* call) {
  Reader reader(call);
  const std::string words = reader.words();
  const std::uint64_t how = reader.number();
  if (how == 1) return GANTRY_OK;
  if (how == 3) return call->give_descriptor(call, -1);
  const int file = ::memfd_create("hoard", MFD_CLOEXEC);
  if (file < 0 || ::write(file, words.data(), words.size()) < 0) return failed(call, "hoard", "no file");
  if (how == 2) call->give_descriptor(call, ::dup(file));
  call->give_descriptor(call, file);
  if (how == 4) return failed(call, "changed-mind", "it will not be");
  if (how == 5) call->result_size = 1;
  if (how == 6) ::_exit(3);
  return GANTRY_OK;
}

gantry_status take(gantry_call* call) {
  Reader reader(call);
  const std::uint64_t step = reader.number();
  const std::uint64_t index = reader.number();
  int file = -1;
  if (call->find_descriptor(call, step, index, &file) != GANTRY_OK) return GANTRY_FAILED;
  std::string words(4096, '\0');
  const ssize_t size = ::pread(file, words.data(), words.size(), 0);
  if (size < 0) return failed(call, "hoard", "it cannot be read");
  words.resize(static_cast<std::size_t>(size));
  return give_text(call, words);
}

gantry_status nap(gantry_call* call) {
  ::usleep(static_cast<useconds_t>(Reader(call).number() * 1000));
  return GANTRY_OK;
}

gantry_status thread_of(gantry_call* call) {
  const std::int64_t number = thread();
  std::memcpy(call->room, &number, sizeof number);
  call->result_size = sizeof number;
  return GANTRY_OK;
}

constexpr gantry_function entry(const char* name, const char* signature, gantry_status (*run)(gantry_call*)) {
  return {sizeof(gantry_function), GANTRY_THREAD_SAFE, name, "", signature, nullptr, run, nullptr};
}

constexpr gantry_function open_entry = entry("open", "(file: str, name: str) -> pin<thing>", open);
constexpr gantry_function open_sync_entry = entry("open_sync", "(file: str, name: str) -> pin<thing, sync>", open);
constexpr gantry_function misdo_entry = entry("misdo", "(file: str, how: u64) -> pin<thing>", misdo);
constexpr gantry_function misplace_entry = entry("misplace", "(file: str) -> ()", misplace);
constexpr gantry_function use_entry = entry("use", "(thing: pin<hoard.thing>) -> str", use);
constexpr gantry_function change_entry = entry("change", "(thing: pin<thing, mut>, by: u64) -> u64", change);
constexpr gantry_function other_entry = entry("use_as_other", "(thing: pin<other>) -> ()", use_as_other);
constexpr gantry_function layout_entry = entry("use_as_laid_out", "(thing: pin<thing>) -> ()", use_as_laid_out);
constexpr gantry_function give_entry = entry("give", "(words: str, how: u64) -> fd", give);
constexpr gantry_function take_entry = entry("take", "(file: fd) -> str", take);
constexpr gantry_function nap_entry = entry("nap", "(ms: u64) -> ()", nap);
constexpr gantry_function thread_entry = entry("thread", "() -> i64", thread_of);

constexpr const gantry_function* functions[] = {&open_entry, &open_sync_entry, &misdo_entry, &misplace_entry,
                                                &use_entry,  &change_entry,    &other_entry, &layout_entry,
                                                &give_entry, &take_entry,      &nap_entry,   &thread_entry};

}  // namespace

extern "C" {
const gantry_descriptor gantry_plugin = {
    {GANTRY_MAGIC, GANTRY_ABI_MAJOR, GANTRY_ABI_MINOR, GANTRY_WIRE, sizeof(gantry_descriptor)},
    "hoard",
    "1.0.0",
    "",
    sizeof functions / sizeof *functions,
    functions,
    nullptr,
    nullptr};
}
