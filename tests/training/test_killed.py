"""A training whose process is killed (SIGKILL) at random moments ends with the bits of one that was left alone.

Three moments, since each costs a start of TensorFlow, and the same in every run; KILLS=20 in the environment takes as
many as you like, others each time.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

KILLS = int(os.environ.get("KILLS", "3"))
STEPS = 12 * 13  # epochs, each of 13 batches of 32 rows
PROGRAM = Path(__file__).parent / "_workers" / "killed.py"


def start(folder):
    return subprocess.Popen(
        [sys.executable, PROGRAM, folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finished(process):
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err[-2000:]
    steps, hashed = out.split()
    return int(steps), hashed


def done(folder):
    """The steps that all processes have done in the folder so far."""
    steps = Path(f"{folder}.steps")
    return steps.stat().st_size if steps.exists() else 0


def kill_after(process, folder, steps, seconds):
    """Kill the process so long after so many steps; whether it was still running."""
    enough = done(folder) + steps
    while done(folder) < enough and process.poll() is None:
        time.sleep(0.001)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_at_random_moments_it_ends_with_the_same_bits(tmp_path):
    alone = start(tmp_path / "alone")
    rng = random.SystemRandom() if "KILLS" in os.environ else random.Random(1)
    # Together at most half of the steps: a busy machine is late with every kill.
    moments = [(rng.randrange(1, 2 + STEPS // (2 * KILLS)), rng.uniform(0, 0.03)) for _ in range(KILLS)]
    folder = tmp_path / "killed"
    killed = [kill_after(start(folder), folder, *moment) for moment in moments]
    assert all(killed), f"finished before it was killed; steps and seconds: {moments}"
    (steps, hashed), (all_steps, expected) = finished(start(folder)), finished(alone)
    assert all_steps == STEPS
    assert 0 < steps < STEPS
    assert hashed == expected, f"killed after these steps and seconds: {moments}"
