"""Stories: that the answer is what the facts say, that none comes twice, and what is refused."""

import pytest

from dlcourse.data import stories
from dlcourse.data.telling import PLACES


def test_the_answer_is_where_that_one_moved_last():
    for story in stories(500, seed=3):
        who = story.question.removeprefix("Where is ")
        about = [number for number, fact in enumerate(story.facts) if fact.split()[0] == who]
        assert story.support == about[-1]
        assert story.facts[story.support].split()[-1] == story.answer
        assert 2 <= len(story.facts) <= 10
        assert story.words[0] == story.facts[0].split()


def test_the_seed_decides():
    assert stories(50, seed=1) == stories(50, seed=1)
    assert stories(50, seed=1) != stories(50, seed=2)
    assert stories(50, seed=1)[:20] == stories(20, seed=1)


def test_no_story_twice_and_none_of_the_others():
    train = stories(500, seed=0, facts=(1, 2))
    test = stories(200, seed=0, facts=(1, 2), without=train)
    assert len(set(train) | set(test)) == 700


def test_answers_and_supports_are_spread():
    many = stories(2_000, seed=0, facts=(5, 5))
    assert {story.answer for story in many} == set(PLACES)
    assert {story.support for story in many} == set(range(5))
    assert str(many[0]).endswith(f"{many[0].question}? {many[0].answer}.")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"count": -1}, "count is a whole number from 0, not -1"),
        ({"count": True}, "count is a whole number"),
        ({"count": 1, "facts": (3, 2)}, "facts is the fewest and the most"),
        ({"count": 1, "facts": (0, 2)}, "facts is the fewest and the most"),
        ({"count": 1, "people": ()}, "people is at least 1"),
        ({"count": 1, "people": ("Mary Ann",)}, "people is at least 1 different single words"),
        ({"count": 1, "places": ("park", "park")}, "places is at least 2"),
        ({"count": 999, "facts": (1, 1), "people": ("Mary",), "places": ("park", "school")}, "no new story"),
    ],
)
def test_what_is_refused(arguments, said):
    with pytest.raises(ValueError, match=said):
        stories(**arguments)
