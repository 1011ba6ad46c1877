"""The documents agree with the program's description and with each other. No server is needed."""

import json
import re

from program import ROOT

METHODS = {"get", "post", "put", "patch", "delete"}


def test_the_api_document_lists_every_operation_and_no_other():
    paths = json.loads((ROOT / "Sources/Resources/openapi.json").read_text())["paths"]
    described = sorted((method.upper(), path) for path, item in paths.items() for method in METHODS & item.keys())
    table = (ROOT / "docs/api.md").read_text().partition("| request |")[2].partition("\n\n")[0]
    listed = []
    for row in table.splitlines():
        words = re.findall("`([^`]+)`", row.split("|")[1])
        listed += [(method, path) for method in words if method.isupper() for path in words if path[0] == "/"]
    assert sorted(listed) == described


def headings(document):
    """The anchors of a document, as GitHub makes them."""
    text = re.sub(r"^```.*?^```", "", document.read_text(), flags=re.DOTALL | re.MULTILINE)
    titles = [title.replace("`", "") for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_link_between_documents_leads_somewhere():
    documents = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/**/*.md")]
    dead = []
    for document in documents:
        for link in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
            if re.match("[a-z]+:", link): continue
            path, _, anchor = link.partition("#")
            target = (document.parent / path).resolve() if path else document
            if not target.exists() or (anchor and anchor not in headings(target)):
                dead.append(f"{document.relative_to(ROOT)}: {link}")
    assert dead == []
