"""A deployment in changing moods: now slow, now forgetful, now gone without a word.

More than a fault: it remembers who was signed in when, which its users compare with the audit trail.
"""

from collections import Counter
from datetime import UTC, datetime
from random import Random
from threading import Lock
from urllib.parse import parse_qsl

from tests.kit.deployment.faults import Fault
from tests.kit.deployment.foreign import AUTHORIZE_PATH, TOKEN_PATH, ForeignAIRisk
from tests.kit.deployment.peer import Peer
from tests.kit.deployment.refusals import RefusedError
from tests.kit.deployment.tokens import GENERIC

SIGN_IN_PATHS = (AUTHORIZE_PATH, TOKEN_PATH)


class Moods:
    """Delays each answer, drops some requests and forgets some tokens; `fault` is what the server is broken with.

    What becomes of a request hangs on the seed, on whose it is and on how many like it there were before, not on the
    order in which those of several identities come.

    Args:
        server: the deployment.
        seed: other seeds, other moods.
        most_seconds: no answer waits longer.
        dropped: the share of requests that are read, and their connection closed.
        forgotten: the share of requests at which the server first forgets all tokens of whoever sends them.
    """

    def __init__(
        self, server: ForeignAIRisk, *, seed: int, most_seconds: float, dropped: float = 0.0, forgotten: float = 0.0
    ) -> None:
        self.fault = Fault(self._answer)
        self.signed_in: list[tuple[str, datetime]] = []
        self._server = server
        self._seed = seed
        self._most_seconds = most_seconds
        self._dropped, self._forgotten = dropped, forgotten
        self._lock = Lock()
        self._times: Counter[str] = Counter()

    def _answer(self, peer: Peer) -> None:
        chance = self._chance(peer)
        peer.pause(chance.uniform(0, self._most_seconds))
        fate = chance.random()
        if fate < self._dropped:
            peer.hang_up()
        elif fate < self._dropped + self._forgotten:
            self._forget(peer)
        else:
            self._answer_well(peer)

    def _forget(self, peer: Peer) -> None:
        if peer.request.identity is None:
            self._answer_well(peer)
        else:
            self._server.revoke(peer.request.identity)
            peer.reply(RefusedError(401, "The token is not valid").reply("documented"))

    def _answer_well(self, peer: Peer) -> None:
        """As always; when somebody was signed in is noted as the moment before the token was on its way."""
        now = datetime.now(UTC)
        try:
            peer.answer_normally()
        finally:  # also where nobody was there any more to take the answer
            who = dict(parse_qsl(peer.request.body.decode())).get("userid", GENERIC)
            if peer.request.path == TOKEN_PATH and peer.request.status == 200:
                self.signed_in.append((who, now))

    def _chance(self, peer: Peer) -> Random:
        kind = f"{peer.request.identity} {peer.request.method} {peer.request.path}"
        with self._lock:
            self._times[kind] += 1
            return Random(f"{self._seed} {kind} {self._times[kind]}")
