"""The console's main stories in Firefox: one browser runs them all."""

import pytest


@pytest.fixture
def console(firefox, network, demo):
    """Firefox, signed in behind a network, with the table of numbers."""
    firefox.sign_in(demo, address=network.address)
    firefox.expect("range", "1–25 of 800")
    return firefox


def test_a_section_loads_when_the_server_is_back(console, network):
    network.cut()
    console.click("#places a[href='/changes']")
    console.expect("main", "This page cannot be loaded now.")
    console.click("#who")
    console.press("own-password")
    console.expect("notices", "cannot be loaded now.")
    network.mend()
    console.expect("main", "Nothing has been changed yet.")
    console.click("#notices button:not(.quiet)")
    console.expect("password-change", "Current password")
