"""The console's threads share one heap where the C library can have them do so."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

CODE = """
import ctypes, threading
from supportterm.screens import arena
told = arena.share()
libc = ctypes.CDLL(None)
held = []
def work():
    held.extend(libc.malloc(1000) for _ in range(100))
threads = [threading.Thread(target=work) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
libc.malloc_info.argtypes = (ctypes.c_int, ctypes.c_void_p)
libc.fdopen.restype = ctypes.c_void_p
out = libc.fdopen(1, b"w")
print(told, flush=True)
libc.malloc_info(0, out)
libc.fflush.argtypes = (ctypes.c_void_p,)
libc.fflush(out)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="mallopt is glibc's")
def test_threads_share_one_heap() -> None:
    found = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True).stdout
    told, heaps = found.split("\n", 1)
    assert told == "True"
    assert heaps.count("<heap nr=") == 1
