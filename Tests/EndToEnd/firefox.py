"""Firefox, driven by its own protocol, Marionette."""

import shutil

from marionette_driver import By, Wait
from marionette_driver.marionette import Marionette
from program import free_port


class Firefox(Marionette):
    def __init__(self, folder):
        # Playwright would need to download its own Firefox.
        program = shutil.which("firefox-esr")
        assert program, "firefox-esr is missing: scripts/install-dependencies --tests"
        super().__init__(bin=program, headless=True, port=free_port(), gecko_log=str(folder / "firefox.log"))
        self.start_session()
        self.timeout.implicit = 60

    def sign_in(self, server, path="/"):
        self.navigate(server.address + "/console/icon.svg")
        token = server.supervisor.headers["Authorization"].removeprefix("Bearer ")
        self.execute_script("localStorage.setItem('token', arguments[0])", [token])
        self.navigate(server.address + path)

    def find(self, id):
        return self.find_element(By.ID, id)

    def press(self, id):
        button = self.find(id)
        Wait(self, timeout=60).until(lambda _: button.is_displayed())
        button.click()

    def expect(self, id, text):
        Wait(self, timeout=60).until(lambda _: text in self.find(id).text, message=f"#{id} does not say {text}")
