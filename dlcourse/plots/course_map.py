"""The map of a course: its chapters as boxes in the bands of its parts, a line from each to those that need it."""

import textwrap

from dlcourse.plots.style import COLOURS

_PART_COLOURS = ("blue", "orange", "green", "purple", "grey")
_DARK = {COLOURS[name] for name in ("blue", "green", "grey")}  # on these, text is white
_WIDTH, _HEIGHT = 0.87, 0.82  # of a box; neighbouring columns and rows are 1 apart
_HEADING = 0.5  # rows that a part's heading takes
_MARGIN = 0.12  # between the bands of two parts
_WRAP = 17  # characters a line


def draw(ax, chapters, parts) -> None:
    """Draw the map: a chapter stands to the right of all it needs; one that is not written yet is pale.

    Args:
        ax: Matplotlib axes; its frame and ticks are switched off.
        chapters: objects with `number`, `title`, `needs` (numbers of earlier ones) and `written`, in order.
        parts: objects with `number`, `title`, `first` and `last` (numbers of chapters), in order.

    Raises:
        ValueError: a chapter is in no part, or in two.
    """
    where = places(chapters, parts)
    right = max(column for column, _ in where.values()) + 0.5
    tops = _tops(chapters, parts)
    for index, part in enumerate(parts):
        _band(ax, tops[index], tops[index + 1], right, part, _colour(index))
    for chapter in chapters:
        ends = [where[other.number] for other in chapters if chapter.number in other.needs]
        _tree(ax, where[chapter.number], ends, _colour(_part_of(chapter.number, parts)))
    for chapter in chapters:
        _box(ax, where[chapter.number], chapter, _colour(_part_of(chapter.number, parts)))
    ax.set(xlim=(-0.5, right), ylim=(tops[-1], 0))
    ax.axis("off")


def places(chapters, parts) -> dict[str, tuple[int, float]]:
    """Where each chapter stands: its number to (column, row), rows counted downwards.

    The column is the length of the longest chain of chapters needed before; in its part's band a chapter takes the
    free row nearest to those it needs.
    """
    columns, rows, tops = _columns(chapters), _rows(chapters, parts), _tops(chapters, parts)
    return {
        number: (column, tops[_part_of(number, parts)] + _HEADING + rows[number] + _HEIGHT / 2)
        for number, column in columns.items()
    }


def _columns(chapters):
    columns = {}
    for chapter in chapters:
        columns[chapter.number] = max((columns[needed] + 1 for needed in chapter.needs), default=0)
    return columns


def _rows(chapters, parts):
    """The row of each chapter within its part."""
    rows, taken, columns = {}, set(), _columns(chapters)
    for chapter in chapters:
        part, column = _part_of(chapter.number, parts), columns[chapter.number]
        inside = [rows[needed] for needed in chapter.needs if _part_of(needed, parts) == part]
        wanted = sum(inside) / len(inside) if inside else 0
        free = [row for row in range(len(chapters)) if (part, column, row) not in taken]
        rows[chapter.number] = min(free, key=lambda row: (abs(row - wanted), row))
        taken.add((part, column, rows[chapter.number]))
    return rows


def _tops(chapters, parts):
    """Where the band of each part begins, and last where the drawing ends."""
    rows, tops = _rows(chapters, parts), [0.0]
    for index in range(len(parts)):
        inside = [row for number, row in rows.items() if _part_of(number, parts) == index]
        tops.append(tops[-1] + _HEADING + max(inside, default=-1) + 1 + _MARGIN)
    return tops


def _part_of(number, parts):
    found = [index for index, part in enumerate(parts) if part.first <= number <= part.last]
    if len(found) != 1:
        raise ValueError(f"chapter {number} is in {len(found)} parts; it must be in exactly one.")
    return found[0]


def _colour(part):
    return COLOURS[_PART_COLOURS[part % len(_PART_COLOURS)]]


def _band(ax, top, bottom, right, part, colour):
    from matplotlib.patheffects import withStroke

    ax.fill_between([-0.5, right], top, bottom - _MARGIN, color=colour, alpha=0.07, linewidth=0, zorder=0)
    title = f"{part.number}  {part.title}"
    heading = ax.text(-_WIDTH / 2, top + _HEADING / 2, title, weight="bold", va="center", fontsize=11, zorder=5)
    heading.set_path_effects([withStroke(linewidth=4, foreground="white")])


def _tree(ax, start, ends, colour):
    """Lines from one box to all those that need it, with a white rim, so that lines that cross do not seem to join."""
    for width, ink in ((4.5, "white"), (1.6, colour)):
        for end in ends:
            ax.plot(*_elbow(start, end), color=ink, linewidth=width, zorder=1, solid_joinstyle="round")
    for x, y in ends:
        ax.plot([x - _WIDTH / 2 - 0.02], [y], marker=">", color=colour, markersize=5, zorder=1)


def _elbow(start, end):
    """From the right of one box along its row, up or down just before the other one's column, and into it."""
    (x0, y0), (x1, y1) = start, end
    return [x0 + _WIDTH / 2, x1 - 0.5, x1 - 0.5, x1 - _WIDTH / 2], [y0, y0, y1, y1]


def _box(ax, place, chapter, colour):
    from matplotlib.patches import FancyBboxPatch

    x, y = place
    corner, size = (x - _WIDTH / 2 + 0.05, y - _HEIGHT / 2 + 0.05), (_WIDTH - 0.1, _HEIGHT - 0.1)
    # White first: a pale box must hide the lines behind it.
    for fill, alpha in (("white", 1), (colour, 1 if chapter.written else 0.18)):
        ax.add_patch(
            FancyBboxPatch(corner, *size, boxstyle="round,pad=0.05", facecolor=fill, alpha=alpha, lw=0, zorder=2)
        )
    ink = "white" if chapter.written and colour in _DARK else COLOURS["black"]
    ax.text(x, y, _label(chapter), ha="center", va="center", fontsize=8.2, color=ink, zorder=3, linespacing=1.05)


def _label(chapter):
    """Number and title on as few lines as they need, the lines about equally long."""
    text = f"{chapter.number} {chapter.title}"
    lines = textwrap.wrap(text, _WRAP)
    for width in range(8, _WRAP):
        narrower = textwrap.wrap(text, width, break_long_words=False)
        if len(narrower) == len(lines) and max(map(len, narrower)) <= width:
            return "\n".join(narrower)
    return "\n".join(lines)
