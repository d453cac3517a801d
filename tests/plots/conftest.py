"""Every figure is tested in the course's look, whatever ran before in the same process."""

import matplotlib
import pytest

from dlcourse.plots import use_style


@pytest.fixture(autouse=True)
def course_look():
    """The course's look during a test, and afterwards whatever was set before."""
    with matplotlib.rc_context():
        use_style()
        yield
