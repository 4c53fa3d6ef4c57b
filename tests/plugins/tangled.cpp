// Pinned boxes, queues and crashes, for pipelines that have all of them.
#include <unistd.h>

#include <gantry/plugin.hpp>

namespace {

using u64 = std::uint64_t;

struct Box {
  u64 number;
};

gantry::Pinned<Box> box(u64 number) {
  return std::make_unique<Box>(Box{number});
}
u64 look(gantry::Ref<const Box> box, u64 more) {
  return box->number + more;
}
u64 change(gantry::Ref<Box> box, u64 more) {
  return box->number += more;
}
u64 feed(gantry::Queue<u64>& to, u64 number) {
  to.put(number);
  return number;
}
u64 drain(gantry::Queue<u64>& from, u64) {
  u64 sum = 0;
  while (const auto value = from.get()) sum += *value;
  return sum;
}
u64 feed_from(gantry::Ref<const Box> box, gantry::Queue<u64>& to) {
  to.put(box->number);
  return box->number;
}
u64 drain_at(gantry::Ref<const Box> box, gantry::Queue<u64>& from) {
  u64 sum = box->number;
  while (const auto value = from.get()) sum += *value;
  return sum;
}
u64 crash(u64) {
  ::_exit(3);
}

}  // namespace

GANTRY_PLUGIN("tangled", "1.0.0", gantry::thread_safe(gantry::function<box>("box", {"number"})),
              gantry::thread_safe(gantry::function<look>("look", {"box", "more = 3"})),
              gantry::thread_safe(gantry::function<change>("change", {"box", "more = 3"})),
              gantry::thread_safe(gantry::function<feed>("feed", {"to", "number"})),
              gantry::thread_safe(gantry::function<drain>("drain", {"from", "id = 0"})),
              gantry::thread_safe(gantry::function<feed_from>("feed_from", {"box", "to"})),
              gantry::thread_safe(gantry::function<drain_at>("drain_at", {"box", "from"})),
              gantry::thread_safe(gantry::function<crash>("crash", {"id = 0"})));
