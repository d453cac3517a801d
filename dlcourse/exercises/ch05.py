"""Exercises of chapter 05, perceptrons and depth: one step of the rule, XOR, counts and folds."""

from math import comb

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def perceptron_step(w, b, x, y):
    """The weights after one example: moved by a mistake, else as they were."""
    t = 2 * y - 1
    if t * (w @ x + b) > 0:
        return w, b
    return w + t * x, b + t


def mistakes_on_xor():
    """The mistakes of 1,000 passes over the corners of XOR: each moves the bias by one."""
    corners, labels = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), (0, 1, 1, 0)
    w, b, mistakes = np.zeros(2), 0, 0
    for _ in range(1000):
        for x, y in zip(corners, labels, strict=True):
            before, (w, b) = b, perceptron_step(w, b, x, y)
            mistakes += b != before
    return mistakes


def _without(part):
    def step(w, b, x, y):
        t = 2 * y - 1
        if t * (w @ x + b) > 0:
            return w, b
        return (w, b + t) if part == "w" else (w + t * x, b)

    return step


def _always(w, b, x, y):
    t = 2 * y - 1
    return w + t * x, b + t


def _away(w, b, x, y):
    new_w, new_b = perceptron_step(w, b, x, y)
    return 2 * w - new_w, 2 * b - new_b


def _by_answer(w, b, x, y):
    error = y - int(w @ x + b > 0)
    return w + error * x, b + error


def _raw_label(w, b, x, y):
    if (2 * y - 1) * (w @ x + b) > 0:
        return w, b
    return w + y * x, b + y


def count_regions(units, n):
    """The sum over k from 0 to n of (units choose k)."""
    return sum(comb(units, k) for k in range(n + 1))


def teeth_of(x, folds):
    """The tent, folds times."""
    for _ in range(folds):
        x = 1 - np.abs(2 * x - 1)
    return x


def _folded(x, times):
    return teeth_of(x, times)


EXERCISES = [
    Exercise(
        id="05.1",
        title="One step of the perceptron",
        task=(
            "Write `perceptron_step(w, b, x, y)`: w and x have shape (n,), y is 0 or 1. With t = 2y - 1, a mistake is "
            "t (w · x + b) <= 0. After a mistake return (w + t x, b + t), else (w, b)."
        ),
        solution=perceptron_step,
        cases=[
            case(np.array([1.0, -2.0]), 0.5, np.array([2.0, 0.5]), 0),
            case(np.array([1.0, -2.0]), 0.5, np.array([2.0, 0.5]), 1, note="a right answer"),
            case(np.array([1.0, -2.0]), 0.5, np.array([-2.0, 0.5]), 1),
            case(np.zeros(3), 0.0, np.array([1.0, 2.0, -3.0]), 0, note="an example on the line"),
            *drawn(lambda rng: (rng.normal(size=4), rng.normal(), rng.normal(size=4), int(rng.integers(2))), times=4),
        ],
        mistakes=[
            Mistake(_always, "You change the weights after right answers too: return w and b as they are there."),
            Mistake(_away, "The line moves the wrong way: add t x for a mistake, do not subtract it."),
            Mistake(_without("w"), "Only b is changed: w has to move by t x as well."),
            Mistake(_without("b"), "Only w is changed: b has to move by t as well."),
            Mistake(
                _by_answer,
                "An example of class 0 that lies on the line is answered by 0, but it counts as a mistake: ask for "
                "`t * (w @ x + b) <= 0`.",
            ),
            Mistake(_raw_label, "A mistake on class 0 changes nothing here: use t = 2y - 1, which is -1 for it."),
        ],
        hints=[
            "First t, then the sum `w @ x + b`, then one `if`.",
            "The answer is right where t and the sum have the same sign: their product is above 0.",
            "`return w + t * x, b + t` after a mistake, `return w, b` otherwise.",
        ],
        why="Adding t x raises t (w · x + b) by x · x + 1, so the same example is answered better the next time.",
    ),
    Exercise(
        id="05.2",
        title="XOR from two units",
        task=(
            "With h1 = relu(x1 + x2) and h2 = relu(x1 + x2 - 1), which (v1, v2) make v1 h1 + v2 h2 equal to XOR of x1 "
            "and x2, for x1 and x2 being 0 or 1? Give a tuple."
        ),
        kind="predict",
        solution=(1, -2),
        mistakes=[
            Mistake((1, -1), "At (1, 1) this gives 2 - 1 = 1, and XOR of two ones is 0."),
            Mistake((-2, 1), "The two are exchanged: at (0, 1) only h1 is at work, and it has to give 1."),
            Mistake((1, 2), "At (1, 1) h1 is 2 already: the second unit has to take it away again."),
            Mistake((1, 0), "That is h1 alone, which gives 2 at (1, 1)."),
        ],
        hints=[
            "Write down h1 and h2 at the four corners.",
            "At (0, 1) h1 = 1 and h2 = 0, which gives v1.",
            "At (1, 1) h1 = 2 and h2 = 1, so 2 v1 + v2 has to be 0.",
        ],
        otherwise="Put each corner in: (0, 1) must give 1 and (1, 1) must give 0.",
        why="Up with slope 1 to the middle, then down with slope 1 - 2 = -1: one bend is all that a line lacked.",
    ),
    Exercise(
        id="05.3",
        title="A smaller learning rate",
        task=(
            "A perceptron starts at w = 0 and b = 0. With a learning rate of 0.1 instead of 1, in the same order of "
            "examples, does it make 'more', 'fewer' or 'as many' mistakes, or 'it depends'?"
        ),
        kind="predict",
        choices=("more", "fewer", "as many", "it depends"),
        solution="as many",
        mistakes=[
            Mistake("more", "Steps are smaller, but so are the weights that they change: compare the two signs of z."),
            Mistake("fewer", "Small steps are not more careful here: what counts is the sign of z, not its size."),
            Mistake("it depends", "It would from another start; from zero there is one answer for all data."),
        ],
        hints=[
            "Follow both for two mistakes and compare their weights.",
            "All weights are 0.1 times those of the other run. What is the sign of z then?",
        ],
        why="From zero, w and b are sums of examples times α: α scales z, leaves its sign, and so changes no answer.",
    ),
    Exercise(
        id="05.4",
        title="Regions of one layer",
        task=(
            "Write `count_regions(units, n)`: the sum over k = 0 … n of (units choose k), the most regions into which "
            "that many hyperplanes cut space of n dimensions."
        ),
        solution=count_regions,
        cases=[case(3, 2), case(8, 2), case(5, 3), case(2, 5, note="more dimensions than units"), case(24, 2)],
        mistakes=[
            Mistake(
                lambda units, n: 2**units,
                "This counts all patterns of on and off: with few dimensions most have no place.",
            ),
            Mistake(comb, "This is the last term alone: sum over k from 0 to n."),
            Mistake(lambda units, n: count_regions(units, n - 1), "The sum ends too early: k = n belongs to it."),
            Mistake(
                lambda units, n: count_regions(units, n) - 1,
                "The term for k = 0 is missing: without any cut there is one region.",
            ),
            Mistake(
                lambda units, n: 2 * count_regions(units - 1, n),
                "This is Cover's count of labellings, of m - 1 and doubled; here each unit is a plane, not a point.",
            ),
        ],
        hints=[
            "Python has `math.comb`.",
            "`range(n + 1)` runs from 0 to n.",
            "`sum(math.comb(units, k) for k in range(n + 1))` is all of it.",
        ],
        why="A new line gains a region for each piece that the old ones cut it into: the recursion of the binomials.",
    ),
    Exercise(
        id="05.5",
        title="Teeth by folding",
        task=(
            "Write `teeth_of(x, folds)`: the tent, 2x up to 1/2 and 2 - 2x beyond, applied `folds` times to every "
            "number of the array x, all between 0 and 1."
        ),
        solution=teeth_of,
        cases=[
            case(np.array([0.0, 0.1, 0.3, 0.55, 0.8, 1.0]), 1),
            case(np.array([0.0, 0.1, 0.3, 0.55, 0.8, 1.0]), 3),
            *drawn(lambda rng: (rng.random(8), 4)),
        ],
        mistakes=[
            Mistake(
                lambda x, folds: _folded(x, 1), "This folds once: apply the tent to its own result, `folds` times."
            ),
            Mistake(lambda x, folds: _folded(x, folds + 1), "This folds once too often."),
            Mistake(
                lambda x, folds: folds * _folded(x, 1), "You multiply the tent by `folds`: feed it its own output."
            ),
            Mistake(lambda x, folds: 2**folds * x % 1, "This is a saw that jumps back to 0: the tent walks back down."),
            Mistake(lambda x, folds: 1 - _folded(x, folds), "Upside down: the teeth begin with 0 at x = 0."),
        ],
        hints=[
            "A loop, `for _ in range(folds)`, in which x becomes the tent of x.",
            "The tent is `np.minimum(2 * x, 2 - 2 * x)`.",
            "Make a new array in each round, `x = np.minimum(2 * x, 2 - 2 * x)`, and return x at the end.",
        ],
        why="Each fold doubles the pieces, so k layers of two units draw 2^k; one layer needs a unit for each.",
    ),
    Exercise(
        id="05.6",
        title="Round and round",
        task=(
            "Run your `perceptron_step` over the four corners of XOR, in the order (0, 0), (0, 1), (1, 0), (1, 1), "
            "from w = 0 and b = 0, for 1,000 passes. How many mistakes does it make in all? Guess, then count."
        ),
        kind="investigate",
        solution=mistakes_on_xor,
        mistakes=[
            Mistake(1000, "A line that stays can be right at three corners; but each step moves it away from others."),
            Mistake(2000, "Half would be chance. Count: each correction spoils what the one before had mended."),
            Mistake(3000, "The first corner counts, too: on the line, w · x + b = 0, is a mistake."),
            Mistake(4, "That is one pass. No line separates XOR, so the mistakes never end: look at the next pass."),
            Mistake(0, "The rule ends without mistakes only where a line separates the classes, and here none does."),
        ],
        otherwise="Count 1 whenever `w` or `b` is another after a step than before, in 1,000 passes of four steps.",
        hints=[
            "A step that changes nothing was no mistake: compare `b` before and after.",
            "Print w and b after each of the first eight steps: what do you see after the fourth and the eighth?",
            "Two loops: 1,000 passes, and in each the four corners with the labels 0, 1, 1, 0.",
        ],
        why="After each pass w and b are at zero again: the rule runs in a circle and errs at every single step.",
    ),
]
