/* One source, many libraries: with BAD = GOOD the plugin `well`, whose functions misbehave when asked to; with any
 * other value a descriptor that is wrong in one way. Plain C, so that it also shows what a plugin needs besides abi.h.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "gantry/abi.h"

#define GOOD 0
#define NO_SYMBOL 1
#define MAGIC 2
#define MAJOR 3
#define WIRE 4
#define SHORT 5
#define NAME 6
#define ENDLESS 7
#define COUNT 8
#define NOWHERE 9
#define NULL_ENTRY 10
#define SHORT_ENTRY 11
#define ENTRY_NAME 12
#define NO_RUN 13
#define NO_SIGNATURE 14
#define SPELL 15
#define SIGNATURE 16
#define DEFAULT 17
#define TWICE 18
#define RUN_MANY 19
#define UNDEFINED 20
#define NEEDED 21
#define ABORTS 22
#define EXITS 23
#define HANGS 24
#define PIN_MANY 25
#define BEGIN_PIN 26
#define BEGIN_FILE 27

typedef unsigned char byte;

static gantry_text text(const char* words) {
  const gantry_text result = {words, strlen(words)};
  return result;
}

static gantry_status failed(gantry_call* call, const char* kind, const char* message) {
  call->fail(call, text(kind), text(message));
  return GANTRY_FAILED;
}

static uint64_t u64_at(const gantry_call* call, uint64_t offset) {
  uint64_t value;
  memcpy(&value, (const byte*)call->arguments + offset, sizeof value);
  return value;
}

static gantry_status give(gantry_call* call, const void* from, uint64_t size) {
  if (size > call->room_size) return call->emit(call, from, size);
  memcpy(call->room, from, size);
  call->result_size = size;
  return GANTRY_OK;
}

/* The first parameter, a str, as a C string; at most 4095 bytes of it. */
static const char* text_argument(const gantry_call* call) {
  static char copy[4096];
  uint64_t size = u64_at(call, 0);
  if (size > sizeof copy - 1) size = sizeof copy - 1;
  memcpy(copy, (const byte*)call->arguments + sizeof size, size);
  copy[size] = 0;
  return copy;
}

static gantry_status square(gantry_call* call) {
  const uint64_t x = u64_at(call, 0);
  const uint64_t result = x * x;
  return give(call, &result, sizeof result);
}

static gantry_status square_many(gantry_call* call, uint64_t count, uint64_t stride, uint64_t room_stride,
                                 volatile uint64_t* done) {
  for (uint64_t k = 0; k < count; ++k) {
    const uint64_t x = u64_at(call, k * stride);
    const uint64_t result = x * x;
    memcpy((byte*)call->room + k * room_stride, &result, sizeof result);
    *done = k + 1;
  }
  return GANTRY_OK;
}

/* Fails for odd numbers, is of no use for 100, dies of 200. */
static gantry_status half_many(gantry_call* call, uint64_t count, uint64_t stride, uint64_t room_stride,
                               volatile uint64_t* done) {
  for (uint64_t k = 0; k < count; ++k) {
    const uint64_t x = u64_at(call, k * stride);
    if (x == 100) return GANTRY_OK;
    if (x == 200) abort();
    if (x % 2 != 0) return failed(call, "odd", "an odd number has no half");
    const uint64_t result = x / 2;
    memcpy((byte*)call->room + k * room_stride, &result, sizeof result);
    *done = k + 1;
  }
  return GANTRY_OK;
}

static gantry_status half(gantry_call* call) {
  uint64_t done = 0;
  call->result_size = sizeof done;
  return half_many(call, 1, 0, 0, &done);
}

/* Each third truth is 2, which is no bool. */
static gantry_status truth_many(gantry_call* call, uint64_t count, uint64_t stride, uint64_t room_stride,
                                volatile uint64_t* done) {
  for (uint64_t k = 0; k < count; ++k) {
    ((byte*)call->room)[k * room_stride] = (byte)(u64_at(call, k * stride) % 3);
    *done = k + 1;
  }
  return GANTRY_OK;
}

static gantry_status truth(gantry_call* call) {
  uint64_t done = 0;
  call->result_size = 1;
  return truth_many(call, 1, 0, 0, &done);
}

/* `count` bytes (as the bytes type: a length, then they), the k-th is k % 251. */
static gantry_status repeat(gantry_call* call) {
  const uint64_t count = u64_at(call, 0);
  byte* value = malloc(count + sizeof count);
  if (value == NULL) return failed(call, "memory", "no memory");
  memcpy(value, &count, sizeof count);
  for (uint64_t k = 0; k < count; ++k) value[sizeof count + k] = (byte)(k % 251);
  const gantry_status status = give(call, value, count + sizeof count);
  free(value);
  return status;
}

static gantry_status blob(gantry_call* call) {
  memset(call->room, *(const byte*)call->arguments, 200000);
  call->result_size = 200000;
  return GANTRY_OK;
}

static gantry_status length(gantry_call* call) {
  const uint64_t size = u64_at(call, 0);
  return give(call, &size, sizeof size);
}

static gantry_status speak(gantry_call* call) {
  fputs(text_argument(call), stdout);
  return GANTRY_OK;
}

static gantry_status tell(gantry_call* call) {
  call->log(call, GANTRY_LOG_WARNING, text(text_argument(call)));
  return GANTRY_OK;
}

static gantry_status self(gantry_call* call) {
  byte value[20];
  memcpy(value, &call->index, 8);
  memcpy(value + 8, &call->seed, 8);
  memcpy(value + 16, &call->attempt, 4);
  return give(call, value, sizeof value);
}

/* Waits until the file exists; a time limit of 20 s keeps a broken test from hanging. */
static gantry_status wait_for(gantry_call* call) {
  const struct timespec pause = {0, 1000000};
  for (int tries = 0; access(text_argument(call), F_OK) != 0; ++tries) {
    if (tries == 20000) return failed(call, "late", "the file did not come");
    nanosleep(&pause, NULL);
  }
  return GANTRY_OK;
}

/* Dies, if x is 3, in the way asked for; else x. */
static gantry_status die(gantry_call* call) {
  const uint64_t x = u64_at(call, 0);
  if (x != 3) return give(call, &x, sizeof x);
  switch (u64_at(call, 8)) {
    case 0:
      _exit(0);
    case 1:
      raise(SIGSEGV);
      break;
    case 2:
      abort();
    default:
      for (;;) pause();
  }
  return GANTRY_FAILED;
}

/* A str, in ways that are wrong. */
static gantry_status lie(gantry_call* call) {
  static const byte cut_short[] = {200, 0, 0, 0, 0, 0, 0, 0, 'a'};
  static const byte fine[] = {1, 0, 0, 0, 0, 0, 0, 0, 'a'};
  switch (u64_at(call, 0)) {
    case 0:
      return give(call, fine, sizeof fine);
    case 1:
      return give(call, cut_short, sizeof cut_short);
    case 2:
      call->result_size = call->room_size + 1;
      return GANTRY_OK;
    case 3:
      return 7;
    case 4:
      return GANTRY_FAILED;
    case 5:
      call->emit(call, fine, sizeof fine);
      return call->emit(call, fine, sizeof fine);
    case 6:
      call->emit(call, fine, 1ull << 32);
      return GANTRY_OK;
    case 7:
      return call->emit(call, fine, sizeof fine);
    default:
      return failed(call, "", "no kind");
  }
}

static gantry_status spelled(const gantry_function* function, void* to, void (*put)(void*, const char*, uint64_t),
                             void (*fail)(void*, const char*, uint64_t)) {
  if (strcmp(function->name, "mute") != 0) {
    put(to, "(x: u64)", 8);
    put(to, " -> u64", 7);
    return GANTRY_OK;
  }
  fail(to, "app::Node contains itself", 25);
  return GANTRY_FAILED;
}

#define ENTRY(NAME, SIGNATURE_TEXT, RUN, MANY)                                         \
  static const gantry_function NAME##_entry = {.struct_size = sizeof(gantry_function), \
                                               .name = #NAME,                          \
                                               .doc = "",                              \
                                               .signature = SIGNATURE_TEXT,            \
                                               .run = RUN,                             \
                                               .run_many = MANY}
ENTRY(square, "(x: u64) -> u64", square, square_many);
ENTRY(half, "(x: u64) -> u64", half, half_many);
ENTRY(truth, "(x: u64) -> bool", truth, truth_many);
ENTRY(repeat, "(count: u64 = 3) -> bytes", repeat, NULL);
ENTRY(blob, "(x: u8) -> [u8; 200000]", blob, NULL);
ENTRY(length, "(value: bytes) -> u64", length, NULL);
ENTRY(speak, "(text: str) -> ()", speak, NULL);
ENTRY(tell, "(text: str) -> ()", tell, NULL);
ENTRY(self, "() -> (u64, u64, u32)", self, NULL);
ENTRY(wait_for, "(path: str) -> ()", wait_for, NULL);
ENTRY(die, "(x: u64, how: u64) -> u64", die, NULL);
ENTRY(lie, "(how: u64) -> str", lie, NULL);
static const gantry_function spelled_entry = {
    .struct_size = sizeof(gantry_function), .name = "spelled", .doc = "", .spell = spelled, .run = square};

static const gantry_function bad_entry = {.struct_size = BAD == SHORT_ENTRY ? 8 : sizeof(gantry_function),
                                          .name = BAD == ENTRY_NAME ? "Upper" : "mute",
                                          .doc = "",
                                          .signature = BAD == SIGNATURE                      ? "(x: u65) -> u64"
                                                       : BAD == DEFAULT                      ? "(x: u8 = 300) -> u64"
                                                       : BAD == RUN_MANY                     ? "(x: str) -> u64"
                                                       : BAD == PIN_MANY                     ? "(x: u64) -> pin<a>"
                                                       : BAD == BEGIN_PIN                    ? "(x: pin<a>) -> ()"
                                                       : BAD == BEGIN_FILE                   ? "() -> fd"
                                                       : BAD == NO_SIGNATURE || BAD == SPELL ? NULL
                                                                                             : "(x: u64) -> u64",
                                          .spell = BAD == SPELL ? spelled : NULL,
                                          .run = BAD == NO_RUN ? NULL : square,
                                          .run_many = BAD == RUN_MANY || BAD == PIN_MANY ? square_many : NULL};

static const gantry_function* const functions[] = {
#if BAD == GOOD
    &square_entry, &half_entry, &truth_entry, &repeat_entry,   &blob_entry, &length_entry, &speak_entry,
    &tell_entry,   &self_entry, &die_entry,   &wait_for_entry, &lie_entry,  &spelled_entry};
#elif BAD == TWICE
    &square_entry, &square_entry};
#elif BAD == NULL_ENTRY
    &square_entry, NULL};
#else
    &bad_entry};
#endif

#if BAD == ENDLESS
/* Twice 4080 characters, and no NUL between or behind them. */
#define A16 "aaaaaaaaaaaaaaaa"
#define A240 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16
#define A4080 A240 A240 A240 A240 A240 A240 A240 A240 A240 A240 A240 A240 A240 A240 A240 A240 A240
static const char endless[2][4080] = {A4080, A4080};
#endif

#if BAD == NO_SYMBOL
#define gantry_plugin some_other_name
extern const gantry_descriptor gantry_plugin;
#endif

GANTRY_EXPORT const gantry_descriptor gantry_plugin = {
    .header = {BAD == MAGIC ? 0x31415926u : GANTRY_MAGIC, BAD == MAJOR ? GANTRY_ABI_MAJOR + 6 : GANTRY_ABI_MAJOR,
               GANTRY_ABI_MINOR, BAD == WIRE ? GANTRY_WIRE + 8 : GANTRY_WIRE,
               BAD == SHORT ? 24 : sizeof(gantry_descriptor)},
#if BAD == ENDLESS
    .name = endless[0],
#else
    .name = BAD == NAME   ? "Bad-Name"
            : BAD == GOOD ? "well"
                          : "bad",
#endif
    .version = "1.2.3",
    .build = "C",
    .function_count = BAD == COUNT ? 1ull << 31 : sizeof functions / sizeof *functions,
    .functions = BAD == NOWHERE ? NULL : functions,
    .begin = BAD == BEGIN_PIN || BAD == BEGIN_FILE ? &bad_entry : NULL};

#if BAD == UNDEFINED
extern int nobody_defines_this(void);
GANTRY_EXPORT int use(void) {
  return nobody_defines_this();
}
#elif BAD == NEEDED
extern int absent(void);
GANTRY_EXPORT int use(void) {
  return absent();
}
#elif BAD == ABORTS || BAD == EXITS || BAD == HANGS
__attribute__((constructor)) static void misbehave(void) {
  if (BAD == ABORTS) abort();
  if (BAD == EXITS) exit(0);
  for (;;) pause();
}
#endif

/* Used by some variants only. */
const void* const gantry_unused[] = {&square_entry,   &half_entry,  &truth_entry,   &repeat_entry, &blob_entry,
                                     &length_entry,   &speak_entry, &tell_entry,    &self_entry,   &die_entry,
                                     &wait_for_entry, &lie_entry,   &spelled_entry, &bad_entry,    functions};
