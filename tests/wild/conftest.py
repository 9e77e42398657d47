"""Documents from the wild are read only where they were brought: a test that is skipped would count as failed."""

import os

collect_ignore = [] if os.environ.get("WILD_DOCUMENTS") else ["test_documents.py", "test_browsing.py"]
