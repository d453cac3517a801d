"""Workers on one machine: each gets its part, and a failing one is named."""

import json
import socket

import pytest

from dlcourse.training import local_workers, run_workers
from dlcourse.training.local_workers import WorkersError, free_ports


@pytest.fixture
def program(tmp_path):
    def written(text):
        path = tmp_path / "program.py"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def test_each_worker_has_its_own_part_of_one_cluster(program):
    path = program("import os, sys; print(os.environ['TF_CONFIG']); print(sys.argv[1:], os.environ['MORE'])")
    outputs = run_workers(path, 3, arguments=["a", 1], environment={"MORE": "b"})
    configs = [json.loads(each.splitlines()[0]) for each in outputs]
    assert [each["task"] for each in configs] == [{"type": "worker", "index": index} for index in range(3)]
    assert len(set(configs[0]["cluster"]["worker"])) == 3
    assert all(each["cluster"] == configs[0]["cluster"] for each in configs)
    assert outputs[2].splitlines()[1] == "['a', '1'] b"


def test_a_failing_worker_is_named_with_its_last_line_and_the_others_are_ended(program):
    path = program(
        "import os, time\n"
        "if '\"index\": 1' in os.environ['TF_CONFIG']: raise SystemExit('no such file: data.npz')\n"
        "time.sleep(60)"
    )
    with pytest.raises(WorkersError, match=r"^Worker 1 ended with 1: no such file: data\.npz$"):
        run_workers(path)


def test_a_worker_may_say_much_while_another_works(program):
    path = program(
        "import os, time\nif '\"index\": 0' in os.environ['TF_CONFIG']: time.sleep(0.5)\nprint('x' * 300_000)"
    )
    assert [len(each.strip()) for each in run_workers(path)] == [300_000, 300_000]


def test_the_time_is_limited(program):
    with pytest.raises(WorkersError, match=r"not done after 0\.2 s"):
        run_workers(program("import time; time.sleep(60)"), seconds=0.2)


def test_ports_that_somebody_uses_are_passed_over(monkeypatch):
    first, *others = free_ports(4)
    assert len({first, *others}) == 4
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", first))
        monkeypatch.setattr(local_workers, "_PORTS", [first, *others])
        assert sorted(free_ports(3)) == sorted(others)
        with pytest.raises(WorkersError, match=f"Of the ports from {first} to {others[-1]} only 3 are free, not 4"):
            free_ports(4)


@pytest.mark.parametrize("count", [0, 1.5, True])
def test_a_count_that_is_none_is_refused(program, count):
    with pytest.raises(ValueError, match="count is a whole number from 1"):
        run_workers(program(""), count)


def test_a_program_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ValueError, match="is not a file"):
        run_workers(tmp_path / "none.py")
