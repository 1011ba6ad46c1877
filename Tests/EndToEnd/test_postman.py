"""The Postman collection and its environment."""

import json
import re

from program import PROGRAM, ROOT, output, requests

FILES = ("postman.json", "postman-environment.json")


def test_collection_is_that_of_the_description(tmp_path):
    output(ROOT / "scripts/write-postman", tmp_path)
    for name in FILES:
        assert (tmp_path / name).read_text() == (ROOT / "docs" / name).read_text(), "Run scripts/write-postman."


def test_all_requests_succeed_in_their_order_and_leave_nothing(start):
    server = start("--demo", SUPERVISOR_PASSWORD="development-only")

    def numbers(): return output(PROGRAM, "export", "-", "--database-url", server.database)

    before = numbers()
    run_collection(server.address)
    # So the collection can run again.
    assert numbers() == before
    users = server.sign_in(password="development-only").get("/api/v1/users").json()
    assert [user["username"] for user in users] == ["supervisor"]


def run_collection(address):
    """Sends each request as Postman's collection runner does."""
    collection, environment = (json.loads((ROOT / "docs" / name).read_text()) for name in FILES)
    variables = {each["key"]: each["value"] for each in environment["values"]} | {"baseUrl": address}

    def filled(text): return re.sub(r"{{(\w+)}}", lambda match: str(variables[match[1]]), text)

    for item in collection["item"]:
        request = item["request"]
        headers = {each["key"]: each["value"] for each in request["header"] if not each.get("disabled")}
        token = filled(request.get("auth", collection["auth"]).get("bearer", [{"value": ""}])[0]["value"])
        if token: headers["Authorization"] = f"Bearer {token}"
        url = "/".join([*request["url"]["host"], *request["url"]["path"]])
        assert request["url"]["raw"] == url and all(each["disabled"] for each in request["url"]["query"])
        body = filled(request.get("body", {}).get("raw", "")).encode()
        response = requests.request(request["method"], filled(url), headers=headers, data=body)
        assert response.ok, (item["name"], response.text)
        for line in [line for event in item.get("event", []) for line in event["script"]["exec"]]:
            match = re.fullmatch(r'pm\.environment\.set\("(\w+)", pm\.response\.json\(\)\.(\w+)\);', line)
            variables[match[1]] = response.json()[match[2]]
