"""A part of the attacks; `python -m tests.attacks` carries out all."""

from tests.attacks.attacking import DATA, OPTIONS, attack, bystander, canary, corpus, sample
from tests.kg.conftest import publish, served


def test_attacks_end_in_time_and_beside_them_others_are_answered(tmp_path):
    publish(tmp_path / "data", "000001", DATA)
    secret = tmp_path / "secret.ttl"
    with canary() as (port, touched), served(tmp_path / "data", *OPTIONS) as client:
        with bystander(str(client.base_url)) as other:
            chosen = sample(list(corpus(port, secret)), count=20, seed=4)
            found = [attack(client, *one) for one in chosen]
        assert not touched
    # How fast they ended is for the benchmark to say; that they ended in a problem is not.
    assert [one for one in found if not (one.kind or one.status in {200, 201, 204})] == []
    assert other.failures == 0
    assert len(other.waits) > other.refused
