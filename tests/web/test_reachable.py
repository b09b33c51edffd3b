import socket

from longlist.model.network import DIRECT, Network
from longlist.web.reachable import Reachability


class Names:
    """Looks names up; those not in `known` are not there."""

    def __init__(self, *known: str) -> None:
        self.known = set(known)
        self.asked: list[str] = []

    async def __call__(self, name: str) -> object:
        self.asked.append(name)
        if name not in self.known:
            raise socket.gaierror(8, "not known")
        return name


async def test_the_web_is_reached_when_any_of_the_names_is_known_and_that_is_remembered():
    names = Names("b")
    reachable = Reachability(DIRECT, names, ("a", "b", "c"))
    assert await reachable()
    assert await reachable()
    assert names.asked == ["a", "b"]


async def test_it_is_not_when_none_is():
    assert not await Reachability(DIRECT, Names(), ("a", "b"))()


async def test_behind_a_proxy_names_are_not_ours_to_look_up():
    names = Names()
    assert await Reachability(Network(https_proxy="http://127.0.0.1:3128"), names)()
    assert names.asked == []
