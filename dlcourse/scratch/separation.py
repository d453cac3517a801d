"""Which labels a line can give: separability decided, the widest margin, and Cover's count."""

from math import comb

import numpy as np

from dlcourse.scratch.inputs import as_binary_labels, as_features, positive


def separating_plane(X, y) -> np.ndarray | None:
    """Some θ = (w, b) with t (w · x + b) ≥ 1 at every example (t = 2 y − 1), or None when there is none.

    Shapes: X (m, n), y (m,) of 0 and 1 -> (n + 1,). Decided by linear programming, which either finds such numbers or
    proves that there are none. Raises ValueError for shapes or labels that do not fit.
    """
    from scipy.optimize import linprog

    X = as_features(X)
    signed = _signed(X, y)
    found = linprog(np.zeros(signed.shape[1]), A_ub=-signed, b_ub=-np.ones(len(X)), bounds=(None, None))
    if found.status not in (0, 2):  # solved, or proved infeasible
        raise RuntimeError(f"The linear program was not decided: {found.message}")
    return found.x if found.status == 0 else None


def widest_margin(X, y, *, bias=True) -> float:
    """γ = max over ‖θ‖ = 1 of min_i t_i θ · (x_i, 1): the γ of Novikoff's bound (R/γ)², with R = max ‖(x_i, 1)‖.

    bias: False leaves the 1 out, in γ. 0.0 where no plane separates the classes.
    Shapes: X (m, n), y (m,) of 0 and 1. The least θ with t θ · (x, 1) ≥ 1 is found by non-negative least squares
    (Lawson and Hanson, Solving Least Squares Problems, 1974, chapter 23), and γ = 1 / ‖θ‖.
    """
    from scipy.optimize import nnls

    X = as_features(X)
    signed = _signed(X, y) if bias else _signed(X, y)[:, :-1]
    E, f = np.vstack([signed.T, np.ones(len(X))]), np.zeros(signed.shape[1] + 1)
    f[-1] = 1
    u, distance = nnls(E, f, maxiter=100 * len(X))
    if distance < 1e-9:  # the hull of the signed examples holds the origin
        return 0.0
    residual = E @ u - f
    return float(-residual[-1] / np.linalg.norm(residual[:-1]))


def count_separable(m: int, n: int) -> int:
    """In how many of the 2^m ways a plane can label m points of n-dimensional space in general position.

    2 Σ_{k=0}^{n} (m − 1 choose k) (Cover, IEEE Transactions on Electronic Computers EC-14, 1965). In general position:
    no n + 1 points on one plane.
    """
    positive("m", m, whole=True)
    positive("n", n, whole=True)
    return 2 * sum(comb(m - 1, k) for k in range(n + 1))


def _signed(X, y):
    """t (x, 1) for each example: (m, n + 1)."""
    t = 2 * as_binary_labels(y, len(X)) - 1
    return t[:, None] * np.column_stack([X, np.ones(len(X))])
