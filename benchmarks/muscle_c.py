"""The rule of a muscle cell in C (`muscle.c`), compiled when it is needed and called through ctypes."""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from insulin_abm.cells import receptors, uptake
from insulin_abm.engine.records import ParameterRecord

SOURCE = Path(__file__).with_name("muscle.c")
FLAGS = ("-O3", "-march=native", "-ffp-contract=off")
C_TYPES = {"float32": "float", "float64": "double", "int32": "int32_t", "int64": "int64_t"}
PURPOSES = {
    name: int(value) for of in (receptors, uptake) for name, value in vars(of).items() if isinstance(value, np.uint32)
}


def compiler() -> str | None:
    """The machine's C compiler, if it has one."""
    return shutil.which("cc")


def names_in(kind: str) -> tuple[str, ...]:
    """The names that the list COLUMNS or PARAMETERS of the source holds, in their order."""
    text = SOURCE.read_text()
    listed = text[text.index(f"#define {kind}(X)") :].replace("\\\n", " ").splitlines()[0]
    return tuple(re.findall(r"\bX\((\w+)\)", listed))


class MuscleInC:
    """The compiled C, for columns of given types.

    Parameters
    ----------
    folder : Path
        Where the library is written.
    columns : mapping of str to numpy.ndarray
        Columns of muscle cells; C reads and writes these very arrays.
    ids : numpy.ndarray
        The cells' unique ids, int64.
    record : ParameterRecord
        The parameters of muscle cells.
    flags : tuple of str
        More flags for the compiler.
    """

    def __init__(
        self,
        folder: Path,
        columns: Mapping[str, np.ndarray],
        ids: np.ndarray,
        record: ParameterRecord,
        flags: tuple[str, ...] = (),
    ) -> None:
        self.columns, self._ids = columns, ids
        used = [columns[name] for name in names_in("COLUMNS")]
        types = {f"T_{name}": C_TYPES[columns[name].dtype.name] for name in names_in("COLUMNS")}
        purposes = {name: f"{value}u" for name, value in PURPOSES.items()}
        defined = [f"-D{name}={value}" for name, value in {**types, **purposes}.items()]
        library = folder / f"muscle{''.join(flags)}.so"
        command = [
            str(compiler()),
            *FLAGS,
            *flags,
            *defined,
            "-shared",
            "-fPIC",
            str(SOURCE),
            "-lm",
            "-o",
            str(library),
        ]
        subprocess.run(command, check=True)
        self._function = ctypes.CDLL(str(library)).live_a_minute
        self._function.restype = None
        parameters = np.array([record[name] for name in names_in("PARAMETERS")])
        self._kept = (*used, parameters)
        self._addresses = [ctypes.c_void_p(array.ctypes.data) for array in (ids, parameters, *used)]

    def live(self, of_minute: int) -> None:
        """Let all cells live a minute."""
        self._function(ctypes.c_int64(len(self._ids)), ctypes.c_uint32(of_minute), *self._addresses)
