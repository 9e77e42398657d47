"""The ids of widgets that tests may name, once: each stands for a place of which the screen shows no name."""

USERS_TABLE = "users-table"
USERS_FILTER = "users-filter"
ENDPOINTS = "endpoints"
EXPLORER_FILTER = "explorer-filter"

PANES = "panes"

REQUEST = "request"
REQUEST_LINE = "request-line"
FIELDS = "fields"
SEND = "send"
PREVIEW = "preview"
BODY = "body-text"
RAW_TARGET = "raw-target"
RAW_HEADERS = "raw-headers"

ANSWER = "response"
ANSWER_WORDS = "response-words"
DOCUMENT = "document"
TABLE = "document-table"
DOCUMENT_FIELD = "document-field"

HISTORY_FILTER = "history-filter"
CELL_FACTS = "cell-facts"
DEPLOYMENTS = "deployments"

QUESTION = "prompt-input"
LABEL = "typed-label"
CHOICE = "choice-line"
FILE = "file-line"
FILES = "files"
CURL = "pasted"
SUMMARY = "summary"
HELP = "help"

URL = "AIRISK_URL"
CLIENT_ID = "CLIENT_ID"
CLIENT_SECRET = "CLIENT_SECRET"
REDIRECT_URI = "REDIRECT_URI"
USER_ID = "USER_ID"
CONNECT = "connect"
WELCOME = "sign-in-words"
"""Of the first form."""

PLAN_USERS = "plan-users"
PLAN_ENDPOINTS = "plan-endpoints"
SAMPLE = "sample"
RATE = "rate"
REASON = "reason"
"""Lines of the plan of a matrix."""

ALL = {value for name, value in list(globals().items()) if name.isupper()}
