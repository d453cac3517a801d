"""The results table that ends a chapter: this run's own records, never typed."""

from dlcourse import display
from dlcourse.course import session
from dlcourse.course.tables import markdown_table, record_row


def results() -> None:
    """Show every figure recorded in this run so far, with its bar and what stands beside it.

    Raises:
        ValueError: no chapter was started, or nothing was recorded yet.
    """
    run = session.current()
    if run is None or not run.figures:
        raise ValueError('there is nothing to show: run start("NN") and the cells that record figures first.')
    table = markdown_table(["measured", "figure", "bar", "beside"], [record_row(each) for each in run.figures.values()])
    display.publish({"text/plain": table.replace(display.MARKDOWN_DOLLAR, "$"), "text/markdown": table})
