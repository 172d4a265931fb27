"""Those who follow trials hear of each change once: with refusals, lost connections and kills."""

import datetime as dt
import json
import subprocess
import sys

import pytest

from kg.backup import backup, restore
from kg.errors import StoreError, UsageError
from kg.following import Change
from kg.notify import notify, preview, read_subscriptions
from kg.notify.digest import as_mail, digest
from kg.notify.ledger import Deliveries

COMMAND = [sys.executable, "-c", "from kg.cli import main; main()", "notify"]


@pytest.fixture
def data(examples, tmp_path):
    """A data folder with the snapshot of the examples, and a ledger of its own."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "snapshots").symlink_to(examples / "snapshots")
    (folder / "current").write_text((examples / "current").read_text())
    return folder


@pytest.fixture
def subscribed(tmp_path):
    def write(*subscriptions, port=None):
        smtp = f'[smtp]\nhost = "127.0.0.1"\nport = {port}\nsender = "trials@example.org"\n'
        path = tmp_path / "subscriptions.toml"
        tables = [f"[[subscription]]\n{one}\n" for one in subscriptions]
        path.write_text("\n".join([*tables, smtp if port else ""]))
        return path

    return write


def follow(target, name="dll3", **asked):
    kind = "mail" if "@" in target else "webhook"
    told = {"antigen": '"DLL3"', "since": "2026-05-01"} | asked
    return "\n".join(
        [f'name = "{name}"', f'{kind} = ["{target}"]', *(f"{k} = {v}" for k, v in told.items())]
    )


def run(data, path, **options):
    return notify(data, read_subscriptions(path), **options)


def test_a_mail_tells_of_all_changes_and_then_there_is_nothing_new(data, subscribed, mailbox):
    path = subscribed(follow("me@example.org"), port=mailbox.port)
    outcome = run(data, path)
    ((_, target, count),) = outcome.sent
    (mail,) = mailbox.messages
    assert (target, mailbox.recipients) == ("me@example.org", ["me@example.org"])
    assert mail["Subject"] == f"dll3: {count} changes of trials"
    assert mail["From"] == "trials@example.org"
    assert mail["Message-ID"]
    text = mail.get_content()
    assert "NCT07366658: status changed" in text
    assert "before: " in text
    assert "after: " in text
    assert mail.get_content_type() == "text/plain"
    again = run(data, path)
    assert (again.sent, again.failed, again.doubtful) == ([], [], [])
    assert len(mailbox.messages) == 1


def test_a_password_goes_out_encrypted_or_not_at_all(
    data, subscribed, signed_mailbox, mailbox, monkeypatch
):
    monkeypatch.setenv("TRIALKG_SMTP_USER", "me")
    monkeypatch.setenv("TRIALKG_SMTP_PASSWORD", "secret")
    outcome = run(data, subscribed(follow("me@example.org"), port=mailbox.port))
    ((_, _, reason),) = outcome.failed
    assert "offers no encryption" in reason
    path = subscribed(follow("me@example.org"), port=signed_mailbox.port)
    assert len(run(data, path).sent) == 1
    assert signed_mailbox.signed_in == [(b"me", b"secret", True)]
    assert len(signed_mailbox.messages) == 1
    monkeypatch.delenv("SSL_CERT_FILE")
    path = subscribed(follow("you@example.org"), port=signed_mailbox.port)
    ((_, _, reason),) = run(data, path).failed
    assert "certificate" in reason


def test_a_webhook_gets_the_same_as_json(data, subscribed, hook):
    path = subscribed(follow(hook.address))
    outcome = run(data, path)
    ((headers, body),) = hook.posts
    assert outcome.sent == [("dll3", hook.address, len(body["changes"]))]
    assert headers["Content-Type"] == "application/json"
    assert headers["Idempotency-Key"] == body["delivery"]
    assert {one["trial"] for one in body["changes"]} >= {"NCT07366658"}
    assert run(data, path).sent == []


def test_only_what_is_new_goes_to_each_target(data, subscribed, mailbox, hook):
    early = follow(hook.address, until="2026-06-30")
    first = run(data, subscribed(early))
    path = subscribed(
        follow(hook.address), follow("me@example.org", name="mine"), port=mailbox.port
    )
    second = run(data, path)
    counted = {target: count for _, target, count in second.sent}
    assert counted["me@example.org"] == counted[hook.address] + first.sent[0][2]


def test_what_is_refused_goes_with_the_next_run(data, subscribed, mailbox):
    path = subscribed(
        follow("gone@example.org", name="gone"), follow("me@example.org"), port=mailbox.port
    )
    mailbox.refuse["gone@example.org"] = "550 no such box\x1b"
    outcome = run(data, path)
    assert [one[:2] for one in outcome.sent] == [("dll3", "me@example.org")]
    ((_, target, reason),) = outcome.failed
    assert target == "gone@example.org"
    assert "no such box" in reason
    mailbox.refuse.clear()
    assert [one[1] for one in run(data, path).sent] == ["gone@example.org"]
    assert mailbox.recipients == ["me@example.org", "gone@example.org"]


@pytest.mark.parametrize("status", [500, 404, 302])
def test_a_webhook_that_answers_otherwise_is_tried_again_and_never_elsewhere(
    data, subscribed, hook, status
):
    path = subscribed(follow(hook.address))
    hook.status = status
    ((_, _, reason),) = run(data, path).failed
    assert str(status) in reason
    hook.status = 200
    assert len(run(data, path).sent) == 1
    assert len(hook.posts) == 2


def test_nobody_there_is_a_failure_that_goes_again(data, subscribed, hook):
    path = subscribed(follow("http://127.0.0.1:9/hook"), follow("me@example.org", "m"), port=9)
    outcome = run(data, path)
    assert [one[1] for one in outcome.failed] == ["http://127.0.0.1:9/hook", "me@example.org"]
    assert outcome.doubtful == []


def test_what_may_have_arrived_is_told_and_not_sent_again_unasked(data, subscribed, hook, mailbox):
    path = subscribed(follow(hook.address, "hooked"), follow("me@example.org"), port=mailbox.port)
    hook.drop = mailbox.drop = True
    doubtful = run(data, path).doubtful
    assert sorted(one[0] for one in doubtful) == ["dll3", "hooked"]
    hook.drop = mailbox.drop = False
    assert run(data, path).doubtful == doubtful
    assert (len(hook.posts), len(mailbox.messages)) == (1, 1)
    sent = run(data, path, doubt="again")
    assert (len(sent.sent), sent.doubtful) == (2, [])
    assert len({body["delivery"] for _, body in hook.posts}) == 1
    assert len({mail["Message-ID"] for mail in mailbox.messages}) == 1


def test_what_did_arrive_can_be_taken_for_sent(data, subscribed, hook):
    path = subscribed(follow(hook.address))
    hook.drop = True
    run(data, path)
    outcome = run(data, path, doubt="arrived")
    assert (outcome.sent, outcome.doubtful, len(hook.posts)) == ([], [], 1)


@pytest.mark.parametrize("kind", ["mail", "webhook"])
def test_a_run_that_is_killed_as_it_sends_sends_nothing_twice(
    data, subscribed, mailbox, hook, kind
):
    receiver = mailbox if kind == "mail" else hook
    target = "me@example.org" if kind == "mail" else hook.address
    path = subscribed(follow(target), port=mailbox.port)
    receiver.stall = True
    command = [*COMMAND, "--data", str(data), "--subscriptions", str(path)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as killed:
        assert receiver.reached.wait(300)
        with pytest.raises(StoreError, match="another run"):
            run(data, path)
        killed.kill()
    receiver.stall = False
    receiver.released.set()
    outcome = run(data, path)
    assert (outcome.sent, [one[1] for one in outcome.doubtful]) == ([], [target])
    assert len(mailbox.messages) + len(hook.posts) == 1


def test_the_command_tells_by_its_status_and_a_dry_run_sends_nothing(
    data, subscribed, hook, run_command
):
    path = subscribed(follow(hook.address))
    dry = run_command("notify", "--data", str(data), "--subscriptions", str(path), "--dry-run")
    assert dry.returncode == 0
    assert f"to {hook.address}" in dry.stdout
    assert "NCT07366658: status changed" in dry.stdout
    assert (hook.posts, list(data.glob("deliveries*"))) == ([], [])
    hook.status = 503
    failed = run_command("notify", "--data", str(data), "--subscriptions", str(path))
    assert failed.returncode == 3
    assert "goes with the next run" in failed.stderr
    hook.status = 200
    done = run_command("notify", "--data", str(data), "--subscriptions", str(path), "--json")
    assert done.returncode == 0
    assert len(json.loads(done.stdout)["sent"]) == 1
    assert len(preview(data, read_subscriptions(path))) == 0


def test_a_folder_that_is_restored_sends_nothing_twice(data, subscribed, hook, tmp_path):
    path = subscribed(follow(hook.address))
    run(data, path)
    backup(data, tmp_path / "copy")
    restore(tmp_path / "copy", tmp_path / "restored")
    assert run(tmp_path / "restored", path).sent == []


def test_a_ledger_keeps_all_changes_of_a_message_or_none(tmp_path):
    with Deliveries.open(tmp_path) as deliveries:
        deliveries.begin("s", "t", "m", ["a", "b"])
        with pytest.raises(Exception, match="UNIQUE"):
            deliveries.begin("s", "t", "n", ["c", "a"])
    with Deliveries.open(tmp_path) as deliveries:
        assert deliveries.settled("s", "t") == {"a", "b"}
        assert deliveries.doubtful() == [("s", "t", "m", 2)]


def test_words_of_a_record_cannot_write_headers():
    hostile = "title\r\nBcc: all@example.org\r\n\r\n.\r\nMAIL FROM:<x>"
    change = Change(
        event="e",
        registry="clinicaltrials",
        trial="NCT00000001",
        title=hostile,
        type="TitleChanged",
        subject="s",
        what=hostile,
        property=None,
        before=hostile,
        after=None,
        outcome_type=None,
        concerns=(),
        registry_date=None,
        seen=dt.date(2026, 8, 22),
        abridged=False,
    )
    mail = as_mail(digest("name", "me@example.org", [change], None), "trials@example.org")
    head, _, body = mail.as_bytes().partition(b"\r\n\r\n")
    assert b"Bcc" not in head
    assert b"MAIL FROM" not in body
    assert {name.lower() for name in mail} == {
        "subject", "from", "to", "date", "message-id", "auto-submitted", "mime-version",
        "content-type", "content-transfer-encoding",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[subscription]]\nname = "a"', "mail = "),
        ('[[subscription]]\nname = "a"\nmail = ["me@example.org"]', "[smtp]"),
        ('[[subscription]]\nname = "a"\nwebhook = ["file:///etc/passwd"]', "https://"),
        ('[[subscription]]\nname = "a"\nwebhook = ["http://h/\\u000a"]', "https://"),
        ('[[subscription]]\nname = "a\\nBcc: x"\nwebhook = ["http://h/"]', "one line"),
        ('[[subscription]]\nname = "a"\nantigne = "DLL3"\nwebhook = ["http://h/"]', "antigne"),
        (
            '[[subscription]]\nname="a"\nmail=["a@h\\nBcc: x@y"]\n[smtp]\nhost="h"\nsender="a@b"',
            "no address of mail",
        ),
        ("subscription = 7", "array"),
        ("[[", "subscriptions.toml"),
    ],
)
def test_a_file_that_means_nothing_is_refused_with_its_reason(tmp_path, text, told):
    path = tmp_path / "subscriptions.toml"
    path.write_text(text)
    with pytest.raises(UsageError) as refused:
        read_subscriptions(path)
    assert told in str(refused.value)


def test_a_name_that_means_nothing_stops_the_run_before_anything_is_sent(data, subscribed, hook):
    path = subscribed(follow(hook.address, "good"), follow(hook.address, "bad", antigen='"DLL33"'))
    with pytest.raises(UsageError, match="DLL3"):
        run(data, path)
    assert hook.posts == []


def test_the_subscriptions_of_the_readme_are_read(root, tmp_path):
    blocks = (root / "README.md").read_text(encoding="utf-8").split("```toml\n")[1:]
    (text,) = [one.split("```")[0] for one in blocks if "[[subscription]]" in one]
    (tmp_path / "subscriptions.toml").write_text(text)
    found = read_subscriptions(tmp_path / "subscriptions.toml")
    (one,) = found.subscription
    assert dict(one.parameters()) == {"antigen": "DLL3", "since": "2026-06-01"}
    assert (found.smtp.port, one.mail, len(one.webhook)) == (587, ("me@example.org",), 1)
    (tmp_path / "subscriptions.toml").write_text(text + 'search = {effector = "NK"}\n')
    (one,) = read_subscriptions(tmp_path / "subscriptions.toml").subscription
    assert ("effector", "NK") in one.parameters()
