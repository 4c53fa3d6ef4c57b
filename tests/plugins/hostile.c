/* Text that would steer a terminal, turn the direction of writing or break a line, in every place where a plugin has
 * text: one source, a library for each way in which it is refused (HOSTILE), and one that loads. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gantry/abi.h>

#define LOADS 0
#define NAME 1
#define FUNCTION 2
#define SIGNATURE 3
#define LONG 4
#define SPELL 5
#define DIES 6

#define EVIL                                                          \
  "x\x1b[2J\x1b]0;t\x07 \t \r over \b \n[injected] = 1 \x7f \xc2\x9b" \
  "31m \xe2\x80\xae \xe2\x81\xa6 \xe2\x80\x8f \xd8\x9c \xe2\x80\xa8 \x9b \xff"
/* As a string of a signature: what JSON forbids in strings is written as JSON's escapes, the rest stands there raw. */
#define EVIL_QUOTED "\"\\u001b[2J\\n\\u009b \xc2\x9b \x7f \xe2\x80\xae\""

static gantry_text text(const char* from) {
  gantry_text made = {from, strlen(from)};
  return made;
}

/* A str of EVIL. */
static gantry_status give(gantry_call* call) {
  static const char evil[] = EVIL;
  char bytes[sizeof(uint64_t) + sizeof evil - 1];
  const uint64_t size = sizeof evil - 1;
  memcpy(bytes, &size, sizeof size);
  memcpy(bytes + sizeof size, evil, size);
  return call->emit(call, bytes, sizeof bytes);
}

static gantry_status act(gantry_call* call) {
  uint32_t how = 0;
  memcpy(&how, call->arguments, sizeof how);
  switch (how) {
    case 1:
      call->fail(call, text(EVIL), text(EVIL));
      return GANTRY_FAILED;
    case 2:
      printf("%s\n", EVIL);
      fflush(stdout);
      break;
    case 3:
      call->log(call, GANTRY_LOG_WARNING, text(EVIL));
      break;
    case 4:
      call->progress(call, 0.5, text(EVIL));
      break;
    case 5:
      fprintf(stderr, "%s\n", EVIL);
      abort();
    default:
      break;
  }
  return give(call);
}

static gantry_status take(gantry_call* call) {
  (void)call;
  return give(call);
}

#if HOSTILE == SPELL
static gantry_status spell(const struct gantry_function* self, void* to,
                           void (*say)(void* to, const char* data, uint64_t size),
                           void (*fail)(void* to, const char* data, uint64_t size)) {
  (void)self;
  (void)say;
  fail(to, EVIL, sizeof EVIL - 1);
  return GANTRY_FAILED;
}
#endif

#if HOSTILE == LONG
static char endless[60001];
__attribute__((constructor)) static void fill(void) {
  memset(endless, '?', sizeof endless - 1);
}
#endif

static const gantry_function act_entry = {.struct_size = sizeof act_entry,
                                          .name = HOSTILE == FUNCTION ? EVIL : "act",
                                          .doc = EVIL,
#if HOSTILE == LONG
                                          .signature = endless,
#elif HOSTILE == SPELL
                                          .spell = &spell,
#else
                                          .signature = HOSTILE == SIGNATURE
                                                           ? "(" EVIL
                                                           : "(how: (\"value\" | \"fail\" | \"print\" | \"log\" | "
                                                             "\"progress\" | \"die\" | " EVIL_QUOTED ") = " EVIL_QUOTED
                                                             ") -> str",
#endif
                                          .run = &act};
static const gantry_function take_entry = {.struct_size = sizeof take_entry,
                                           .name = "take",
                                           .doc = EVIL,
                                           .signature = "(value: str, n: u64 = 0) -> str",
                                           .run = &take};
static const gantry_function* const functions[] = {&act_entry, &take_entry};

GANTRY_EXPORT const gantry_descriptor gantry_plugin = {
    .header = {GANTRY_MAGIC, GANTRY_ABI_MAJOR, GANTRY_ABI_MINOR, GANTRY_WIRE, sizeof(gantry_descriptor)},
    .name = HOSTILE == NAME ? EVIL : "hostile",
    .version = EVIL,
    .build = EVIL,
    .function_count = sizeof functions / sizeof *functions,
    .functions = functions};

#if HOSTILE == DIES
__attribute__((constructor)) static void die(void) {
  fprintf(stderr, "%s\n", EVIL);
  abort();
}
#endif
