"""Stopping code that does not end, in the main thread and in others, and what it may print meanwhile."""

import signal
import sys
import threading
import time

import pytest

from dlcourse.exercises.limits import TimeUp, lowered_voice, within


def endless():
    while True:
        pass


def endless_with_bare_except():
    while True:
        try:
            time.sleep(0.001)
        except:  # noqa: E722 - the mistake is the point
            continue


def endless_with_nested_bare_excepts():
    while True:
        try:
            while True:
                try:
                    sum(range(10))
                except:  # noqa: E722
                    continue
        except:  # noqa: E722
            continue


def endless_through_another_function():
    while True:
        try:
            endless()
        except BaseException:
            continue


def endless_generator():
    def numbers():
        while True:
            yield 1

    return sum(numbers())


ENDLESS = [
    endless,
    endless_with_bare_except,
    endless_with_nested_bare_excepts,
    endless_through_another_function,
    endless_generator,
]


@pytest.mark.parametrize("work", ENDLESS)
def test_it_is_stopped_in_the_main_thread(work):
    with pytest.raises(TimeUp):
        within(0.05, work)


@pytest.mark.parametrize("work", ENDLESS)
def test_it_is_stopped_in_another_thread(work):
    found, workers = [], []

    def noted():
        workers.append(threading.current_thread())
        work()

    def attempt():
        try:
            within(0.05, noted)
        except TimeUp:
            found.append("stopped")

    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join(60)
    assert found == ["stopped"]
    (worker,) = workers
    worker.join(60)
    assert not worker.is_alive()


def test_a_thread_without_alarm_hands_results_and_exceptions_on(monkeypatch):
    monkeypatch.delattr(signal, "setitimer")
    assert within(5, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 / 0)


def test_what_ends_in_time_is_handed_on():
    assert within(5, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 / 0)


def test_everything_it_set_is_set_back():
    def handler(_signum, _frame):
        raise AssertionError("an old alarm rang early")

    before = signal.signal(signal.SIGALRM, handler)
    trace = sys.gettrace()
    signal.setitimer(signal.ITIMER_REAL, 1000)
    try:
        with pytest.raises(TimeUp):
            within(0.05, endless)
        left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
        assert 0 < left <= 1000
        assert signal.getsignal(signal.SIGALRM) is handler
        assert sys.gettrace() is trace
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_printing_is_passed_on_up_to_a_limit(capsys):
    with lowered_voice() as voice:
        print("hello")
        voice.heard = False
        print("not heard")
        voice.heard = True
        for _ in range(10_000):
            print("spam")
    printed = capsys.readouterr().out
    assert printed.startswith("hello\nspam\n")
    assert "not heard" not in printed
    assert printed.endswith("is left out)\n")
    assert len(printed) < 2200
