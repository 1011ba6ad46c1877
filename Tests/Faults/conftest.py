"""Shows the measurements of the attacks at the end."""

import attack


def pytest_terminal_summary(terminalreporter):
    terminalreporter.section(f"measurements, {'whole' if attack.WHOLE else 'short'} form")
    for figure in attack.figures:
        terminalreporter.write_line(figure)
