"""How a result differs from the expected one, said so that it follows "your function …"."""

import inspect
from collections.abc import Iterator, Mapping, Set
from numbers import Number
from typing import Any

import numpy as np

from dlcourse.exercises.show import kind, position, short

_SINGLE = 1e-4  # relative tolerance of results that were computed in single precision


def difference(got: Any, expected: Any, tolerance: float = 1e-6, which: str = "") -> str | None:
    """None when `got` equals `expected`, else what it does instead: "returns 4 where 2 is expected".

    Numbers, lists, tuples, NumPy scalars, arrays and tensors of equal shape and values are equal, whatever their type.
    `tolerance` is relative; `which` names one of several outputs (" as output 2").
    """
    strange = _strange(got, expected, which)
    if strange:
        return strange
    if isinstance(expected, Mapping):
        return _of_mappings(got, expected, tolerance, which)
    wanted = numbers(expected)
    if isinstance(expected, tuple) and not _is_vector(expected):
        return _of_outputs(got, expected, tolerance, which)
    if wanted is None:
        return _of_other(got, expected, tolerance, which)
    return _of_arrays(got, wanted, tolerance, which)


def _is_vector(values: tuple) -> bool:
    """Whether a tuple is one output, a shape for example, and not several outputs."""
    return len(values) > 0 and all(isinstance(value, int | np.integer) for value in values)


def numbers(value: Any) -> np.ndarray | None:
    """The value as an array of numbers or booleans; None when it is not one."""
    try:
        array = np.asarray(value)
        if array.dtype.kind == "V" and array.dtype.names is None:  # bfloat16 and its like
            array = array.astype(np.float32)
        if array.dtype.kind == "O" and all(isinstance(item, Number) for item in array.flat):  # Fraction, Decimal
            array = array.astype(np.float64)
    except Exception:
        return None
    return array if array.dtype.kind in "biufc" else None


def _strange(got: Any, expected: Any, which: str) -> str | None:
    """What is no result at all, or the promise of one."""
    if got is None and expected is not None:
        return f"returns nothing (None){which}: is a `return` missing?"
    if got is Ellipsis:
        return f"returns `...`{which}: put your own expression in its place"
    if inspect.iscoroutine(got):
        got.close()
        return f"returns a coroutine{which}: write `def`, not `async def`"
    if isinstance(got, Iterator):
        return f"returns {kind(got)}{which}, which makes its values only when asked: return them as a list or an array"
    if callable(got) and not callable(expected) and numbers(got) is None:
        return f"returns the function {short(got)}{which}, not what it computes: are the brackets of a call missing?"
    return None


def _of_mappings(got: Any, expected: Mapping, tolerance: float, which: str) -> str | None:
    if not isinstance(got, Mapping):
        return f"returns {kind(got)}{which} where a dictionary is expected"
    if set(got) != set(expected):
        return f"returns the keys {short(list(got))}{which} where {short(list(expected))} are expected"
    found = (difference(got[key], expected[key], tolerance, f"{which} under {key!r}") for key in expected)
    return next(filter(None, found), None)


def _of_outputs(got: Any, expected: tuple | list, tolerance: float, which: str) -> str | None:
    if isinstance(got, str | Mapping | Set) or not hasattr(got, "__len__"):
        return f"returns one output{which} where {len(expected)} are expected: return them separated by commas"
    if len(got) != len(expected):
        return f"returns {len(got)} outputs{which} where {len(expected)} are expected"
    pairs = enumerate(zip(got, expected, strict=True), start=1)
    found = (difference(g, e, tolerance, f"{which} as output {i} of {len(expected)}") for i, (g, e) in pairs)
    return next(filter(None, found), None)


def _of_other(got: Any, expected: Any, tolerance: float, which: str) -> str | None:
    """Text, sets, None, and lists that make no array: equal, or item by item."""
    if isinstance(expected, np.ndarray):
        expected = expected.tolist()
    if isinstance(expected, list) and isinstance(got, list | tuple | np.ndarray):
        return _of_outputs(got, expected, tolerance, which)
    try:
        equal = bool(got == expected)
    except Exception:
        equal = False
    return None if equal else f"returns {short(got)}{which} where {short(expected)} is expected"


def _of_arrays(got: Any, expected: np.ndarray, tolerance: float, which: str) -> str | None:
    array = numbers(got)
    if array is None:
        return _not_numbers(got, which)
    if np.iscomplexobj(array) and not np.iscomplexobj(expected):
        return f"returns complex numbers{which} where real ones are expected"
    if array.shape != expected.shape:
        return _of_shapes(array.shape, expected.shape, which)
    wide = np.result_type(expected.dtype, np.float64)
    values, wanted = array.astype(wide), expected.astype(wide)
    wrong = ~_close(values, wanted, _tolerance(array, tolerance))
    if not wrong.any():
        return None
    return _not_finite(values, wanted, which) or _of_values(array, expected, wrong, which)


def _not_numbers(got: Any, which: str) -> str:
    if isinstance(got, str | bytes):
        return f"returns the text {short(got)}{which} where numbers are expected"
    if isinstance(got, Set | Mapping):
        return f"returns {kind(got)}{which} where a number, a list or an array is expected"
    if isinstance(got, list | tuple):
        if len({np.shape(row) if numbers(row) is not None else None for row in got}) > 1:
            return f"returns items{which} that differ in shape or are not numbers: {short(got)}"
        return f"returns {kind(got)}{which} whose items are not numbers: {short(got)}"
    if isinstance(got, np.ndarray):
        return f"returns an array of dtype {got.dtype}{which} where numbers are expected"
    return f"returns {kind(got)}{which}, which cannot be read as numbers"


def _of_shapes(got: tuple, expected: tuple, which: str) -> str:
    if not expected:
        return f"returns an array of shape {got}{which} where one number is expected"
    if not got:
        return f"returns one number{which} where an array of shape {expected} is expected"
    text = f"returns shape {got}{which} where {expected} is expected"
    if got == expected[::-1]:
        return f"{text}: the axes are exchanged"
    if [n for n in got if n != 1] == [n for n in expected if n != 1]:
        return f"{text}: an axis of length 1 is {'too many' if len(got) > len(expected) else 'missing or misplaced'}"
    if len(expected) == 1 and got == expected * 2:
        return f"{text}: were a column (m, 1) and a row (m,) broadcast against each other?"
    return text


def _tolerance(array: np.ndarray, tolerance: float) -> float:
    """Single precision shows in the dtype, or in that the values fit into it, as in float(np.float32(x))."""
    with np.errstate(all="ignore"):
        narrow = array.astype(np.complex64 if np.iscomplexobj(array) else np.float32)
        single = array.dtype.kind in "fc" and np.array_equal(narrow, array, equal_nan=True)
    return max(tolerance, _SINGLE) if single else tolerance


def _close(values: np.ndarray, wanted: np.ndarray, tolerance: float) -> np.ndarray:
    """Equal up to the tolerance, relative to each wanted value, and absolute beside others of size up to 1."""
    finite = np.abs(wanted[np.isfinite(wanted)])
    scale = min(1.0, finite.max(initial=0.0)) or 1.0
    return np.isclose(values, wanted, rtol=tolerance, atol=tolerance * scale, equal_nan=True)


def _not_finite(values: np.ndarray, wanted: np.ndarray, which: str) -> str | None:
    nan = np.isnan(values) & ~np.isnan(wanted)
    if nan.any():
        return (
            f"returns NaN (not a number){which}{position(np.argwhere(nan)[0])}: "
            "look for 0/0, the logarithm of a negative number, or inf - inf"
        )
    infinite = np.isinf(values) & ~np.isinf(wanted)
    if infinite.any():
        return (
            f"returns {values[infinite][0]:g}{which}{position(np.argwhere(infinite)[0])}: "
            "look for a division by zero, log(0), or exp of a large number"
        )
    return None


def _of_values(array: np.ndarray, expected: np.ndarray, wrong: np.ndarray, which: str) -> str:
    if array.dtype.kind in "iu" and _same_but_for_decimals(array, expected):
        return (
            f"returns whole numbers{which}, {short(array)}, where {short(expected)} is expected: "
            f"dtype {array.dtype} or `//` cuts the decimals off"
        )
    index = tuple(np.argwhere(wrong)[0])
    if array.size > 12:
        text = f"returns {_pair(array[index], expected[index])}{which}{position(index)}"
        return f"{text} ({wrong.sum()} of {wrong.size} values differ)"
    return f"returns {_pair(array, expected)}{which}"


def _same_but_for_decimals(array: np.ndarray, expected: np.ndarray) -> bool:
    return expected.dtype.kind == "f" and bool(np.all(np.abs(array - expected) < 1))


def _pair(got: Any, expected: Any) -> str:
    """Both values, with as many digits as it takes to tell them apart."""
    for digits in (5, 9, 17):
        left, right = short(got, digits), short(expected, digits)
        if left != right:
            break
    return f"{left} where {right} is expected"
