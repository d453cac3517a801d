"""Exercises of chapter 21, the Transformer: attention, its mask, waves, heads, layer norm, weights and products."""

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def scaled_attention(Q, K, V):
    """(queries, k), (keys, k), (keys, v) -> (queries, v)."""
    scores = Q @ K.T / np.sqrt(Q.shape[-1])
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True) @ V


def _mixed(scores, V, axis=-1):
    weights = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True) @ V


def causal_mask(n):
    """(n, n) booleans: True where the place of the row may look at the place of the column."""
    return np.arange(n)[:, None] >= np.arange(n)[None, :]


def wave(t, i, d):
    """Number i of the d that stand for place t."""
    angle = t / 10_000 ** (2 * (i // 2) / d)
    return np.sin(angle) if i % 2 == 0 else np.cos(angle)


def split_heads(x, heads):
    """(places, d) -> (heads, places, d / heads): the first head has the first numbers of each place."""
    places, d = x.shape
    return x.reshape(places, heads, d // heads).transpose(1, 0, 2)


def layer_norm(x, epsilon=1e-6):
    """(places, d) -> (places, d): each place with mean 0 and variance 1 over its own numbers."""
    return (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(x.var(axis=-1, keepdims=True) + epsilon)


def encoder_weights(d, hidden):
    """Weights and biases of an encoder block: attention, two dense layers, two normalisations."""
    return 4 * (d * d + d) + (d * hidden + hidden) + (hidden * d + d) + 2 * (2 * d)


def attention_products(n, d):
    """Multiply-adds of self-attention over n places of d numbers: four dense layers, scores and mixing."""
    return 4 * n * d**2 + 2 * n**2 * d


def _three(rng):
    queries, keys, k, v = rng.integers(2, 6, 4)
    return rng.normal(size=(queries, k)), rng.normal(size=(keys, k)), rng.normal(size=(keys, v))


EXERCISES = [
    Exercise(
        id="21.1",
        title="Scaled dot-product attention",
        task=(
            "Write `scaled_attention(Q, K, V)`: softmax(Q K^T / sqrt(k)) V, for Q (queries, k), K (keys, k) and "
            "V (keys, v)."
        ),
        solution=scaled_attention,
        cases=[
            case(np.array([[1.0, 0], [0, 2]]), np.array([[1.0, 0], [0, 1], [1, 1]]), np.array([[1.0], [2], [5]])),
            *drawn(_three),
        ],
        mistakes=[
            Mistake(lambda Q, K, V: _mixed(Q @ K.T, V), "The scores are not divided by the square root of k."),
            Mistake(lambda Q, K, V: _mixed(Q @ K.T / Q.shape[-1], V), "You divide by k, not by its square root."),
            Mistake(
                lambda Q, K, V: _mixed(Q @ K.T / np.sqrt(len(K)), V),
                "k is how many numbers a query has, not how many keys there are.",
            ),
            Mistake(
                lambda Q, K, V: _mixed(Q @ K.T / np.sqrt(Q.shape[-1]), V, axis=0),
                "Each query's weights must sum to 1: take the softmax over the keys, the last axis.",
            ),
        ],
        hints=[
            "Scores first, (queries, keys): one product of matrices.",
            "`Q @ K.T / np.sqrt(Q.shape[-1])`, then the softmax of each row.",
            "Divide the exponentials by their sum along axis -1, and multiply with V.",
        ],
        why="All places are looked up at once, by two products of matrices: nothing in it waits for anything else.",
    ),
    Exercise(
        id="21.2",
        title="Nobody looks ahead",
        task="Write `causal_mask(n)`: (n, n) booleans, True where the place of the row may look at the column's.",
        solution=causal_mask,
        cases=[case(1), case(4), case(7)],
        mistakes=[
            Mistake(lambda n: ~causal_mask(n).T, "A place must see itself: the diagonal is True."),
            Mistake(lambda n: causal_mask(n).T, "This lets each place look at itself and at what comes after it."),
            Mistake(lambda n: ~causal_mask(n), "This marks what is forbidden; True is where one may look."),
            Mistake(lambda n: np.ones((n, n), bool), "Nothing is hidden."),
        ],
        hints=["Row i may look at columns 0 to i.", "`np.arange(n)` as a column, compared with it as a row.", "`>=`."],
        why="With this mask one pass trains every place of a text to tell the next word.",
    ),
    Exercise(
        id="21.3",
        title="A wave for each number",
        task=(
            "Write `wave(t, i, d)`: number i of the d numbers that tell place t. For i = 2j it is "
            "sin(t / 10000^(2j/d)), for i = 2j + 1 the cosine of the same angle."
        ),
        solution=wave,
        cases=[case(0, 0, 8), case(0, 1, 8), case(3, 0, 8), case(5, 4, 8), case(5, 5, 8), case(40, 7, 16)],
        mistakes=[
            Mistake(
                lambda t, i, d: (np.sin, np.cos)[i % 2](t / 10_000 ** (i / d)),
                "The two of a pair share a wavelength: the exponent is 2 (i // 2) / d.",
            ),
            Mistake(
                lambda t, i, d: np.sin(t / 10_000 ** (2 * (i // 2) / d)), "Odd numbers have the cosine, not the sine."
            ),
            Mistake(
                lambda t, i, d: (np.sin, np.cos)[i % 2](t * 10_000 ** (2 * (i // 2) / d)),
                "The waves must become longer with i: divide by the power.",
            ),
        ],
        hints=["j is `i // 2`.", "The angle is `t / 10_000 ** (2 * (i // 2) / d)`.", "`i % 2` says which function."],
        why="A pair is a hand that turns: a step of k places is the same turn wherever it begins.",
    ),
    Exercise(
        id="21.4",
        title="Cutting into heads",
        task=(
            "Write `split_heads(x, heads)`: from (places, d) to (heads, places, d / heads), the first head with the "
            "first d / heads numbers of each place."
        ),
        solution=split_heads,
        cases=[
            case(np.arange(12.0).reshape(3, 4), 2),
            case(np.arange(12.0).reshape(2, 6), 1, note="one head"),
            case(np.arange(24.0).reshape(2, 12), 3),
        ],
        mistakes=[
            Mistake(
                lambda x, heads: x.reshape(heads, len(x), -1),
                "A reshape alone mixes places: first (places, heads, d / heads), then move the axes.",
            ),
            Mistake(
                lambda x, heads: x.reshape(len(x), heads, -1), "The heads' axis comes first: a transpose is missing."
            ),
            Mistake(
                lambda x, heads: x.reshape(len(x), -1, heads).transpose(2, 0, 1),
                "Head 0 has the first numbers, not every second or third: reshape to (places, heads, d / heads).",
            ),
        ],
        hints=["Reshape to (places, heads, d / heads).", "Then `.transpose(1, 0, 2)`."],
        why="One large dense layer, cut up, costs the same as many small ones and is one product of matrices.",
    ),
    Exercise(
        id="21.5",
        title="Layer normalisation",
        task=(
            "Write `layer_norm(x, epsilon)`: each row of x (places, d) minus its mean, divided by the root of its "
            "variance plus epsilon. Scale and shift, which are learned, are left out."
        ),
        solution=layer_norm,
        cases=[
            case(np.array([[1.0, 2, 3, 6], [10, 10, 10, 14]]), 1e-6),
            case(np.zeros((2, 3)), 1e-3, note="nothing varies"),
            *drawn(lambda rng: (rng.normal(3, 2, (4, 5)), 0.1)),
        ],
        mistakes=[
            Mistake(
                lambda x, epsilon: (x - x.mean(0)) / np.sqrt(x.var(0) + epsilon),
                "This normalises each feature over the places, as batch norm does; take each place by itself.",
            ),
            Mistake(
                lambda x, epsilon: (x - x.mean(-1, keepdims=True)) / (x.std(-1, keepdims=True) + epsilon),
                "epsilon is added to the variance, under the root.",
            ),
            Mistake(
                lambda x, epsilon: (x - x.mean()) / np.sqrt(x.var() + epsilon), "One mean for all places is too few."
            ),
        ],
        hints=["`axis=-1, keepdims=True` for both mean and variance.", "`np.sqrt(variance + epsilon)`."],
        why="A place is normalised by itself: neither the batch nor the length of the sentence matters.",
    ),
    Exercise(
        id="21.6",
        title="How many weights has a block?",
        task=(
            "Write `encoder_weights(d, hidden)`: weights of an encoder block. Four dense layers d to d, two of the "
            "feed-forward half, all with biases; two normalisations with a scale and a shift for each number."
        ),
        solution=encoder_weights,
        cases=[case(8, 32), case(64, 256), case(512, 2048, note="the paper's base model"), case(10, 15)],
        mistakes=[
            Mistake(lambda d, hidden: 4 * d * d + 2 * d * hidden + 4 * d, "The dense layers have biases, too."),
            Mistake(
                lambda d, hidden: encoder_weights(d, hidden) - 4 * d, "The two normalisations have 2 d weights each."
            ),
            Mistake(
                lambda d, hidden: encoder_weights(d, hidden) - (d * d + d),
                "Attention has four dense layers: the last mixes what the heads found.",
            ),
        ],
        hints=["A dense layer from a to b has a b + b weights.", "4 (d d + d) for the attention.", "4 d at the end."],
        why="The number of heads does not occur: heads share the same weights out among themselves.",
    ),
    Exercise(
        id="21.7",
        title="What length costs",
        task=(
            "Write `attention_products(n, d)`: multiply-adds of a self-attention layer over n places of d numbers, all "
            "heads together: four dense layers, the scores, and the mixing of the values."
        ),
        solution=attention_products,
        cases=[case(1, 8), case(16, 64), case(512, 64), case(100, 10)],
        mistakes=[
            Mistake(lambda n, d: 4 * n * d**2 + n**2 * d, "Scores and mixing are two products of n n d each."),
            Mistake(lambda n, d: 2 * n**2 * d, "The four dense layers are missing."),
            Mistake(lambda n, d: 3 * n * d**2 + 2 * n**2 * d, "There is a fourth dense layer, after the heads."),
            Mistake(lambda n, d: 4 * n * d**2 + 2 * n * d**2, "Every place looks at every place: n n d, not n d d."),
        ],
        hints=["A dense layer from d to d at n places takes n d d.", "The scores are n times n products of length d."],
        why="Below n = 2 d the dense layers cost more than the looking; far above it the square of n decides.",
    ),
    Exercise(
        id="21.8",
        title="Where looking is dearer",
        task=(
            "A self-attention layer has d = 512 numbers a place, as in the paper. At which length n do the scores and "
            "the mixing of the values together take exactly as many multiply-adds as the layer's four dense layers?"
        ),
        kind="predict",
        solution=1024,
        mistakes=[
            Mistake(512, "Close: at n = d the two products take 2 d d d, and the dense layers 4 d d d."),
            Mistake(256, "Twice the wrong way: longer sentences make looking dearer, and at n = d it is not yet so."),
            Mistake(2048, "There are two products of n n d, the scores and the mixing, not one."),
        ],
        otherwise="Set 2 n n d equal to 4 n d d, and solve for n.",
        hints=["Dense: 4 n d d. Looking: 2 n n d.", "Both have n d in common.", "What is left is 2 n = 4 d."],
        why="The paper's sentences have some 25 words: there the dense layers cost nearly everything.",
    ),
]
