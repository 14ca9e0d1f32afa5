"""Let Numba compile a rule that was written against an agent: `cell.x` is column x at the cell's row.

The only file that touches Numba's extension interface. A row is one bare pointer per column and a row number; it owns
nothing and counts no references. Floats are read as float64 and integers as int64, as an agent's attributes are, so
that the same text computes the same numbers both ways; they are rounded to the column's own type when written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils, imputils
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, models, register_model
from numba.np.numpy_support import from_dtype

ROWS_FETCHED = 32
"""As many as live side by side: four vectors of eight."""
LINE = 64
"""Bytes of a line of the processor's cache."""
BITS_OF_BYTE = 8


class RowType(types.Type):
    """The type of a row of a class of agents."""

    mutable = True

    def __init__(self, owner: str, columns: Mapping[str, np.dtype], place: str, fleeting: tuple[str, ...]) -> None:
        self.columns = {name: from_dtype(dtype) for name, dtype in columns.items()}
        self.owner = owner
        self.place = place
        self.fleeting = fleeting
        # Numba takes types of one name for one type: all that it is must be part of it
        super().__init__(f"Row({owner} in {place}, {self.columns}, without {fleeting})")


@register_model(RowType)
class RowModel(models.StructModel):
    """One pointer per column and the row number."""

    def __init__(self, manager: Any, row_type: RowType) -> None:
        members = [(name, types.CPointer(dtype)) for name, dtype in row_type.columns.items()]
        super().__init__(manager, row_type, [*members, ("row", types.intp)])


def table_type(owner: str, columns: Mapping[str, np.dtype], place: str, fleeting: tuple[str, ...]) -> Any:
    """Make the compiled function that turns addresses of columns into the row 0 of a table.

    It is called with an int64 array of shape (threads, columns, 2), a thread and the first row that will be asked for:
    a column begins at its address less so many bytes for each row before the first. Those bytes are 0 for a column
    that is kept; one that lives within a block of rows has its first row at its address.

    Parameters
    ----------
    owner : str
        Name of the class of agents.
    columns : mapping of str to numpy.dtype
        Its columns, in the order of their addresses.
    place : str
        Name of the class in whose agents they live ("" for none).
    fleeting : tuple of str
        Columns that are usually not kept.
    """
    row_type = RowType(owner, columns, place, fleeting)

    @intrinsic
    def table(typing_context: Any, addresses: Any, thread: Any, first: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            _widen(builder.function)
            given = context.make_array(signature.args[0])(context, builder, value=arguments[0])
            made = cgutils.create_struct_proxy(row_type)(context, builder)
            of_thread = builder.mul(arguments[1], context.get_constant(types.intp, 2 * len(row_type.columns)))
            for position, (name, dtype) in enumerate(row_type.columns.items()):
                here = builder.add(of_thread, context.get_constant(types.intp, 2 * position))
                entry = builder.gep(given.data, [here])
                address = builder.load(entry)
                skipped = builder.load(cgutils.gep(builder, entry, 1))
                address = builder.sub(address, builder.mul(skipped, arguments[2]))
                pointer = context.get_value_type(types.CPointer(dtype))
                setattr(made, name, builder.inttoptr(address, pointer))
            made.row = context.get_constant(types.intp, 0)
            return made._getvalue()

        return row_type(addresses, types.intp, types.intp), codegen

    return table


def _widen(function: Any) -> None:
    """Let the loop of a function use the widest vectors that the processor has; llvmlite knows no such attribute."""
    set.add(function.attributes, '"prefer-vector-width"="512"')


@intrinsic
def at(typing_context: Any, table: Any, index: Any) -> Any:
    """The row `index` of a table."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        made = cgutils.create_struct_proxy(table)(context, builder, value=arguments[0])
        made.row = arguments[1]
        return made._getvalue()

    return table(table, types.intp), codegen


@intrinsic
def fetch(typing_context: Any, row: Any) -> Any:
    """Ask for what a row and the next ones, `ROWS_FETCHED` in all, hold in columns that are kept; do not wait for it.

    A loop reads more columns at a time than a processor notices by itself. A row behind the last one does no harm.
    """

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        (row_type,) = signature.args
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        asked = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [byte], asked)
        for name, stored in row_type.columns.items():
            if name not in row_type.fleeting:
                first = builder.bitcast(_place(context, builder, row_type, arguments[0], name), byte)
                for begin in range(0, ROWS_FETCHED * stored.bitwidth // BITS_OF_BYTE, LINE):
                    line = builder.gep(first, [ir.Constant(ir.IntType(64), begin)])
                    builder.call(prefetch, [line, number(0), number(2), number(1)])  # to read, second cache, data
        return context.get_dummy_value()

    return types.none(row), codegen


def _as_computed(stored: types.Type) -> types.Type:
    return types.float64 if isinstance(stored, types.Float) else types.int64


@infer_getattr
class RowAttribute(AttributeTemplate):
    """Attributes of a row are numbers of full width."""

    key = RowType

    def generic_resolve(self, row_type: RowType, name: str) -> types.Type | None:  # type: ignore[override]
        """Give the type of an attribute; None if there is no such column."""
        stored = row_type.columns.get(name)
        return None if stored is None else _as_computed(stored)


def _place(context: Any, builder: Any, row_type: RowType, value: Any, name: str) -> Any:
    given = cgutils.create_struct_proxy(row_type)(context, builder, value=value)
    return builder.gep(getattr(given, name), [given.row])


@imputils.lower_getattr_generic(RowType)
def read(context: Any, builder: Any, row_type: RowType, value: Any, name: str) -> Any:
    """Load column `name` at the row."""
    stored = row_type.columns[name]
    loaded = _alone(builder, builder.load(_place(context, builder, row_type, value, name)), row_type, name)
    return context.cast(builder, loaded, stored, _as_computed(stored))


@imputils.lower_setattr_generic(RowType)
def write(context: Any, builder: Any, signature: Any, arguments: Any, name: str) -> None:
    """Store into column `name` at the row."""
    row_type, given = signature.args
    stored, value = row_type.columns[name], arguments[1]
    if getattr(value, "opname", "") == "fptosi":  # Numba cut a float to 64 bits: cut it to the column's at once
        rounded = builder.fptosi(value.operands[0], context.get_value_type(stored))
    else:
        rounded = context.cast(builder, value, given, stored)
    _alone(builder, builder.store(rounded, _place(context, builder, row_type, arguments[0], name)), row_type, name)


def _alone(builder: Any, access: Any, row_type: RowType, name: str) -> Any:
    """Tell LLVM that columns never overlap, neither with each other nor with those of the place.

    Without it a loop reloads everything and does not vectorise.
    """
    add = builder.module.add_metadata
    domain, owners = add(["insulin_abm columns"]), add(["insulin_abm owners of columns"])
    scopes = {column: add([f"{row_type.name}.{column}", domain]) for column in row_type.columns}
    owner, place = add([row_type.owner, owners]), add([row_type.place, owners])
    access.set_metadata("alias.scope", add([scopes[name], owner]))
    access.set_metadata("noalias", add([*(scope for column, scope in scopes.items() if column != name), place]))
    return access
