import httpx
import pytest

from cli.simulator.public_api import PublicApi, Refused


async def test_what_is_temporarily_unable_is_asked_again_under_the_same_key() -> None:
    answers = [
        httpx.Response(503, headers={"retry-after": "0"}),
        httpx.Response(429, headers={"retry-after": "0"}),
        httpx.Response(200, json={"status": "accepted"}),
    ]
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answers[len(asked) - 1]

    api = PublicApi(
        httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://yingshao.test"), token="t"
    )
    assert await api.post("/cases/1/accept", {}, key="k") == {"status": "accepted"}
    assert [request.headers["idempotency-key"] for request in asked] == ["k", "k", "k"]
    assert asked[0].url == "http://yingshao.test/api/v1/cases/1/accept"


async def test_a_refusal_carries_the_code_of_the_problem() -> None:
    problem = httpx.Response(409, json={"code": "already_signed"})
    transport = httpx.MockTransport(lambda _: problem)
    api = PublicApi(httpx.AsyncClient(transport=transport, base_url="http://yingshao.test"), token="t")
    with pytest.raises(Refused) as refused:
        await api.post("/tasks/1/sign", {}, key="k")
    assert (refused.value.status, refused.value.code) == (409, "already_signed")
