/* The edge between gantry and a plugin, in C11: everything that crosses it, and nothing else.
 *
 * A plugin exports ONE constant, `gantry_plugin`; it is read before any code of the plugin is called.
 * Rules: structs only grow at the end; nothing is reordered, renamed or removed; every pointer is borrowed,
 * and its lifetime is a sentence beside it; nobody frees the other side's memory; no exception crosses. */
#ifndef GANTRY_ABI_H
#define GANTRY_ABI_H

#include <stdint.h>

#define GANTRY_MAGIC 0x59544E47u /* the bytes "GNTY" */
#define GANTRY_ABI_MAJOR 1u      /* must be equal on both sides */
#define GANTRY_ABI_MINOR 3u      /* only appends fields; older and newer mix freely */
#define GANTRY_WIRE 1u           /* layout of argument and result bytes (sdk/README.md); must be equal */

#ifdef __cplusplus
extern "C" {
#endif

typedef int32_t gantry_status; /* an integer, so that a newer side may add values */
#define GANTRY_OK 0
#define GANTRY_FAILED 1

#define GANTRY_LOG_DEBUG 0
#define GANTRY_LOG_INFO 1
#define GANTRY_LOG_WARNING 2
#define GANTRY_LOG_ERROR 3

#define GANTRY_NO_INDEX UINT64_MAX /* gantry_call.index of a step without `each` */

#define GANTRY_THREAD_SAFE 1u /* gantry_function.flags: may run on several threads at once */

/* Bytes with a length; not NUL-terminated. Lives as long as what carries it. */
typedef struct gantry_text {
  const char* data;
  uint64_t size;
} gantry_text;

/* Bytes that lie elsewhere. */
typedef struct gantry_piece {
  const void* data;
  uint64_t size;
} gantry_piece;

/* What a task asks of an object that the pipeline shares among tasks. The argument of a parameter `queue<T>` or
 * `counter` is the object's number as u32; of an `array<T>`, the number and then the array's length as u64. */
#define GANTRY_QUEUE_GET 0u    /* waits up to wait_ns for a value; it is then at `data`, `size` long */
#define GANTRY_QUEUE_PUT 1u    /* the value at `data`, `size` long: others see it once this task has its value */
#define GANTRY_QUEUE_CLOSE 2u  /* nobody will put any more: in force once this task has its value */
#define GANTRY_COUNTER_ADD 3u  /* the i64 at `data`: others see it once this task has its value */
#define GANTRY_COUNTER_LOAD 4u /* an i64 is then at `data`: what is committed, and this task's own changes */
#define GANTRY_ARRAY_ADD 5u    /* the element at `data` to that of `index`: others see it as for a counter */
#define GANTRY_ARRAY_LOAD 6u   /* elements from `index` on, `count` of them, are then at `data`, as for a counter */

#define GANTRY_NOTHING 2 /* GANTRY_QUEUE_GET: nothing came in time */
#define GANTRY_ENDED 3   /* GANTRY_QUEUE_GET: the queue is empty, and nobody will put any more */

#define GANTRY_WAIT_FOREVER UINT64_MAX

typedef struct gantry_shared {
  uint32_t struct_size; /* bytes of this struct that the plugin filled */
  uint32_t object;
  uint32_t request; /* GANTRY_QUEUE_GET … */
  uint32_t zero;
  uint64_t index;
  uint64_t count;
  uint64_t wait_ns;
  const void* data; /* in: read before the call returns; out: valid until the next request, or until `run` returns */
  uint64_t size;
} gantry_shared;

/* What cannot be sent as bytes stays where it was made, and goes by the task that made it: the argument of a parameter
 * `pin<name>` or `fd` is {u64 step, u64 index} of that task; as a result it has no bytes. */
typedef struct gantry_pin {
  uint32_t struct_size; /* bytes of this struct that the plugin filled */
  uint32_t zero;
  uint64_t step, index;          /* the argument; not looked at by `keep` */
  void* object;                  /* `keep`: in; `find`: out, borrowed until `run` returns */
  void (*destroy)(void* object); /* `keep`: called once, after the last use, on the thread of the call that made it */
  gantry_text type;              /* the name, as the signature spells it; without a dot it is this plugin's own */
  gantry_text layout;            /* any text that is equal only where the object's C++ type is */
} gantry_pin;

struct gantry_function;

/* One call of a function. The worker owns it; it and all it points to are valid until `run` returns. */
typedef struct gantry_call {
  uint32_t struct_size; /* bytes of this struct that the worker filled */
  uint32_t attempt;     /* 1 for the first start of this task */
  const struct gantry_function* self;
  void* worker; /* the worker's own; not to be touched */

  const void* arguments; /* the parameters in order, encoded one after the other, no padding */
  uint64_t arguments_size;

  /* Where the result may be written. A result of fixed size always fits. */
  void* room;
  uint64_t room_size;
  uint64_t result_size; /* out: the bytes written at `room`; leave alone when `emit` was called */

  void** scratch; /* one place for each plugin and thread, NULL at first; the plugin's to fill, never freed */

  gantry_text step; /* id of the step */
  uint64_t index;   /* of the task within its step, or GANTRY_NO_INDEX */
  uint64_t seed;    /* of this task: a function of run seed and task ID alone */

  /* Gives a result that did not fit `room`; the bytes are copied before it returns. At most once. */
  gantry_status (*emit)(struct gantry_call* call, const void* data, uint64_t size);
  /* Says why the task has no value, just before GANTRY_FAILED is returned; both texts are copied. */
  void (*fail)(struct gantry_call* call, gantry_text kind, gantry_text message);
  /* Any number of times; the text is copied. */
  void (*log)(struct gantry_call* call, int32_t level, gantry_text text);
  /* Since minor 1; look at struct_size first. Like `emit`: the result is the pieces one after the other, taken before
   * it returns, so that a large result need not be put together first. */
  gantry_status (*emit_pieces)(struct gantry_call* call, const gantry_piece* pieces, uint64_t count);

  /* All that follows since minor 2. */
  void* state;       /* what the plugin's `begin` left here, for each call of the plugin in this worker; else NULL */
  uint64_t deadline; /* CLOCK_MONOTONIC ns at which this attempt is over its time limit; 0: it has none */
  /* Nonzero once nobody waits for the result any more, or the deadline has passed: fail soon. What still runs a tenth
   * of a second later is killed with its process. Cheap; any thread may ask while the call lasts. */
  int32_t (*cancelled)(const struct gantry_call* call);
  /* How far the task is, from 0 to 1, and at what; for people. Any number of times; the text is copied. */
  void (*progress)(struct gantry_call* call, double fraction, gantry_text text);
  /* Asks something of a shared object. GANTRY_FAILED: the task has failed, whatever it does now, and is to return at
   * once. */
  gantry_status (*shared)(struct gantry_call* call, gantry_shared* request);

  /* All that follows since minor 3. GANTRY_FAILED: as for `shared`. */
  /* Gives the object as the result of the task: the worker owns it from now on, also if the task fails after all. */
  gantry_status (*keep)(struct gantry_call* call, const gantry_pin* pin);
  /* Finds the object of an argument. */
  gantry_status (*find)(struct gantry_call* call, gantry_pin* pin);
  /* Gives an open descriptor as the result of the task: the worker owns it from now on. */
  gantry_status (*give_descriptor)(struct gantry_call* call, int32_t descriptor);
  /* Finds the descriptor of an argument: borrowed until `run` returns. */
  gantry_status (*find_descriptor)(struct gantry_call* call, uint64_t step, uint64_t index, int32_t* descriptor);
} gantry_call;

/* One function that a plugin offers: constant data, valid as long as the plugin is loaded. */
typedef struct gantry_function {
  uint32_t struct_size;
  uint32_t flags;
  const char* name;      /* [a-z][a-z0-9_]*; equal names are overloads, in order of preference */
  const char* doc;       /* one line, may be "" */
  const char* signature; /* "(low: u64, high: u64 = 100) -> u64", or NULL: ask `spell` */

  /* Writes the signature's text piece by piece through `text`, or says through `fail` why there is none. */
  gantry_status (*spell)(const struct gantry_function* self, void* to,
                         void (*text)(void* to, const char* data, uint64_t size),
                         void (*fail)(void* to, const char* data, uint64_t size));

  /* Runs one task: reads `arguments`, writes a result or fails. Must not throw. */
  gantry_status (*run)(gantry_call* call);

  /* May be NULL; only for functions whose parameters and result are all scalars. Runs `count` tasks: the
   * arguments of task k start at `arguments + k * arguments_stride`, its result goes to
   * `room + k * room_stride`; `arguments_size` and `room_size` are those of all tasks together. `*done` is set to k + 1
   * after each task, so that a crash names the right one; on GANTRY_FAILED the task `*done` failed and the later ones
   * have not started. */
  gantry_status (*run_many)(gantry_call* call, uint64_t count, uint64_t arguments_stride, uint64_t room_stride,
                            volatile uint64_t* done);
} gantry_function;

/* 16 bytes, frozen for ever: what any two versions can read of each other. */
typedef struct gantry_header {
  uint32_t magic;
  uint16_t abi_major;
  uint16_t abi_minor;
  uint32_t wire;
  uint32_t size; /* of the whole gantry_descriptor */
} gantry_header;

typedef struct gantry_descriptor {
  gantry_header header;
  const char* name;    /* [a-z][a-z0-9_]*, the plugin's file is libNAME.so */
  const char* version; /* "1.0.0" */
  const char* build;   /* compiler, standard library ABI, sanitizers: information only; may be "" */
  uint64_t function_count;
  const gantry_function* const* functions; /* pointers, so that gantry_function can grow */

  /* All that follows since minor 2; may be NULL. */
  /* Called once in each worker, before any function of the plugin: its parameters are the plugin's configuration (in
   * the pipeline: {name: …, config: {…}}), its result is (), and what it leaves in call->state every other call finds
   * there. When it fails, the run ends with what it says. `name` is not looked at. */
  const gantry_function* begin;
  /* Called once at the orderly end of the worker, on the thread that called `begin`; not when the worker dies. Must not
   * throw. */
  void (*end)(void* state);
} gantry_descriptor;

#if defined(__GNUC__)
#define GANTRY_EXPORT __attribute__((visibility("default")))
#else
#define GANTRY_EXPORT
#endif

/* What a plugin defines. */
GANTRY_EXPORT extern const gantry_descriptor gantry_plugin;

#ifdef __cplusplus
}
#endif
#endif
