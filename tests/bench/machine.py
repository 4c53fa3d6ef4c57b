"""The machine and the build that figures belong to."""

import os
import platform
import subprocess

from peers import PYTHON


def _said(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _value(path, key, separator):
    """The first `key separator value` line of a file."""
    try:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                name, _, value = line.partition(separator)
                if name.strip() == key:
                    return value.strip()
    except OSError:
        pass
    return "unknown"


def describe(root, build):
    compiler = _value(build / "CMakeCache.txt", "CMAKE_CXX_COMPILER:FILEPATH", "=")
    if compiler == "unknown":
        compiler = _value(build / "CMakeCache.txt", "CMAKE_CXX_COMPILER:STRING", "=")
    changed = _said("git", "-C", str(root), "status", "--porcelain", "--untracked-files=no")
    return {
        "cpu": _value("/proc/cpuinfo", "model name", ":"),
        "cores": len(os.sched_getaffinity(0)),
        "memory": _value("/proc/meminfo", "MemTotal", ":"),
        "kernel": platform.release(),
        "python": _said(PYTHON, "--version").removeprefix("Python "),
        "compiler": _said(compiler, "--version").splitlines()[0],
        "build": _value(build / "CMakeCache.txt", "CMAKE_BUILD_TYPE:STRING", "="),
        "sanitizers": _value(build / "CMakeCache.txt", "GANTRY_SANITIZE:STRING", "="),
        "commit": _said("git", "-C", str(root), "rev-parse", "--short", "HEAD") + ("+changes" if changed else ""),
        "load": os.getloadavg(),
    }


def available_memory():
    """Bytes."""
    kib = _value("/proc/meminfo", "MemAvailable", ":").split()[0]
    return int(kib) << 10 if kib.isdigit() else 0


def sentence(machine):
    return (f"{machine['cpu']}, {machine['cores']} cores, {machine['memory']}, Linux {machine['kernel']}, "
            f"{machine['compiler']}, {machine['build']}, Python {machine['python']}, commit {machine['commit']}")
