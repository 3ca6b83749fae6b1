"""Lanes: many numbers at a time, as a type that compiled kernels can calculate with.

Numba compiles loops over single numbers, and whether they become vector instructions is left to
chance. Here vectors are first-class values: arithmetic on them becomes arithmetic on vectors of the
intermediate language, which the compiler turns into the widest instructions that the machine has.
Importing this module imports Numba.
"""

import functools
import operator
from collections.abc import Callable
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils, config
from numba.core.typing.templates import ConcreteTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, models, overload, register_model

from anagen.follicle.events import variates


def _processor_has(feature: str) -> bool:
    """Whether the processor that is compiled for has an extension of its instructions."""
    name, features = (getattr(config, key, None) for key in ("CPU_NAME", "CPU_FEATURES"))
    if name is not None or features is not None:
        return f"+{feature}" in (features or "").split(",")
    return bool(llvm.get_host_cpu_features().get(feature, False))


HAS_COMPRESS, HAS_PERMUTE = _processor_has("avx512f"), _processor_has("avx2")
"""Whether one instruction packs a register, or at least permutes it by another one."""

LANES = 64 if HAS_COMPRESS else 32
"""Numbers in one value. More than one vector register's worth, so that long chains of dependent
instructions overlap."""

PART = 16
"""Numbers in one step of packing and of looking up rows."""


PERMUTED = 8
"""Numbers that one permutation puts side by side, where there is no instruction for it."""


class LaneType(types.Type):
    """Numba's type of lanes of one kind of number."""

    def __init__(self, kind: str) -> None:
        super().__init__(name=f"Lanes({kind})")


REALS, WORDS, MASK = LaneType("float32"), LaneType("uint32"), LaneType("bool")
_INT = ir.IntType(32)
_VECTOR = {
    REALS: ir.VectorType(ir.FloatType(), LANES),
    WORDS: ir.VectorType(_INT, LANES),
    MASK: ir.VectorType(ir.IntType(1), LANES),
}
_ONE = {REALS: types.float32, WORDS: types.uint32}
_OF = {types.float32: REALS, types.uint32: WORDS, types.int32: WORDS}


@register_model(LaneType)
class _LaneModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _VECTOR[kind])


def _index(lane: int) -> ir.Constant:
    return ir.Constant(_INT, lane)


def _spread(builder: Any, value: Any, kind: LaneType) -> Any:
    """The same number in every lane."""
    vector = _VECTOR[kind]
    blank = ir.Constant(vector, ir.Undefined)
    first = builder.insert_element(blank, value, _index(0))
    return builder.shuffle_vector(
        first, blank, ir.Constant(ir.VectorType(_INT, LANES), [0] * LANES)
    )


def _shuffle(builder: Any, x: Any, y: Any, order: list[int]) -> Any:
    return builder.shuffle_vector(x, y, ir.Constant(ir.VectorType(_INT, len(order)), order))


def _join(builder: Any, parts: list[Any]) -> Any:
    """One vector of the numbers of several, pair by pair."""
    while len(parts) > 1:
        width = parts[0].type.count
        parts = [
            _shuffle(builder, x, y, list(range(2 * width)))
            for x, y in zip(parts[::2], parts[1::2], strict=True)
        ]
    return parts[0]


# --- Operators -----------------------------------------------------------------------------------


def _operator(
    symbol: Callable[..., Any], kind: LaneType, result: LaneType, emit: Callable[..., Any]
) -> None:
    """Define an operator between lanes, and between lanes and one number."""
    one = _ONE.get(kind)
    mixed = [] if one is None else [signature(result, kind, one), signature(result, one, kind)]
    template = type(
        "Lanes", (ConcreteTemplate,), {"cases": [signature(result, kind, kind), *mixed]}
    )
    infer_global(symbol)(template)
    lower_builtin(symbol, kind, kind)(lambda _c, b, _s, a: emit(b, a[0], a[1]))
    if one is not None:
        lower_builtin(symbol, kind, one)(lambda _c, b, _s, a: emit(b, a[0], _spread(b, a[1], kind)))
        lower_builtin(symbol, one, kind)(lambda _c, b, _s, a: emit(b, _spread(b, a[0], kind), a[1]))


for _symbol, _name in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):
    _operator(_symbol, REALS, REALS, lambda b, x, y, name=_name: getattr(b, name)(x, y))
for _symbol, _name in (
    (operator.add, "add"),
    (operator.sub, "sub"),
    (operator.mul, "mul"),
    (operator.xor, "xor"),
    (operator.and_, "and_"),
    (operator.or_, "or_"),
    (operator.rshift, "lshr"),
    (operator.lshift, "shl"),
):
    _operator(_symbol, WORDS, WORDS, lambda b, x, y, name=_name: getattr(b, name)(x, y))
for _symbol, _sign in ((operator.lt, "<"), (operator.ge, ">="), (operator.le, "<=")):
    _operator(_symbol, REALS, MASK, lambda b, x, y, s=_sign: b.fcmp_ordered(s, x, y))
    _operator(_symbol, WORDS, MASK, lambda b, x, y, s=_sign: b.icmp_unsigned(s, x, y))
for _symbol, _sign in ((operator.eq, "=="), (operator.ne, "!=")):
    _operator(_symbol, WORDS, MASK, lambda b, x, y, s=_sign: b.icmp_unsigned(s, x, y))
_operator(operator.and_, MASK, MASK, lambda b, x, y: b.and_(x, y))


# --- The primitives of `variates` ----------------------------------------------------------------


def _unary(source: LaneType, result: LaneType, emit: Callable[..., Any]) -> Any:
    @intrinsic
    def compiled(_typing: Any, x: Any) -> Any:
        return signature(result, source), lambda _c, b, _s, a: emit(b, a[0])

    return lambda x: (lambda x: compiled(x)) if x is source else None  # noqa: PLW0108


overload(variates.to_float, strict=False)(
    _unary(WORDS, REALS, lambda b, x: b.sitofp(x, _VECTOR[REALS]))
)
overload(variates.truncate, strict=False)(
    _unary(REALS, WORDS, lambda b, x: b.fptosi(x, _VECTOR[WORDS]))
)
overload(variates.bits, strict=False)(
    _unary(REALS, WORDS, lambda b, x: b.bitcast(x, _VECTOR[WORDS]))
)
overload(variates.from_bits, strict=False)(
    _unary(WORDS, REALS, lambda b, x: b.bitcast(x, _VECTOR[REALS]))
)
overload(variates.as_number, strict=False)(
    _unary(MASK, WORDS, lambda b, x: b.zext(x, _VECTOR[WORDS]))
)


@intrinsic
def _select(_typing: Any, mask: Any, yes: Any, no: Any) -> Any:
    if not (mask is MASK and yes is no):
        return None
    return signature(yes, mask, yes, no), lambda _c, b, _s, a: b.select(*a)


@overload(variates.choose, strict=False)
def _choose(mask: Any, yes: Any, no: Any) -> Any:
    if yes in _OF and no in _OF:
        return lambda mask, yes, no: _select(mask, spread(yes), spread(no))
    if yes in _OF:
        return lambda mask, yes, no: _select(mask, spread(yes), no)
    if no in _OF:
        return lambda mask, yes, no: _select(mask, yes, spread(no))
    return lambda mask, yes, no: _select(mask, yes, no)  # noqa: PLW0108


def _looked_up(context: Any, builder: Any, row: Any, octave: Any) -> Any:
    """Numbers of a row of 32, one for each lane."""
    table = ir.Constant(ir.ArrayType(ir.FloatType(), row.size), [float(x) for x in row])
    data = cgutils.global_constant(builder.module, "anagen.row", table)
    found = ir.Constant(ir.VectorType(ir.FloatType(), octave.type.count), ir.Undefined)
    for lane in range(octave.type.count):
        place = builder.extract_element(octave, _index(lane))
        number = builder.load(builder.gep(data, [_index(0), place]))
        found = builder.insert_element(found, number, _index(lane))
    return found


def _by_two_registers(builder: Any, row: Any, octave: Any) -> Any:
    """The same by one permutation of two registers."""
    part = ir.VectorType(ir.FloatType(), PART)
    kind = ir.FunctionType(part, [part, octave.type, part])
    name = f"llvm.x86.avx512.vpermi2var.ps.{32 * PART}"
    function = cgutils.get_or_insert_function(builder.module, kind, name)
    low, high = (ir.Constant(part, [float(x) for x in half]) for half in (row[:PART], row[PART:]))
    return builder.call(function, [low, octave, high])


def _by_near_octaves(builder: Any, row: Any, octave: Any) -> Any:
    """The same for the upper 16 octaves, by two permutations of one register."""
    part = ir.VectorType(ir.FloatType(), PERMUTED)
    kind = ir.FunctionType(part, [part, octave.type])
    function = cgutils.get_or_insert_function(builder.module, kind, "llvm.x86.avx2.permps")
    near = [float(row[(e + 127) % 32]) for e in range(FIRST_NEAR, FIRST_NEAR + 16)]
    turn = (FIRST_NEAR + 127) % 16
    near = near[16 - turn :] + near[: 16 - turn]
    low, high = (
        builder.call(function, [ir.Constant(part, near[at : at + PERMUTED]), octave])
        for at in (0, PERMUTED)
    )
    upper = builder.shl(octave, ir.Constant(octave.type, [28] * PERMUTED))
    upper = builder.icmp_signed("<", upper, ir.Constant(octave.type, [0] * PERMUTED))
    return builder.select(upper, high, low)


FIRST_NEAR = 16
"""The least octave that two registers of eight hold with all above it; few numbers lie below."""


def _quantile(context: Any, builder: Any, _sig: Any, args: Any) -> Any:
    words = builder.bitcast(args[0], _VECTOR[WORDS])

    def all_of(number: int) -> ir.Constant:
        return ir.Constant(_VECTOR[WORDS], [number] * LANES)

    octave = builder.lshr(words, all_of(23))
    m = builder.or_(builder.and_(words, all_of(0x007FFFFF)), all_of(0x3F800000))
    m = builder.bitcast(m, _VECTOR[REALS])

    def value(width: int, find: Callable[..., Any], octave: Any = octave) -> Any:
        parts = []
        for low in range(0, LANES, width):
            order = list(range(low, low + width))
            own, mine = _shuffle(builder, octave, octave, order), _shuffle(builder, m, m, order)
            z = find(builder, variates.QUANTILES[-1], own)
            for row in variates.QUANTILES[-2::-1]:
                z = builder.fadd(builder.fmul(z, mine), find(builder, row, own))
            parts.append(z)
        return _join(builder, parts)

    def one_by_one(builder: Any, row: Any, octave: Any) -> Any:
        return _looked_up(context, builder, row, octave)

    if HAS_COMPRESS:
        return value(PART, _by_two_registers)
    low_bits = builder.and_(octave, all_of(31))
    if not HAS_PERMUTE:
        return value(PERMUTED, one_by_one, low_bits)
    first = builder.icmp_unsigned("<", words, all_of((FIRST_NEAR + 127) << 23))
    far = builder.bitcast(first, ir.IntType(LANES))
    found = cgutils.alloca_once(builder, _VECTOR[REALS])
    with builder.if_else(
        builder.icmp_unsigned("==", far, ir.Constant(far.type, 0)), likely=True
    ) as (near, otherwise):
        with near:
            builder.store(value(PERMUTED, _by_near_octaves), found)
        with otherwise:
            builder.store(value(PERMUTED, one_by_one, low_bits), found)
    return builder.load(found)


@intrinsic
def _lower_quantile(_typing: Any, v: Any) -> Any:
    return signature(REALS, REALS), _quantile


@overload(variates.lower_quantile, strict=False)
def _lanes_lower_quantile(v: Any) -> Any:
    return lambda v: _lower_quantile(v)  # noqa: PLW0108


# --- Memory --------------------------------------------------------------------------------------


def _address(context: Any, builder: Any, kind: Any, array: Any, place: Any) -> Any:
    data = context.make_array(kind)(context, builder, array).data
    return builder.gep(data, [place])


@intrinsic
def load(_typing: Any, array: Any, first: Any) -> Any:
    """The numbers of an array from one place on."""
    kind = _OF[array.dtype]

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        place = _address(context, builder, sig.args[0], args[0], args[1])
        loaded = builder.load(builder.bitcast(place, _VECTOR[kind].as_pointer()))
        loaded.align = 4
        return loaded

    return signature(kind, array, types.intp), emit


@intrinsic
def store(_typing: Any, array: Any, first: Any, value: Any) -> Any:
    """Write lanes to an array from one place on; it has room for all of them."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        place = _address(context, builder, sig.args[0], args[0], args[1])
        pointer = builder.bitcast(place, _VECTOR[sig.args[2]].as_pointer())
        builder.store(args[2], pointer).align = 4
        return context.get_dummy_value()

    return signature(types.none, array, types.intp, value), emit


def _gathered(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    data = context.make_array(sig.args[0])(context, builder, args[0]).data
    found = ir.Constant(_VECTOR[sig.return_type], ir.Undefined)
    for lane in range(LANES):
        place = builder.zext(builder.extract_element(args[1], _index(lane)), ir.IntType(64))
        number = builder.load(builder.gep(data, [place]))
        found = builder.insert_element(found, number, _index(lane))
    return found


@intrinsic
def of_class(_typing: Any, row: Any, tags: Any) -> Any:
    """The number of its own class for every lane's tag, from a row of as many as there can be.

    Permutations read no more of a tag than its low bits, where the class is.
    """
    part = PART if HAS_COMPRESS else PERMUTED
    name = "avx512.permvar.sf.512" if HAS_COMPRESS else "avx2.permps"

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        data = context.make_array(sig.args[0])(context, builder, args[0]).data
        eight = ir.VectorType(ir.FloatType(), variates.MOST_CLASSES)
        numbers = builder.load(builder.bitcast(data, eight.as_pointer()))
        numbers.align = 4
        numbers = _shuffle(builder, numbers, numbers, [lane % 8 for lane in range(part)])
        kind = ir.FunctionType(numbers.type, [numbers.type, ir.VectorType(_INT, part)])
        permute = cgutils.get_or_insert_function(builder.module, kind, f"llvm.x86.{name}")
        found = []
        for low in range(0, LANES, part):
            own = _shuffle(builder, args[1], args[1], list(range(low, low + part)))
            found.append(builder.call(permute, [numbers, own]))
        return _join(builder, found)

    def one_by_one(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        low = ir.Constant(_VECTOR[WORDS], [variates.MOST_CLASSES - 1] * LANES)
        return _gathered(context, builder, sig, [args[0], builder.and_(args[1], low)])

    return signature(REALS, row, WORDS), emit if HAS_COMPRESS or HAS_PERMUTE else one_by_one


@intrinsic
def gather(_typing: Any, array: Any, places: Any) -> Any:
    """The number at a place of its own for every lane."""
    return signature(_OF[array.dtype], array, WORDS), _gathered


def _two_columns(builder: Any, rows: list[Any]) -> list[Any]:
    joined = _join(builder, rows)
    return [_shuffle(builder, joined, joined, list(range(c, 2 * PART, 2))) for c in range(2)]


def _four_columns(builder: Any, rows: list[Any]) -> list[Any]:
    """Columns of sixteen rows of four, by steps that stay within quarters of a register."""
    quarters = range(0, PART, 4)
    r0, r1, r2, r3 = (_join(builder, [rows[4 * q + r] for q in range(4)]) for r in range(4))

    def mixed(x: Any, y: Any, pattern: tuple[int, int, int, int]) -> Any:
        order = [q + p if p < 4 else PART + q + p - 4 for q in quarters for p in pattern]
        return _shuffle(builder, x, y, order)

    low01, high01 = mixed(r0, r1, (0, 4, 1, 5)), mixed(r0, r1, (2, 6, 3, 7))
    low23, high23 = mixed(r2, r3, (0, 4, 1, 5)), mixed(r2, r3, (2, 6, 3, 7))
    return [
        mixed(low01, low23, (0, 1, 4, 5)),
        mixed(low01, low23, (2, 3, 6, 7)),
        mixed(high01, high23, (0, 1, 4, 5)),
        mixed(high01, high23, (2, 3, 6, 7)),
    ]


def _rows(width: int, transposed: Callable[..., list[Any]]) -> Any:
    """A function that fetches, for every lane, the numbers of a row of a table that is so wide.

    Where a row begins, in pairs of numbers, is read from a list: so no processor that can scale an
    address by eight has to shift, and from memory it costs less than out of a register.
    """
    found = types.UniTuple(REALS, width)
    few = ir.VectorType(ir.FloatType(), width)

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        data = context.make_array(sig.args[0])(context, builder, args[0]).data
        data = builder.bitcast(data, ir.IntType(64).as_pointer())
        places = _address(context, builder, sig.args[1], args[1], args[2])
        loaded = []
        for lane in range(LANES):
            place = builder.load(builder.gep(places, [_index(lane)]))
            place = builder.zext(place, ir.IntType(64))
            row = builder.load(builder.bitcast(builder.gep(data, [place]), few.as_pointer()))
            row.align = 4
            loaded.append(row)
        parts = [transposed(builder, loaded[low : low + PART]) for low in range(0, LANES, PART)]
        columns = [_join(builder, list(column)) for column in zip(*parts, strict=True)]
        return context.make_tuple(builder, sig.return_type, columns)

    @intrinsic
    def fetch(_typing: Any, table: Any, places: Any, first: Any) -> Any:
        return signature(found, table, places, types.intp), emit

    return fetch


pairs, quads = _rows(2, _two_columns), _rows(4, _four_columns)
BY_TWO = np.uint32(1)
"""Shift from the number of a row of four to where it begins in pairs."""


# --- Masks and packing ---------------------------------------------------------------------------


@intrinsic
def ascending(_typing: Any, first: Any) -> Any:
    """Whole numbers from one on."""

    def emit(_context: Any, builder: Any, _sig: Any, args: Any) -> Any:
        steps = ir.Constant(_VECTOR[WORDS], list(range(LANES)))
        return builder.add(steps, _spread(builder, args[0], WORDS))

    return signature(WORDS, types.uint32), emit


@intrinsic
def spread(_typing: Any, value: Any) -> Any:
    """One number in every lane."""
    kind = _OF[value]
    return signature(kind, value), lambda _c, b, _s, a: _spread(b, a[0], kind)


@intrinsic
def how_many(_typing: Any, mask: Any) -> Any:
    """The number of lanes in a mask."""

    def emit(_context: Any, builder: Any, _sig: Any, args: Any) -> Any:
        count = builder.ctpop(builder.bitcast(args[0], ir.IntType(LANES)))
        return count if _INT.width < LANES else builder.zext(count, ir.IntType(64))

    return signature(types.int64, mask), emit


@intrinsic
def first_of(_typing: Any, count: Any) -> Any:
    """The mask of so many first lanes."""

    def emit(_context: Any, builder: Any, _sig: Any, args: Any) -> Any:
        steps = ir.Constant(_VECTOR[WORDS], list(range(LANES)))
        limit = _spread(builder, builder.trunc(args[0], _INT), WORDS)
        return builder.icmp_signed("<", steps, limit)

    return signature(MASK, types.intp), emit


@functools.cache
def _orders() -> ir.Constant:
    """For each mask of so many lanes the places of those in it, lowest first."""
    row = ir.VectorType(ir.IntType(8), PERMUTED)
    orders = []
    for mask in range(1 << PERMUTED):
        inside = [lane for lane in range(PERMUTED) if mask >> lane & 1]
        orders.append(ir.Constant(row, inside + [0] * (PERMUTED - len(inside))))
    return ir.Constant(ir.ArrayType(row, 1 << PERMUTED), orders)


def _compressed(builder: Any, lanes: Any, chosen: Any) -> Any:
    """The chosen lanes side by side, by the instruction for it."""
    name = f"llvm.experimental.vector.compress.v{PART}{_SHORT[lanes.type.element]}"
    kind = ir.FunctionType(lanes.type, [lanes.type, chosen.type, lanes.type])
    function = cgutils.get_or_insert_function(builder.module, kind, name)
    return builder.call(function, [lanes, chosen, ir.Constant(lanes.type, ir.Undefined)])


def _permuted(builder: Any, lanes: Any, chosen: Any) -> Any:
    """The same by a permutation that is looked up."""
    table, byte = _orders(), ir.IntType(8)
    orders = builder.module.globals.get("anagen.orders")
    if orders is None:
        orders = cgutils.global_constant(builder.module, "anagen.orders", table)
    row = builder.gep(
        orders, [_index(0), builder.zext(builder.bitcast(chosen, byte), _INT)], inbounds=True
    )
    order = builder.zext(builder.load(row), ir.VectorType(_INT, PERMUTED))
    name = "ps" if lanes.type.element == ir.FloatType() else "d"
    kind = ir.FunctionType(lanes.type, [lanes.type, order.type])
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.x86.avx2.perm{name}")
    return builder.call(function, [lanes, order])


_SHORT = {ir.FloatType(): "f32", _INT: "i32"}


@intrinsic
def packed(_typing: Any, array: Any, first: Any, value: Any, mask: Any) -> Any:
    """Write the lanes in the mask side by side; what follows them is overwritten too."""
    number = ir.FloatType() if value is REALS else _INT
    part = PART if HAS_COMPRESS else PERMUTED

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        place = args[1]
        for low in range(0, LANES, part):
            order = list(range(low, low + part))
            lanes = _shuffle(builder, args[2], args[2], order)
            chosen = _shuffle(builder, args[3], args[3], order)
            target = _address(context, builder, sig.args[0], args[0], place)
            if HAS_COMPRESS or HAS_PERMUTE:
                close = (_compressed if HAS_COMPRESS else _permuted)(builder, lanes, chosen)
                pointer = builder.bitcast(target, ir.VectorType(number, part).as_pointer())
                builder.store(close, pointer).align = 4
                count = builder.ctpop(builder.bitcast(chosen, ir.IntType(part)))
                place = builder.add(place, builder.zext(count, place.type))
            else:
                data = context.make_array(sig.args[0])(context, builder, args[0]).data
                for lane in range(part):
                    builder.store(
                        builder.extract_element(lanes, _index(lane)), builder.gep(data, [place])
                    )
                    goes = builder.extract_element(chosen, _index(lane))
                    place = builder.add(place, builder.zext(goes, place.type))
        return place

    return signature(types.intp, array, types.intp, value, mask), emit
