"""Where compiled code is kept between runs: one folder for each state of the sources, of Numba and of the processor.

Numba's own cache does not notice an edit in a function that was inlined from another file, so the folder is named by a
hash of everything that can end up in the machine code.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import llvmlite.binding
import numba
import numpy as np
import platformdirs

CACHE_VARIABLE = "INSULIN_ABM_CACHE"
LEFT_OVER = "-prefer-predicate-over-epilogue"
"""LLVM's name for what becomes of rows that fill no vector."""


def cache_folder() -> Path:
    """Folder for what can be made again: compiled code and settled people.

    `INSULIN_ABM_CACHE` in the environment names another one.
    """
    return Path(os.environ.get(CACHE_VARIABLE) or platformdirs.user_cache_dir("insulin_abm"))


def hash_of_files(folder: Path, *endings: str) -> str:
    """Hash of the names and contents of all files below a folder with one of the endings (".py" if none is given)."""
    digest = hashlib.sha256()
    for path in sorted(path for ending in endings or (".py",) for path in folder.rglob(f"*{ending}")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def sources_hash() -> str:
    """Hash of the sources of the engine, of Numba, NumPy and Python, and of this processor.

    Rules are not in it: their fingerprint is in the text of what is compiled.
    """
    digest = hashlib.sha256(hash_of_files(Path(__file__).parent).encode())
    processor = f"{llvmlite.binding.get_host_cpu_name()} {sorted(llvmlite.binding.get_host_cpu_features().items())}"
    for fact in (numba.__version__, np.__version__, platform.python_version(), processor):
        digest.update(fact.encode())
    return digest.hexdigest()[:16]


@contextmanager
def vectors_side_by_side(number: int) -> Iterator[None]:
    """Compile loops with so many vectors of rows side by side; the rows that are left over go in a masked vector.

    What a row computes is one long chain of steps that wait for each other, and a processor looks ahead too little to
    begin the next rows meanwhile. LLVM takes these wishes for a whole process, so they are taken back at once.
    """
    _ask_llvm(f"-force-vector-interleave={number}", f"{LEFT_OVER}=predicate-else-scalar-epilogue")
    try:
        yield
    finally:
        _ask_llvm("-force-vector-interleave=0", f"{LEFT_OVER}=scalar-epilogue")


def _ask_llvm(*wishes: str) -> None:
    for wish in wishes:
        llvmlite.binding.set_option("insulin_abm", wish)


def load_generated(name: str, text: str, names: dict[str, Any]) -> ModuleType:
    """Import generated code from a file, so that Numba can keep what it compiles.

    Parameters
    ----------
    name : str
        What the code is for; the module's name is made from it and a hash of the text.
    text : str
        The code.
    names : dict
        What the code may refer to, such as the rules it calls.

    Raises
    ------
    OSError
        The cache folder can't be written; the message says which variable names another one.
    """
    module_name = f"insulin_abm_{name}_{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    if module_name in sys.modules:
        return sys.modules[module_name]
    folder = cache_folder() / f"compiled-{sources_hash()}"
    path = folder / f"{module_name}.py"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _write_whole(path, text)
    except OSError as error:
        raise OSError(
            f"cannot keep compiled code in {folder} ({error.strerror}): set {CACHE_VARIABLE} to a folder you can write"
        ) from error
    specification = importlib.util.spec_from_file_location(module_name, path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    module.__dict__.update(names)
    sys.modules[module_name] = module
    specification.loader.exec_module(module)
    return module


def _write_whole(path: Path, text: str) -> None:
    """Write beside the place and move in, so that another process never reads half a file."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".part", delete=False) as file:
        file.write(text)
    Path(file.name).replace(path)
