/* A plugin that gives a list in two pieces, its count and its elements, which do not fit if it is asked for that: in
 * plain C, since the C++ SDK counts right.
 */
#include <stdlib.h>
#include <string.h>

#include <gantry/abi.h>

/* `elements` of u64, and a count that says `count`; `odd` bytes more than whole elements. */
static gantry_status list(gantry_call* call) {
  uint64_t arguments[3];
  memcpy(arguments, call->arguments, sizeof arguments);
  const uint64_t size = arguments[0] * sizeof(uint64_t) + arguments[2];
  void* elements = calloc(size, 1);
  if (elements == NULL) return GANTRY_FAILED;
  const gantry_piece pieces[] = {{&arguments[1], sizeof arguments[1]}, {elements, size}};
  const gantry_status status = call->emit_pieces(call, pieces, 2);
  free(elements);
  return status;
}

static const gantry_function list_entry = {
    .struct_size = sizeof list_entry,
    .name = "list",
    .doc = "A list.",
    .signature = "(elements: u64, count: u64, odd: u64) -> [u64]",
    .run = &list,
};
static const gantry_function* const functions[] = {&list_entry};

GANTRY_EXPORT const gantry_descriptor gantry_plugin = {
    .header = {GANTRY_MAGIC, GANTRY_ABI_MAJOR, GANTRY_ABI_MINOR, GANTRY_WIRE, sizeof(gantry_descriptor)},
    .name = "pieces",
    .version = "1.0.0",
    .build = "C",
    .function_count = 1,
    .functions = functions,
};
