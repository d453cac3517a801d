"""What is special in chapter 04's exercises: products that do not fit, and probabilities clipped at any limit."""

import numpy as np
import pytest

from dlcourse.exercises.ch04 import EXERCISES
from dlcourse.exercises.judge import judge_answer

BY_ID = {exercise.id: exercise for exercise in EXERCISES}


def test_an_x_that_is_not_transposed_is_told_in_m_and_n():
    def gradient(w, b, X, y):
        error = 1 / (1 + np.exp(-(X @ w + b))) - y
        return X @ error / len(y), error.mean()

    said = str(judge_answer(BY_ID["04.3"], gradient))
    assert "X.T @ error" in said
    assert "stops at line 3" in said


@pytest.mark.parametrize("limit", [1e-15, 1e-12, 1e-5])
def test_clipping_at_any_limit_is_recognised(limit):
    def cost(z, y):
        y_hat = np.clip(1 / (1 + np.exp(-z)), limit, 1 - limit)
        return -np.mean(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))

    assert "clipped" in str(judge_answer(BY_ID["04.2"], cost))
