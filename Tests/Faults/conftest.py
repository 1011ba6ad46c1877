"""Shows at the end what the attacks measured."""

import attack


def pytest_terminal_summary(terminalreporter):
    terminalreporter.section(f"what was measured, {'whole' if attack.WHOLE else 'short'} form")
    for figure in attack.figures:
        terminalreporter.write_line(figure)
