/* A plugin whose begin asks for what only a task has, as its argument says: in plain C, so that nothing of the C++ SDK
 * keeps it from doing so.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <gantry/abi.h>

static gantry_text text(const char* from) {
  gantry_text made = {from, strlen(from)};
  return made;
}

static gantry_status ask(gantry_call* call, uint64_t what) {
  gantry_shared request = {.struct_size = sizeof request, .request = GANTRY_COUNTER_ADD};
  gantry_pin pin = {.struct_size = sizeof pin, .object = NULL, .destroy = &free, .type = text("thing")};
  const gantry_piece piece = {"ab", 2};
  int32_t descriptor = -1;
  switch (what) {
    case 0:
      return GANTRY_OK;
    case 1:
      return call->shared(call, &request);
    case 2:
      pin.object = malloc(8);
      return call->keep(call, &pin);
    case 3:
      return call->find(call, &pin);
    case 4:
      return call->give_descriptor(call, open("/dev/null", O_RDONLY | O_CLOEXEC));
    case 5:
      return call->find_descriptor(call, 0, 0, &descriptor);
    case 6:
      return call->emit(call, "ab", 2);
    case 7:
      return call->emit_pieces(call, &piece, 1);
    case 8: /* the empty tuple is what begin returns */
      return call->emit(call, NULL, 0);
    case 9:
      call->fail(call, text("no-door"), text("the door is shut"));
      return GANTRY_FAILED;
    case 10:
      return GANTRY_FAILED;
    default:
      return 77;
  }
}

/* What it is told, it passes on, or not. */
static gantry_status begin(gantry_call* call) {
  uint64_t arguments[2];
  memcpy(arguments, call->arguments, sizeof arguments);
  const gantry_status status = ask(call, arguments[0]);
  return arguments[1] != 0 ? GANTRY_OK : status;
}

static const gantry_function begin_entry = {
    .struct_size = sizeof begin_entry,
    .name = "begin",
    .doc = "",
    .signature = "(what: u64, heedless: u64) -> ()",
    .run = &begin,
};
static gantry_status nothing(gantry_call* call) {
  (void)call;
  return GANTRY_OK;
}
static const gantry_function nothing_entry = {
    .struct_size = sizeof nothing_entry, .name = "nothing", .doc = "", .signature = "() -> ()", .run = &nothing};
static const gantry_function* const functions[] = {&nothing_entry};

GANTRY_EXPORT const gantry_descriptor gantry_plugin = {
    .header = {GANTRY_MAGIC, GANTRY_ABI_MAJOR, GANTRY_ABI_MINOR, GANTRY_WIRE, sizeof(gantry_descriptor)},
    .name = "begun",
    .version = "1.0.0",
    .build = "C",
    .function_count = 1,
    .functions = functions,
    .begin = &begin_entry,
};
