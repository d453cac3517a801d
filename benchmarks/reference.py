"""`make bench-reference`: GPT and the sentence encoder beside the libraries people use for them, on the same weights.

    PYTHONPATH=. .venv-reference/bin/python benchmarks/reference.py [--rounds 5] [--threads N] [--output FILE]

Runs in .venv-reference, which has PyTorch, transformers and sentence-transformers. Each pair is measured in turn, in
one run; both must give the same texts or vectors, or nothing is measured. Written to REFERENCE.md.
"""

import argparse
import datetime
import os
import tempfile
from pathlib import Path

import machine
import numpy as np
import run
from measures import Row

HEAD = """# Beside PyTorch's libraries

Written by `make bench-reference`; what is measured, and how, is in `reference.py`. A figure is how many times faster
ours is (over 1) or slower (under 1): the median over the rounds, and in brackets the quartiles, of times taken side by
side in one run, on the same weights and with the same results. Both libraries have the same number of threads.
"""
WIDTH, DEPTH, HEADS, VOCABULARY = 256, 4, 8, 4096


def written(rounds: int) -> list[Row]:
    """Texts of 256 words by a GPT-2 of random weights: ours with its cache, transformers with its own."""
    import torch
    import transformers

    from dlcourse.models import GPT
    from dlcourse.training.timing import side_by_side

    torch.manual_seed(0)
    length, rows = 256, []
    config = transformers.GPT2Config(
        vocab_size=VOCABULARY, n_positions=length, n_embd=WIDTH, n_layer=DEPTH, n_head=HEADS
    )
    theirs = transformers.GPT2LMHeadModel(config).eval()
    with tempfile.TemporaryDirectory() as folder:
        theirs.save_pretrained(folder)
        ours = GPT.from_huggingface(folder)
    how = {"max_length": length, "do_sample": False, "pad_token_id": 0, "eos_token_id": None}
    for count in (1, 16):
        prompt = np.random.default_rng(count).integers(0, VOCABULARY, (count, 8))
        asked = torch.tensor(prompt), torch.ones(count, 8)

        def by_ours(prompt=prompt):
            return ours.generate(prompt, length, temperature=None)

        def by_theirs(asked=asked):
            with torch.no_grad():
                return theirs.generate(asked[0], attention_mask=asked[1], **how).numpy()

        _same(by_ours(), by_theirs(), 0)
        taken = side_by_side({"ours": by_ours, "transformers": by_theirs}, rounds)
        words = count * (length - 8) / taken.median("ours")
        note = f"{count} text{'s' if count > 1 else ''} of {length} words; ours writes {words:,.0f} words a second"
        rows.append(
            Row(f"GPT with cache, {count} at once, over transformers", str(taken.speedup("ours", "transformers")), note)
        )
    return rows


def embedded(rounds: int) -> list[Row]:
    """Sentences to vectors by MiniLM: ours, and sentence-transformers."""
    import sentence_transformers
    import torch
    from sentence_transformers import models

    from dlcourse.data import load
    from dlcourse.models import SentenceEncoder
    from dlcourse.training.timing import side_by_side

    folder = str(load("minilm"))
    ours = SentenceEncoder.from_huggingface(folder)
    reader = models.Transformer(folder, max_seq_length=128)
    parts = [reader, models.Pooling(384, pooling_mode="mean"), models.Normalize()]
    theirs = sentence_transformers.SentenceTransformer(modules=parts, device="cpu")
    texts = list(load("review_snippets")["text"][:512])

    def by_theirs():
        with torch.no_grad():
            return theirs.encode(texts, batch_size=32, show_progress_bar=False)

    def by_ours():
        return ours(texts)

    _same(by_ours(), by_theirs(), 1e-5)
    taken = side_by_side({"ours": by_ours, "sentence-transformers": by_theirs}, rounds)
    rate = len(texts) / taken.median("ours")
    note = f"{len(texts)} sentences of films' reviews; ours reads {rate:,.0f} a second"
    return [Row("MiniLM, over sentence-transformers", str(taken.speedup("ours", "sentence-transformers")), note)]


def _same(ours, theirs, by):
    if ours.shape != theirs.shape or np.abs(ours - theirs).max() > by:
        raise SystemExit(f"The two do not give the same: they differ by {np.abs(ours - theirs).max()}.")


def main() -> None:
    """Measure, and write the table."""
    options = _options()
    import torch

    torch.set_num_threads(options.threads)
    before = machine.load()
    rows = [row for measure in (written, embedded) for row in measure(options.rounds)]
    for row in rows:
        print("  ".join(row), flush=True)
    versions = {name: __import__(name).__version__ for name in ("torch", "transformers", "sentence_transformers")}
    facts = machine.describe() | {"beside": ", ".join(f"{name} {version}" for name, version in versions.items())}
    facts |= {"threads each": str(options.threads), "load before": before, "load after": machine.load()}
    text = run.report(rows, facts, datetime.date.today(), machine.caution(), HEAD)
    options.output.write_text(text, encoding="utf-8")
    print(f"Written to {options.output}.")


def _options():
    parser = argparse.ArgumentParser(
        description="Measure GPT and MiniLM beside transformers and sentence-transformers."
    )
    parser.add_argument("--rounds", type=int, default=5, help="repetitions of each pair")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), help="threads of both libraries")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "REFERENCE.md")
    options = parser.parse_args()
    os.environ["TF_NUM_INTRAOP_THREADS"] = str(options.threads)  # before TensorFlow is loaded
    return options


if __name__ == "__main__":
    main()
