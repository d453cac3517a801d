"""`make bench`: everything in one run, side by side, written to RESULTS.md with machine and date.

    python benchmarks/run.py [--rounds 7] [--steps 100] [--output FILE]

Measurements, not tests: nothing here fails for being slow.
"""

import argparse
import datetime
from pathlib import Path

import machine
import measures

HEAD = """# Benchmarks

Written by `make bench`; what is measured, and how, is in `measures.py`. A figure is a ratio of two measurements taken
side by side in one run, in turn: the median over the rounds, and in brackets the quartiles. What slows the machine
meanwhile slows both. Processor time, summed over the cores, is disturbed less by other programs than the time of the
clock.
"""


def main() -> None:
    """Run the benchmarks and write the results."""
    options = _options()
    before, rows = machine.load(), []
    for name, measure in measures.ALL.items():
        print(f"{name} …", flush=True)
        found = measure(options.rounds, options.steps)
        for row in found:
            print("  " + "  ".join(row), flush=True)
        rows += found
    facts = machine.describe() | {"load before": before, "load after": machine.load()}
    text = report(rows, facts, datetime.date.today(), machine.caution())
    options.output.write_text(text, encoding="utf-8")
    print(f"Written to {options.output}.")


def report(rows, facts: dict[str, str], date: datetime.date, caution: str, head: str = HEAD) -> str:
    """The results as Markdown: a table of the machine, what is to be kept in mind, and a table of the figures."""
    about = [f"| {name} | {value} |" for name, value in {"date": date.isoformat(), **facts}.items()]
    figures = [f"| {row.name} | {row.figure} | {row.note} |" for row in rows]
    tables = ["| machine | |", "|---|---|", *about, "", "| ratio | figure | |", "|---|---|---|", *figures]
    said = [caution, ""] if caution else []
    return "\n".join([head, *said, *tables, ""])


def _options():
    parser = argparse.ArgumentParser(description="Measure the course's tools side by side.")
    parser.add_argument("--rounds", type=int, default=7, help="repetitions of each pair")
    parser.add_argument("--steps", type=int, default=100, help="training steps in each")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "RESULTS.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
