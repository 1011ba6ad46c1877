"""The table of all measurements, in aligned Markdown."""

HEADINGS = ["measured", "of", "a second", "median, ms", "99 %, ms", "processor, µs", "syncs", "MB", "beside others"]
# All columns except the first two and the last contain figures.
FIGURES = range(2, len(HEADINGS) - 1)


def row(measured, of, *, rate=None, median=None, late=None, processor="", syncs=None, megabytes=None, beside=()):
    """The cells of a row. Times in milliseconds; `beside` are pairs of a name and a ratio."""
    def cell(form, value): return "" if value is None else format(value, form)
    ratios = ", ".join(f"{name} {ratio:.2f}" for name, ratio in beside if ratio is not None)
    return [measured, of, cell(",.0f", rate), cell(".2f", median), cell(".2f", late), processor, cell(".2f", syncs),
            cell(".0f", megabytes), ratios]


def text(rows):
    widths = [max(map(len, column)) for column in zip(HEADINGS, *rows, strict=True)]

    def line(cells):
        padded = (cell.rjust(width) if index in FIGURES else cell.ljust(width)
                  for index, (cell, width) in enumerate(zip(cells, widths, strict=True)))
        return f"| {' | '.join(padded)} |"

    rule = ["-" * (width - 1) + ":" if index in FIGURES else "-" * width for index, width in enumerate(widths)]
    return "\n".join(map(line, [HEADINGS, rule, *rows]))
