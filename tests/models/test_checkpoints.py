"""Checkpoints: what is written comes back, whatever is wrong is said, and nothing is lost."""

import hashlib
import tomllib

import keras
import numpy as np
import pytest
from keras import layers

from dlcourse import paths
from dlcourse.models import CheckpointError, checkpoint_card, checkpoints, load_checkpoint, resnet, save_checkpoint

SMALL = {"input_shape": (8, 8, 1), "width": 2, "classes": 3}
PICTURES = np.random.default_rng(0).normal(size=(4, 8, 8, 1)).astype("float32")
ABOUT = {
    "chapter": "10",
    "what": "A tiny network for a test.",
    "parameters": {"epochs": 3, "rate": 0.1, "sizes": [1, 2], "full": True, "kind": 'a "word"'},
    "seed": 7,
    "data": "sacramento",
    "seconds": 12.34,
    "figures": {"accuracy (%)": 93.5, "by seed": [93.1, np.float32(93.5)]},
}


def made(seed=0, **settings):
    """A small network whose weights, moving statistics included, are all random."""
    model = resnet(8, **{**SMALL, **settings})
    rng = np.random.default_rng(seed)
    for weight in model.weights:
        weight.assign(rng.uniform(0.5, 1.5, weight.shape))
    return model


def numbers(model):
    return [keras.ops.convert_to_numpy(weight) for weight in model.weights]


def same(ours, theirs):
    return len(ours) == len(theirs) and all(map(np.array_equal, ours, theirs))


@pytest.fixture
def saved(tmp_path):
    model = made()
    return model, save_checkpoint("tiny", model, folder=tmp_path, **ABOUT), tmp_path


def test_weights_come_back_to_half_precision_and_moving_statistics_whole(saved):
    model, _, folder = saved
    other = made(1)
    load_checkpoint("tiny", other, folder=folder)
    for ours, theirs in zip(model.weights, other.weights, strict=True):
        exact = "moving" in ours.path
        a, b = (keras.ops.convert_to_numpy(each) for each in (ours, theirs))
        assert np.array_equal(b, a if exact else a.astype(np.float16).astype(np.float32)), ours.path
    answers = [keras.ops.convert_to_numpy(each(PICTURES)) for each in (model, other)]
    np.testing.assert_allclose(*answers, rtol=0.02)


def test_single_precision_changes_nothing(tmp_path):
    model, other = made(), made(1)
    card = save_checkpoint("tiny", model, folder=tmp_path, precision="float32", **ABOUT)
    assert load_checkpoint("tiny", other, folder=tmp_path) == card
    assert same(numbers(model), numbers(other))


def test_eight_bits_halve_the_bytes_and_lose_half_a_step_of_a_scale_at_most(tmp_path):
    model = keras.Sequential([keras.Input((256,)), layers.Dense(192), layers.BatchNormalization(), layers.Dense(4)])
    rng = np.random.default_rng(3)
    for weight in model.weights:
        weight.assign(rng.normal(size=weight.shape) * rng.uniform(0.01, 2, weight.shape[-1]))
    before = numbers(model)
    half = save_checkpoint("half", model, folder=tmp_path, **ABOUT)
    card = save_checkpoint("eighth", model, folder=tmp_path, precision="int8", **ABOUT)
    assert card.bytes < 0.6 * half.bytes
    assert card.weights == half.weights == sum(array.size for array in before)
    model.set_weights([np.zeros_like(array) for array in before])
    load_checkpoint("eighth", model, folder=tmp_path)
    for weight, was, now in zip(model.weights, before, numbers(model), strict=True):
        if was.size < 1024:  # vectors and the small matrix are in half precision, moving statistics whole
            np.testing.assert_allclose(now, was, rtol=0 if "moving" in weight.path else 1e-3)
        else:
            assert np.abs(now - was).max() > 0
            assert (np.abs(now - was) <= np.abs(was).max(axis=0) / 127 * 0.501).all()


def test_rows_of_zeros_come_back_as_zeros_in_eight_bits(tmp_path):
    model = keras.Sequential([keras.Input((4,), dtype="int32"), layers.Embedding(64, 32)])
    table = np.random.default_rng(0).normal(size=(64, 32)) * np.arange(64)[:, None]
    model.set_weights([table])
    save_checkpoint("words", model, folder=tmp_path, precision="int8", **ABOUT)
    model.set_weights([table + 1])
    load_checkpoint("words", model, folder=tmp_path)
    (now,) = numbers(model)
    assert (now[0] == 0).all()
    assert (np.abs(now - table) <= np.abs(table).max(axis=1, keepdims=True) / 127 * 0.501 + 1e-6).all()


def test_what_half_precision_cannot_hold_stays_single(tmp_path):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    model.layers[0].kernel.assign(np.full((3, 2), 1e5))
    save_checkpoint("large", model, folder=tmp_path, **ABOUT)
    model.layers[0].kernel.assign(np.zeros((3, 2)))
    load_checkpoint("large", model, folder=tmp_path)
    assert (numbers(model)[0] == 1e5).all()


def test_the_card_says_all_and_comes_back_as_it_was(saved):
    model, card, folder = saved
    assert checkpoint_card("tiny", folder) == card
    assert (card.parameters, card.seed, card.seconds) == (ABOUT["parameters"], 7, 12.3)
    assert card.weights == model.count_params()
    stated = tomllib.loads((paths.datasets_dir() / "sacramento" / "manifest.toml").read_text(encoding="utf-8"))
    assert card.data == {"sacramento/sacramento.csv": stated["files"][0]["sha256"]}
    raw = (card.folder / "weights.safetensors").read_bytes()
    assert (card.bytes, card.sha256) == (len(raw), hashlib.sha256(raw).hexdigest())
    assert keras.backend.backend() in card.machine
    for part in ("# tiny", "dlcourse run 10 --profile long", "93.5", "93.1, 93.5", card.sha256, "sacramento"):
        assert part in card.text
    assert (card.folder / "README.md").read_text(encoding="utf-8") == repr(card) == card.text
    assert card._repr_markdown_().startswith("**tiny**\n")


def test_the_same_weights_give_the_same_bytes_and_nothing_is_left_beside(saved):
    model, card, folder = saved
    again = save_checkpoint("tiny", model, folder=folder, **ABOUT)
    assert again.sha256 == card.sha256
    assert sorted(path.name for path in card.folder.iterdir()) == ["README.md", "card.toml", "weights.safetensors"]
    assert checkpoints(folder) == ("tiny",)


def test_layers_without_names_are_found_whatever_else_was_built(tmp_path):
    def network():
        inner = keras.Sequential([layers.Dense(4), layers.BatchNormalization(), layers.Dense(4)])
        x = inputs = keras.Input((5, 4))
        x = layers.Bidirectional(layers.GRU(3))(inner(x))
        return keras.Model(inputs, layers.Dense(2)(x))

    model = network()
    save_checkpoint("unnamed", model, folder=tmp_path, precision="float32", **ABOUT)
    layers.Dense(1), layers.GRU(2), keras.Sequential([layers.Dense(3)])
    other = network()
    assert [w.path for w in model.weights] != [w.path for w in other.weights]
    load_checkpoint("unnamed", other, folder=tmp_path)
    assert same(numbers(model), numbers(other))


def test_a_subclassed_model_and_namesakes_inside_it(tmp_path):
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.blocks = [layers.Dense(3, name="block"), layers.Dense(3, name="block"), layers.Dense(3)]

        def call(self, x):
            for block in self.blocks:
                x = block(x)
            return x

    one, other = Own(), Own()
    for each in (one, other):
        each(np.ones((2, 3), "float32"))
    save_checkpoint("own", one, folder=tmp_path, precision="float32", **ABOUT)
    load_checkpoint("own", other, folder=tmp_path)
    assert same(numbers(one), numbers(other))


@pytest.mark.parametrize("policy", ["mixed_float16", "bfloat16"])
def test_other_precisions_of_the_model(saved, policy):
    _, _, folder = saved
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        other = made(1)
    finally:
        keras.config.set_dtype_policy(before)
    load_checkpoint("tiny", other, folder=folder)
    kernel = keras.ops.convert_to_numpy(keras.ops.cast(other.weights[0], "float32"))
    np.testing.assert_allclose(kernel, numbers(made())[0], rtol=0.01)
    assert save_checkpoint("again", other, folder=folder, **ABOUT).weights == other.count_params()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"classes": 4}, r"'logits/kernel' has shape \(8, 3\) in it and \(8, 4\) in the model"),
        ({"width": 3}, r"'stem/kernel' has shape \(3, 3, 1, 2\) in it and \(3, 3, 1, 3\)"),
        ({"batch_norm": False}, r"the model's weight 'stem/bias' of shape \(2,\) is not in it"),
        ({"shortcut": False}, r"its weight 'stage2_block1/projection/kernel' of shape .* is not in the model"),
    ],
)
def test_another_architecture_is_told_by_its_first_weight_and_left_alone(saved, settings, words):
    other = made(1, **settings)
    before = numbers(other)
    with pytest.raises(CheckpointError, match=f"'tiny' is of another architecture: {words}"):
        load_checkpoint("tiny", other, folder=saved[2])
    assert same(before, numbers(other))


def test_all_weights_or_none(saved, monkeypatch):
    other = made(1)
    before, last = numbers(other), other.weights[-1]
    assign, calls = type(last).assign, []

    def failing(variable, value):
        calls.append(variable)
        if variable is last and len(calls) <= len(before):
            raise MemoryError
        return assign(variable, value)

    monkeypatch.setattr(type(last), "assign", failing)
    with pytest.raises(MemoryError):
        load_checkpoint("tiny", other, folder=saved[2])
    assert len(calls) > len(before)
    assert same(before, numbers(other))


def damaged(card, change):
    path = card.folder / "weights.safetensors"
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda raw: raw[:-1], "is damaged: .* bytes long, and its card states"),
        (lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]), "is damaged: its SHA-256 is not the one its card states"),
    ],
)
def test_damaged_weights(saved, change, words):
    model, card, folder = saved
    damaged(card, change)
    before = numbers(model)
    with pytest.raises(CheckpointError, match=words):
        load_checkpoint("tiny", model, folder=folder)
    assert same(before, numbers(model))


def test_weights_that_are_no_safetensors_although_the_card_agrees(saved):
    model, card, folder = saved
    damaged(card, lambda raw: b"x" * len(raw))
    text = (card.folder / "card.toml").read_text(encoding="utf-8")
    (card.folder / "card.toml").write_text(text.replace(card.sha256, hashlib.sha256(b"x" * card.bytes).hexdigest()))
    with pytest.raises(CheckpointError, match="is no safetensors file"):
        load_checkpoint("tiny", model, folder=folder)


@pytest.mark.parametrize("change", [lambda text: text.replace("seed", "sead"), lambda text: text + "= ="])
def test_a_damaged_card(saved, change):
    model, card, folder = saved
    (card.folder / "card.toml").write_text(change(card.toml), encoding="utf-8")
    with pytest.raises(CheckpointError, match=r"card\.toml is damaged"):
        load_checkpoint("tiny", model, folder=folder)


def test_files_that_are_not_there(saved):
    model, card, folder = saved
    with pytest.raises(CheckpointError, match=r"no checkpoint 'tony' in .*, only tiny"):
        load_checkpoint("tony", model, folder=folder)
    (card.folder / "weights.safetensors").unlink()
    with pytest.raises(CheckpointError, match=r"weights\.safetensors cannot be read"):
        load_checkpoint("tiny", model, folder=folder)


def test_a_model_that_is_not_built(saved):
    model = keras.Sequential([layers.Dense(2)], name="later")
    for call in (lambda: load_checkpoint("tiny", model, folder=saved[2]),
                 lambda: save_checkpoint("later", model, folder=saved[2], **ABOUT)):  # fmt: skip
        with pytest.raises(ValueError, match="model 'later' has no weights yet"):
            call()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "../tiny"}, "name is lower-case words joined by _"),
        ({"precision": "int4"}, "precision is one of 'float16', 'float32', 'int8', not 'int4'"),
        ({"figures": {}}, "figures holds what was measured"),
        ({"figures": {"loss": float("nan")}}, "figures holds what was measured"),
        ({"parameters": {"model": object()}}, "a card holds numbers, words and lists of them"),
        ({"data": "sacramneto"}, "There is no data set 'sacramneto'"),
        ({"data": "sacramento/x.csv"}, "sacramento has no file 'x.csv'"),
    ],
)
def test_bad_arguments_write_nothing(tmp_path, change, words):
    with pytest.raises(ValueError, match=words):
        save_checkpoint(**{"name": "tiny", "model": made(), "folder": tmp_path, **ABOUT, **change})
    assert list(tmp_path.rglob("*")) == []


def test_weights_that_are_not_finite_or_too_many(tmp_path):
    model = made()
    model.weights[0].assign(np.full(model.weights[0].shape, np.nan))
    with pytest.raises(ValueError, match="weight 'stem/kernel' is not finite"):
        save_checkpoint("tiny", model, folder=tmp_path, **ABOUT)
    large = keras.Sequential([keras.Input((1000,)), layers.Dense(1001)])
    with pytest.raises(CheckpointError, match=r"has 2,00\d,\d+ bytes and may have 2,000,000: fewer weights, or prec"):
        save_checkpoint("large", large, folder=tmp_path, **ABOUT)
    assert list(tmp_path.rglob("*")) == []


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(CheckpointError, match=r"taken.* cannot be written"):
        save_checkpoint("tiny", made(), folder=tmp_path / "taken", **ABOUT)


def test_where_it_goes_without_a_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "checkpoints_dir", lambda: tmp_path / "datasets" / "checkpoints")
    monkeypatch.chdir(tmp_path)
    assert save_checkpoint("tiny", made(), **ABOUT).folder == tmp_path / "datasets" / "checkpoints" / "tiny"
    assert load_checkpoint("tiny", made(1)).seed == 7
    bundled = paths.datasets_dir()
    monkeypatch.setattr(paths, "repository_root", lambda: None)
    monkeypatch.setattr(paths, "datasets_dir", lambda: bundled)
    assert save_checkpoint("tiny", made(), **ABOUT).folder == tmp_path / "dlcourse-checkpoints" / "tiny"
