"""Peer: Python's own pools, and joblib. usage: pools.py WORK N [WORKERS]; prints seconds and an answer.

The clock of the rates starts when the workers are up and warm, which favours these peers.
"""

import array
import sys
import time


def increment(x):
    return x + 1


def square(x):
    return x * x


def give_back(values):
    return values


def pool_rate(workers, n, call, function=increment):
    from multiprocessing import Pool

    with Pool(workers) as pool:
        pool.map(increment, range(workers))
        began = time.perf_counter()
        results = call(pool, function, n)
        return time.perf_counter() - began, results


def map_one(workers, n):
    seconds, results = pool_rate(workers, n, lambda pool, f, n: pool.map(f, range(n), chunksize=1))
    return seconds, sum(results)


def map_chunks(workers, n):
    seconds, results = pool_rate(workers, n, lambda pool, f, n: pool.map(f, range(n)))
    return seconds, sum(results)


def squares(workers, n):
    seconds, results = pool_rate(workers, n, lambda pool, f, n: pool.map(f, range(1, n)), square)
    return seconds, results[-1]


def apply_async(workers, n):
    def call(pool, f, n):
        return [one.get() for one in [pool.apply_async(f, (x,)) for x in range(n)]]

    seconds, results = pool_rate(workers, n, call)
    return seconds, sum(results)


def submit(workers, n):
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(workers) as executor:
        list(executor.map(increment, range(workers)))
        began = time.perf_counter()
        results = [one.result() for one in [executor.submit(increment, x) for x in range(n)]]
        return time.perf_counter() - began, sum(results)


def joblib_one(workers, n):
    from joblib import Parallel, delayed

    with Parallel(n_jobs=workers, batch_size=1) as parallel:
        parallel(delayed(increment)(x) for x in range(workers))
        began = time.perf_counter()
        results = parallel(delayed(increment)(x) for x in range(n))
        return time.perf_counter() - began, sum(results)


def first(workers, _):
    """The pool alone, without the interpreter's own start: to its first result."""
    from concurrent.futures import ProcessPoolExecutor

    began = time.perf_counter()
    with ProcessPoolExecutor(workers) as executor:
        result = executor.submit(increment, 1).result()
        return time.perf_counter() - began, result


def call(_, n):
    from multiprocessing import Pool

    began = time.perf_counter()
    with Pool(1) as pool:
        result = pool.apply(increment, (n,))
        return time.perf_counter() - began, result


def give_and_take(_, n):
    """So many f64 to a worker and back: seconds a round trip."""
    from concurrent.futures import ProcessPoolExecutor

    values = array.array("d", [1.0]) * n
    with ProcessPoolExecutor(1) as executor:
        executor.submit(increment, 1).result()
        began = time.perf_counter()
        back = executor.submit(give_back, values).result()
        seconds = time.perf_counter() - began
    return seconds, int(back == values)


def idle(start, _):
    """A pool of two that waits to be told to end, by a line on stdin."""
    import multiprocessing

    method = "spawn" if start == 2 else "fork"
    with multiprocessing.get_context(method).Pool(2) as pool:
        pool.map(increment, range(2))
        print("up", flush=True)
        sys.stdin.readline()
    return 0.0, 0


WORKS = {
    "map-one": map_one, "map": map_chunks, "squares": squares, "apply-async": apply_async, "submit": submit,
    "joblib": joblib_one, "first": first, "call": call, "give-and-take": give_and_take, "idle": idle,
}

if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in WORKS:
        sys.exit("usage: pools.py WORK N [WORKERS]; WORK is one of " + ", ".join(WORKS))
    took, answer = WORKS[sys.argv[1]](int(sys.argv[3]) if len(sys.argv) > 3 else 2, int(sys.argv[2]))
    print(f"{took:.9f} {answer}")
