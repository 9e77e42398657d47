"""Every walk. Each of them stands alone."""

from tests.kit.gallery import answering, asking, matrices, opening, people
from tests.kit.gallery.camera import Walk

WALKS: dict[str, Walk] = {
    walk.__name__: walk
    for walk in (
        opening.first_run,
        opening.refused,
        opening.waiting,
        opening.users_coming,
        opening.not_signed_in,
        opening.not_listed,
        opening.tokens_past,
        opening.nobody_there,
        opening.checked,
        opening.deployments,
        opening.keys_that_clash,
        people.users,
        people.acting,
        people.guard_rails,
        people.not_confirmed,
        people.becoming,
        people.guided,
        people.helped,
        asking.explorer,
        asking.imported,
        asking.request,
        asking.uploads,
        asking.confirmed,
        answering.answer,
        answering.searched,
        answering.kinds,
        answering.large,
        answering.streams,
        answering.history,
        answering.talk,
        matrices.running,
        matrices.matrix,
    )
}
