"""What comes from the wild is tried only where it was brought: a test that is skipped would count as failed."""

import os

_DOCUMENTS = ["test_documents.py", "test_browsing.py"]

collect_ignore = [] if os.environ.get("WILD_DOCUMENTS") else list(_DOCUMENTS)
collect_ignore += [] if os.environ.get("WILD_PRISM") else ["test_prism.py"]
