"""Refusals of this API: what was asked is no SensorThings, or more than is offered."""

from chengyun.kernel.problems import Problem


class BadRequest(Problem):
    """A path, option, filter or body that is wrong; the detail says where."""

    code = "bad_request"


class TooCostly(Problem):
    """A query that would read through too much of the store."""

    status = 422
    code = "too_costly"


class NotOffered(Problem):
    """A part of the standard's extensions that this service has not."""

    status = 501
    code = "not_offered"
