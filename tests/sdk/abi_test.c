/* The edge as a C compiler sees it: what is pinned here can never move without a new ABI major. */
#include <stddef.h>

#include <gantry/abi.h>

#define PIN(type, field, at) _Static_assert(offsetof(type, field) == (at), #type "." #field " has moved")

_Static_assert(sizeof(gantry_header) == 16, "the header is 16 bytes for ever");
PIN(gantry_header, magic, 0);
PIN(gantry_header, abi_major, 4);
PIN(gantry_header, abi_minor, 6);
PIN(gantry_header, wire, 8);
PIN(gantry_header, size, 12);
_Static_assert(GANTRY_MAGIC == 0x59544E47u, "the bytes GNTY, little-endian");

_Static_assert(sizeof(gantry_descriptor) >= 56, "structs only grow");
PIN(gantry_descriptor, header, 0);
PIN(gantry_descriptor, name, 16);
PIN(gantry_descriptor, version, 24);
PIN(gantry_descriptor, build, 32);
PIN(gantry_descriptor, function_count, 40);
PIN(gantry_descriptor, functions, 48);

_Static_assert(sizeof(gantry_function) >= 56, "structs only grow");
PIN(gantry_function, struct_size, 0);
PIN(gantry_function, flags, 4);
PIN(gantry_function, name, 8);
PIN(gantry_function, doc, 16);
PIN(gantry_function, signature, 24);
PIN(gantry_function, spell, 32);
PIN(gantry_function, run, 40);
PIN(gantry_function, run_many, 48);

_Static_assert(sizeof(gantry_call) >= 128, "structs only grow");
PIN(gantry_call, struct_size, 0);
PIN(gantry_call, attempt, 4);
PIN(gantry_call, self, 8);
PIN(gantry_call, worker, 16);
PIN(gantry_call, arguments, 24);
PIN(gantry_call, arguments_size, 32);
PIN(gantry_call, room, 40);
PIN(gantry_call, room_size, 48);
PIN(gantry_call, result_size, 56);
PIN(gantry_call, scratch, 64);
PIN(gantry_call, step, 72);
PIN(gantry_call, index, 88);
PIN(gantry_call, seed, 96);
PIN(gantry_call, emit, 104);
PIN(gantry_call, fail, 112);
PIN(gantry_call, log, 120);
PIN(gantry_call, emit_pieces, 128);
PIN(gantry_call, shared, 168);
PIN(gantry_call, keep, 176);
PIN(gantry_call, find, 184);
PIN(gantry_call, give_descriptor, 192);
PIN(gantry_call, find_descriptor, 200);

_Static_assert(sizeof(gantry_pin) >= 72, "structs only grow");
PIN(gantry_pin, step, 8);
PIN(gantry_pin, index, 16);
PIN(gantry_pin, object, 24);
PIN(gantry_pin, destroy, 32);
PIN(gantry_pin, type, 40);
PIN(gantry_pin, layout, 56);

_Static_assert(sizeof(gantry_piece) == 16, "a piece is a pointer and a length");

_Static_assert(sizeof(gantry_text) == 16, "a text is a pointer and a length");
_Static_assert(sizeof(gantry_status) == 4, "a status is an int32_t");
_Static_assert(GANTRY_OK == 0 && GANTRY_FAILED == 1 && GANTRY_NO_INDEX == UINT64_MAX && GANTRY_THREAD_SAFE == 1,
               "values");
_Static_assert(GANTRY_LOG_DEBUG == 0 && GANTRY_LOG_INFO == 1 && GANTRY_LOG_WARNING == 2 && GANTRY_LOG_ERROR == 3,
               "levels");
