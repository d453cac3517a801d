"""What the course says when something is wrong: one sentence, in the reader's terms."""


class CourseError(Exception):
    """A problem the user can act on. Its text is one whole sentence; the command line prints it and exits with 2."""
