"""The rows of the benchmark: a number → its lines."""

import checksum
import crowd
import graph
import memory
import rates
import start
import transfer

ROWS = {
    1: rates.one_by_one,
    2: rates.chunked,
    3: rates.squares,
    4: rates.primes,
    5: start.call_and_first,
    6: transfer.lists,
    7: memory.idle_worker,
    8: memory.host,
    9: graph.steps_and_fan,
    10: crowd.workers,
    11: checksum.files,
}
