"""Exercises of chapter 14, verification: two losses, leaks between splits, equal errors, naming, and rare people."""

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def slope(same, d, margin):
    """The derivative of the contrastive loss in the distance: one spring pulls, the other pushes while too short."""
    return np.where(same, d, -np.maximum(0, margin - d))


def semi_hard(pair, others):
    """Of the distances to others, the smallest above that of the pair; if there is none, the largest."""
    further = others[others > pair]
    return further.min() if len(further) else others.max()


def on_both_sides(people, train, test):
    """The people, in order, of whom pictures are among the training and the test pictures."""
    return np.intersect1d(people[train], people[test])


def equal_error(distances, same):
    """The mean of false accepts and false rejects at the threshold where they differ least."""
    rows = []
    for threshold in np.unique(distances):
        accepted = distances <= threshold
        rows.append((accepted[~same].mean(), (~accepted)[same].mean()))
    rows = np.array([(0.0, 1.0), *rows])  # and a threshold that accepts nobody
    return rows[np.argmin(np.abs(rows[:, 0] - rows[:, 1]))].mean()


def name_of(gallery, names, probe):
    """The name of the picture whose direction is nearest."""
    cosine = gallery @ probe / (np.linalg.norm(gallery, axis=1) * np.linalg.norm(probe))
    return names[np.argmax(cosine)]


def share_of_right_alarms():
    """Of 1,000 people who pass, 1 is wanted: right alarms 0.95, false ones 999 times 0.05."""
    return 0.95 * 1 / (0.95 * 1 + 0.05 * 999)


# What the mistakes share and the cases are made of.


def _pairs(rng):
    same = np.arange(40) < 12
    return np.round(rng.normal(size=40) + 1.3 * ~same, 1), same


def _gallery(rng):
    gallery = rng.normal(size=(6, 3)) * rng.uniform(0.2, 5, (6, 1))
    return gallery, np.array([4, 4, 2, 2, 9, 9]), rng.normal(size=3)


def _at_errors(distances, same, at):
    rows = [((distances <= t)[~same].mean(), (distances > t)[same].mean()) for t in np.unique(distances)]
    rows = np.array([(0.0, 1.0), *rows])
    return at(rows)


EXERCISES = [
    Exercise(
        id="14.1",
        title="Two springs",
        task=(
            "Write `slope(same, d, margin)`: the derivative in d of the contrastive loss, for arrays of pairs. The "
            "loss is ½ d² where `same` is True and ½ max(0, margin - d)² where it is False."
        ),
        solution=slope,
        cases=[
            case(np.array([True, True, False, False]), np.array([0.0, 2.0, 0.25, 3.0]), 1.0),
            *drawn(lambda rng: (rng.random(9) < 0.5, rng.uniform(0, 3, 9), 1.5)),
        ],
        mistakes=[
            Mistake(
                lambda same, d, margin: np.where(same, d, np.maximum(0, margin - d)),
                "The sign for different people is wrong: their loss falls as they move apart.",
            ),
            Mistake(
                lambda same, d, margin: np.where(same, d, d - margin),
                "Beyond the margin different people are left alone: there the slope is 0.",
            ),
            Mistake(
                lambda same, d, margin: slope(~np.asarray(same), d, margin),
                "It is the wrong way round: here it is the same who are pulled together.",
            ),
            Mistake(
                lambda same, d, margin: 2 * slope(same, d, margin),
                "It is twice too large: the ½ in the loss is there to cancel the 2 of the square.",
            ),
            Mistake(
                lambda same, d, margin: np.where(same, d**2, np.maximum(0, margin - d) ** 2) / 2,
                "This is the loss itself: its derivative is asked.",
            ),
        ],
        hints=[
            "Two formulas, and `same` chooses between them: `np.where(same, …, …)`.",
            "The derivative of ½ d² is d. That of ½ (margin - d)² is -(margin - d), as long as d is below the margin.",
            "`np.where(same, d, -np.maximum(0, margin - d))`.",
        ],
        why="The same pull for ever, with a force that grows with distance; different ones push until the margin.",
    ),
    Exercise(
        id="14.2",
        title="Hard, but not too hard",
        task=(
            "FaceNet's choice. Write `semi_hard(pair, others)`: `pair` is the distance of an anchor and a picture of "
            "the same person, `others` (n,) are its distances to other people. Return the smallest of `others` that is "
            "above `pair`; if none is, the largest."
        ),
        solution=semi_hard,
        cases=[
            case(1.0, np.array([0.2, 1.4, 3.0, 1.1])),
            case(2.0, np.array([0.5, 1.5, 1.0]), note="all others nearer than the pair"),
            case(1.0, np.array([1.0, 1.0, 5.0, 2.0]), note="others as far as the pair"),
            *drawn(lambda rng: (rng.uniform(0, 2), rng.uniform(0, 2, 6))),
        ],
        mistakes=[
            Mistake(
                lambda pair, others: others.min(),
                "This is the hardest: it may be nearer than the pair, and then it is not semi-hard.",
            ),
            Mistake(
                lambda pair, others: others[others >= pair].min() if (others >= pair).any() else others.max(),
                "Above the pair's distance, not at it: as far as the pair is still a violation without a gap.",
            ),
            Mistake(
                lambda pair, others: others[np.argmin(np.abs(others - pair))],
                "This is the one whose distance is most like the pair's; it may be on the wrong side.",
            ),
            Mistake(
                lambda pair, others: others[others > pair].min() if (others > pair).any() else others.min(),
                "If no other is further away than the pair, take the largest distance, the least wrong of them.",
            ),
            Mistake(lambda pair, others: others.max(), "This is the easiest of all: nothing is learned from it."),
        ],
        hints=[
            "First keep those above the pair: `others[others > pair]`.",
            "Of these the smallest. If nothing was kept, the smallest of nothing is an error: take `others.max()`.",
            "`further.min() if len(further) else others.max()`.",
        ],
        why="The very hardest are often mislabelled or odd pictures; early in training they can collapse the network.",
    ),
    Exercise(
        id="14.3",
        title="Who is on both sides?",
        task=(
            "Write `on_both_sides(people, train, test)`: `people` says whose each picture is; `train` and `test` are "
            "indices of pictures. Return the people of whom pictures are on both sides, sorted, each once."
        ),
        solution=on_both_sides,
        cases=[
            case(np.repeat(np.arange(4), 3), np.array([0, 1, 3, 4, 6, 7]), np.array([2, 5, 9, 10, 11])),
            case(np.repeat(np.arange(3), 4), np.arange(4, 12), np.arange(4), note="a split by people"),
            case(np.array([7, 3, 7, 3, 5]), np.array([2, 1, 4]), np.array([0, 3])),
        ],
        mistakes=[
            Mistake(
                lambda people, train, test: np.intersect1d(train, test),
                "These are pictures on both sides. No picture needs to be: two pictures of one person suffice.",
            ),
            Mistake(
                lambda people, train, test: np.union1d(people[train], people[test]),
                "These are the people on either side.",
            ),
            Mistake(
                lambda people, train, test: np.setdiff1d(people[test], people[train]),
                "These are the people of the test side alone, the ones who should be there.",
            ),
            Mistake(
                lambda people, train, test: len(np.intersect1d(people[train], people[test])),
                "This is how many there are: return who they are.",
            ),
        ],
        hints=[
            "First turn pictures into people: `people[train]`.",
            "You want what two sets have in common.",
            "`np.intersect1d(people[train], people[test])`.",
        ],
        why="An empty answer is the assertion that every chapter on faces should make.",
    ),
    Exercise(
        id="14.4",
        title="Equal errors",
        task=(
            "Write `equal_error(distances, same)`: try each distance as the threshold (a pair is accepted if its "
            "distance is at most that), and one that accepts nobody. Where the share of different pairs accepted and "
            "that of same pairs rejected differ least, return the mean of the two. Of several, take the lowest."
        ),
        solution=equal_error,
        cases=[
            case(np.array([0.1, 0.2, 0.3, 0.4]), np.array([True, False, True, False])),
            case(np.array([1.0, 2, 3, 4]), np.array([True, True, False, False]), note="a perfect distance"),
            *drawn(_pairs, times=5),
        ],
        mistakes=[
            Mistake(
                lambda distances, same: _at_errors(distances, same, lambda r: r.mean(axis=1).min()),
                "This is the smallest mean of both errors, wherever it is: look where they are as equal as possible.",
            ),
            Mistake(
                lambda distances, same: equal_error(-distances, same),
                "You accept large distances, or count right decisions: the same are near, and errors are asked.",
            ),
            Mistake(
                lambda distances, same: _at_errors(
                    distances, same, lambda r: r[np.argmin(np.abs(r[:, 0] - r[:, 1])), 0]
                ),
                "This is one of the two errors at that place, the false accepts: return the mean of both.",
            ),
            Mistake(
                lambda distances, same: min(
                    np.mean(np.r_[(distances <= t)[~same], (distances > t)[same]]) for t in np.unique(distances)
                ),
                "This is the smallest error over all pairs together; there are many more different pairs, so it "
                "rejects nearly everybody.",
            ),
        ],
        hints=[
            "A threshold t accepts `distances <= t`. Its mean over `~same` is one error, that of its opposite over "
            "`same` the other.",
            "Collect both errors for every t in `np.unique(distances)`, and (0, 1) for a threshold below all.",
            "`np.argmin(np.abs(false - rejects))` finds the place; return the mean of the two there.",
        ],
        why="One number for a whole curve; with finitely many pairs the two errors are seldom quite equal.",
    ),
    Exercise(
        id="14.5",
        title="One known picture",
        task=(
            "Write `name_of(gallery, names, probe)`: the name of the known picture whose features, (n, features), make "
            "the smallest angle with those of the probe, (features,). Lengths differ and do not count."
        ),
        solution=name_of,
        cases=drawn(_gallery, times=8),
        mistakes=[
            Mistake(
                lambda gallery, names, probe: names[np.argmax(gallery @ probe)],
                "The lengths count here: a long vector wins. Divide by the length of each picture's features.",
            ),
            Mistake(
                lambda gallery, names, probe: names[np.argmin(np.linalg.norm(gallery - probe, axis=1))],
                "This is the smallest distance, in which lengths count; the smallest angle is wanted.",
            ),
            Mistake(
                lambda gallery, names, probe: names[np.argmin(gallery @ probe / np.linalg.norm(gallery, axis=1))],
                "This is the largest angle: the cosine is largest where the angle is smallest.",
            ),
            Mistake(
                lambda gallery, names, probe: int(np.argmax(gallery @ probe / np.linalg.norm(gallery, axis=1))),
                "This is the place in the gallery: say whose picture stands there.",
            ),
        ],
        hints=[
            "The cosine of an angle is the product of two vectors divided by both lengths.",
            "The probe's length is the same for all; only those of the gallery's rows change who wins.",
            "`names[np.argmax(gallery @ probe / np.linalg.norm(gallery, axis=1))]`.",
        ],
        why="Once all vectors have length 1, the smallest angle is the smallest distance: L2Normalize does it.",
    ),
    Exercise(
        id="14.6",
        title="One in a thousand",
        task=(
            "A camera compares everybody who passes with one wanted person. One passer-by in 1,000 is that person. "
            "False accepts and false rejects are 5 % each. Of those it points out, what share is the wanted person? "
            "Give a number from 0 to 1, to two digits at least."
        ),
        kind="predict",
        solution=share_of_right_alarms,
        tolerance=0.06,
        mistakes=[
            Mistake(
                0.95, "This is the share of wanted people who are pointed out, not that of the wanted among those."
            ),
            Mistake(0.05, "This is the share of others who are pointed out."),
            Mistake(0.001, "This is the share of the wanted among all who pass; pointing out does raise it."),
            Mistake(
                1.9,
                "That is a percentage, or you divided the wrong way: give a share from 0 to 1.",
                when=lambda answer: answer > 1,
            ),
        ],
        hints=[
            "Count 1,000 passers-by: one wanted, 999 others.",
            "Pointed out are 0.95 of the one, and 5 % of the 999.",
            "0.95 / (0.95 + 49.95).",
        ],
        otherwise="Count 1,000 passers-by: how many are pointed out rightly, and how many wrongly?",
        why="About 50 strangers for each right alarm: what is rare is mostly found where it is not.",
    ),
]
