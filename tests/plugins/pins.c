/* Pinned values and open files in plain C, given and asked for rightly and wrongly: what a task does is its argument.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gantry/abi.h>

static uint64_t argument(const gantry_call* call, uint64_t position) {
  uint64_t value = 0;
  memcpy(&value, (const char*)call->arguments + 8 * position, sizeof value);
  return value;
}

static gantry_text text(const char* from) {
  gantry_text made = {from, strlen(from)};
  return made;
}

static void say(const char* words) {
  if (write(STDOUT_FILENO, words, strlen(words)) < 0) abort();
}

/* Objects are numbers in memory of their own; their end is printed. */
static void destroy(void* object) {
  char words[] = "end 0\n";
  words[4] = (char)('0' + *(uint64_t*)object % 10);
  say(words);
  free(object);
}

static gantry_pin pin_of(const char* type, const char* layout) {
  gantry_pin pin = {0};
  pin.struct_size = sizeof pin;
  pin.destroy = &destroy;
  pin.type = text(type);
  pin.layout = text(layout);
  return pin;
}

static gantry_status keep(gantry_call* call, const char* type, uint64_t number) {
  gantry_pin pin = pin_of(type, "u64/8");
  pin.object = malloc(sizeof number);
  if (pin.object == NULL) abort();
  memcpy(pin.object, &number, sizeof number);
  return call->keep(call, &pin);
}

/* 0: as it should be; else in one wrong way. */
static gantry_status make(gantry_call* call) {
  const uint64_t how = argument(call, 0);
  const uint64_t number = argument(call, 1);
  gantry_pin pin = pin_of("number", "u64/8");
  switch (how) {
    case 1: /* keeps nothing */
      return GANTRY_OK;
    case 2: /* keeps two */
      if (keep(call, "number", number) != GANTRY_OK) return GANTRY_FAILED;
      keep(call, "number", number + 1);
      return GANTRY_OK;
    case 3: /* keeps another type */
      keep(call, "other", number);
      return GANTRY_OK;
    case 4: /* fails afterwards */
      keep(call, "pins.number", number);
      call->fail(call, text("late"), text("changed its mind"));
      return GANTRY_FAILED;
    case 5: /* keeps no object */
      return call->keep(call, &pin);
    case 6: /* gives a file instead */
      call->give_descriptor(call, open("/dev/null", O_RDONLY));
      return GANTRY_OK;
    default:
      return keep(call, "pins.number", number);
  }
}

/* The number that was kept, read as `layout` says. */
static gantry_status look(gantry_call* call) {
  gantry_pin pin = pin_of("number", argument(call, 2) == 1 ? "f64/8" : "u64/8");
  pin.step = argument(call, 0);
  pin.index = argument(call, 1);
  if (argument(call, 2) == 2) pin.type = text("other");
  if (call->find(call, &pin) != GANTRY_OK) return GANTRY_OK; /* whatever it says, it has failed */
  memcpy(call->room, pin.object, 8);
  call->result_size = 8;
  return GANTRY_OK;
}

static gantry_status file(gantry_call* call) {
  const uint64_t how = argument(call, 0);
  if (how == 1) return GANTRY_OK;
  if (how == 2) call->give_descriptor(call, open("/dev/null", O_RDONLY));
  if (how == 3) return call->give_descriptor(call, -1);
  if (how == 4) {
    keep(call, "number", 1);
    return GANTRY_OK;
  }
  call->give_descriptor(call, open("/dev/null", O_RDONLY));
  if (how != 5) return GANTRY_OK;
  call->fail(call, text("late"), text("changed its mind"));
  return GANTRY_FAILED;
}

/* The access mode of a file that was given. */
static gantry_status mode(gantry_call* call) {
  int32_t descriptor = -1;
  if (call->find_descriptor(call, argument(call, 0), argument(call, 1), &descriptor) != GANTRY_OK) return GANTRY_FAILED;
  const uint64_t flags = (uint64_t)(fcntl(descriptor, F_GETFL) & O_ACCMODE);
  memcpy(call->room, &flags, sizeof flags);
  call->result_size = sizeof flags;
  return GANTRY_OK;
}

/* Open descriptors of the worker. */
static gantry_status count(gantry_call* call) {
  uint64_t found = 0;
  for (int i = 0; i < 1024; ++i) found += fcntl(i, F_GETFD) >= 0;
  memcpy(call->room, &found, sizeof found);
  call->result_size = sizeof found;
  return GANTRY_OK;
}

#define FUNCTION(NAME, SIGNATURE) \
  static const gantry_function NAME##_function = {sizeof(gantry_function), 0, #NAME, "", SIGNATURE, NULL, NAME, NULL}
FUNCTION(make, "(how: u64, number: u64) -> pin<number>");
FUNCTION(look, "(number: pin<number>, as: u64 = 0) -> u64");
FUNCTION(file, "(how: u64) -> fd");
FUNCTION(mode, "(file: fd) -> u64");
FUNCTION(count, "(x: u64 = 0) -> u64");

static const gantry_function* const functions[] = {&make_function, &look_function, &file_function, &mode_function,
                                                   &count_function};

const gantry_descriptor gantry_plugin = {
    {GANTRY_MAGIC, GANTRY_ABI_MAJOR, GANTRY_ABI_MINOR, GANTRY_WIRE, sizeof(gantry_descriptor)},
    "pins",
    "1.0.0",
    "C",
    sizeof functions / sizeof functions[0],
    functions,
    NULL,
    NULL};
