"""What may stand in a 200: ways in which deployments refuse with it, and what they show to those who may look."""

from tests.kit.deployment.messages import Reply, json_reply


def as_it_is(body: bytes) -> Reply:
    """A body that says that it is JSON."""
    return Reply(200, body, (("Content-Type", "application/json"),))


REFUSALS = {
    "an error with a code": json_reply({"error": {"code": "ACCESS", "message": "not for you"}}),
    "an error in words": json_reply({"error": "You may not look at this."}),
    "errors of GraphQL": json_reply({"data": None, "errors": [{"message": "Not yours", "path": ["agents"]}]}),
    "a problem": json_reply({"type": "about:blank", "title": "Forbidden", "status": 403, "traceId": "00-7"}),
    "no success": json_reply({"success": False, "data": None, "message": "Something went wrong."}),
    "no success of .NET": json_reply({"isSuccess": False, "isFailure": True, "value": None, "error": None}),
    "ASP.NET's words": json_reply({"Message": "Authorization has been denied for this request."}),
    "words of many": json_reply({"detail": "You do not have permission to perform this action."}),
    "a code as a name": json_reply({"code": "ACCESS_DENIED", "requestId": "7"}),
    "a response code": json_reply({"responseCode": 401, "responseMessage": "no"}),
    "wrapped": json_reply({"data": {"errorCode": 17, "errorMessage": "nicht erlaubt"}}),
    "a text": Reply(200, b"Access denied", (("Content-Type", "text/plain"),)),
}
"""Twelve forms of a refusal with a status of 200."""

UNKNOWN_REFUSALS = {
    "in another language": json_reply({"meldung": "Zugriff verweigert"}),
    "an empty list": json_reply([]),
    "nothing": json_reply({}),
    "a null": json_reply(None),
}
"""Those that only who knows the deployment takes for one."""

CONTENTS = {
    "a list": json_reply([{"id": "agent-1", "name": "Agent"}]),
    "an object": json_reply({"id": "c-1", "title": "Budget", "messages": [{"text": "a"}]}),
    "a wrapped list": json_reply({"success": True, "data": [{"id": "agent-1", "name": "Agent"}]}),
    "a title about refusals": json_reply({"id": "c-1", "title": "Access denied", "messages": [{"text": "a"}]}),
    "a list of errors": json_reply({"errors": [{"id": 1, "text": "a"}], "total": 1}),
    "half a character": as_it_is(b'[{"id": 1, "name": "cut \\ud83d"}]'),
    "a number beyond all floats": as_it_is(b'[{"id": 1, "size": 1e400}]'),
    "Latin-1": as_it_is('[{"id": 1, "name": "Zoë"}]'.encode("latin-1")),
    "UTF-16": as_it_is('[{"id": 1, "name": "Zoë"}]'.encode("utf-16")),
    "JSON that breaks off": as_it_is(b'[{"id": 1, "name": "Zo'),
}
"""What is shown to those who may look."""

BARE_CONTENTS = {
    "only errors": json_reply({"errors": [{"id": 1, "text": "a"}]}),
    "only a title": json_reply({"title": "Unauthorized"}),
    "only a message": json_reply({"message": "You are not allowed to smoke."}),
}
"""What is shown, and passes for a refusal as long as nothing else is known."""
