"""What an index on a Redis server does beyond one in memory; test_section_index.py runs on both."""

import json
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import replace
from uuid import uuid4

import numpy as np
import pytest
from datasketch import MinHashLSH
from hypothesis import given
from hypothesis import strategies as st

from redis_servers import free_port
from reportclean.errors import ConfigError, IndexMismatchError, ReportcleanError, StoreError
from reportclean.index.online import redis_storage
from reportclean.index.online.records import pack, unpack
from reportclean.index.online.settings import OnlineSettings
from reportclean.index.online.signed import sign
from reportclean.index.section_index import SectionIndex
from reportclean.near.options import DedupeConfig
from strategies import CLAUSES, mixed, texts

REPORT = "，".join(CLAUSES[:10])
CONFIGS = st.builds(
    DedupeConfig,
    threshold=st.sampled_from([0.3, 0.8]),
    shingle_size=st.sampled_from([1, 5]),
    min_tokens=st.sampled_from([0, 20]),
)


@pytest.fixture
def opened(redis_server):
    """Opens an index; the same one each time unless a name is given."""
    made, own = [], uuid4().hex

    def open_index(config=None, *, url=redis_server.url, name=own, **settings):
        made.append(SectionIndex(config, url, name=name, **settings))
        return made[-1]

    yield open_index
    for index in made:
        index.close()


@pytest.fixture
def client(redis_server):
    import redis  # noqa: PLC0415  # where it is missing the server's fixture skips

    with closing(redis.Redis.from_url(redis_server.url)) as client:
        yield client


def keys_of(index, client):
    return set(client.keys(index._storage._base + b"*"))


def names_found(index, text):
    return [match.key for match in index.query(text)]


# One index, many that use it.


def test_what_one_adds_another_finds_and_removes(opened):
    one, other = opened(), opened()
    one.add("a", REPORT)
    assert "a" in other
    assert names_found(other, REPORT + "某") == ["a"]
    other.remove("a")
    assert len(one) == 0
    assert one.query(REPORT) == []
    assert names_found(opened(name=uuid4().hex), REPORT) == []


ADDING = """
import sys
import reportclean as rc
url, name, mine = sys.argv[1:]
index = rc.SectionIndex(storage=url, name=name)
reports = open(0, encoding="utf-8").read().split("\\n")
print("ready", flush=True)
won = 0
for number, report in enumerate(reports):
    try:
        index.add(f"shared#{number}", report)
        won += 1
    except KeyError:
        pass
    index.add(f"{mine}#{number}", report + "某")
    index.add(f"{mine}-gone#{number}", report + "乙")
    index.remove(f"{mine}-gone#{number}")
print(won)
index.close()
"""


def adding(url, name, mine):
    return subprocess.Popen(
        [sys.executable, "-c", ADDING, url, name, mine],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )


def test_two_processes_that_add_at_once_lose_nothing(redis_server, opened, client):
    """Names that both want go to one of them; buckets that both fill and empty lose no section."""
    reports = ["，".join(CLAUSES[number % 5 : number % 5 + 6]) for number in range(60)]
    name = uuid4().hex
    processes = [adding(redis_server.url, name, mine) for mine in ("p", "q")]
    for process in processes:
        process.stdin.write("\n".join(reports))
        process.stdin.close()
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 2
    won = [int(process.stdout.read()) for process in processes]
    assert [process.wait(60) for process in processes] == [0, 0]
    for process in processes:
        process.stdout.close()
    assert sum(won) == 60
    index = opened(name=name)
    assert len(index) == 180
    expected = SectionIndex()
    for number, report in enumerate(reports):
        expected.add(f"shared#{number}", report)
        for mine in "pq":
            expected.add(f"{mine}#{number}", report + "某")
    for report in reports[:5]:
        assert index.query(report) == expected.query(report)
    for section in index._storage.names():
        index.remove(section)
    assert keys_of(index, client) == {index._storage._base + b"_settings"}


def test_a_process_that_is_killed_leaves_every_section_whole_or_not_there(redis_server, opened, client):
    reports = [f"{REPORT}，{clause}" for clause in CLAUSES[10:20]] * 500
    name = uuid4().hex
    process = adding(redis_server.url, name, "p")
    process.stdin.write("\n".join(reports))
    process.stdin.close()
    process.stdout.readline()
    index = opened(name=name)
    while len(index) < 50:
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    process.stdout.close()
    names = set(index._storage.names())
    assert 50 <= len(names) < 5000
    assert set(names_found(index, REPORT)) == names
    for section in names:
        index.remove(section)
    assert keys_of(index, client) == {index._storage._base + b"_settings"}


def test_threads_share_one_index(opened):
    index = opened()
    taken = []

    def add(mine):
        for number in range(30):
            try:
                index.add(f"d#{number}", f"{REPORT}，{CLAUSES[mine]}")
            except KeyError:
                taken.append(number)

    threads = [threading.Thread(target=add, args=(mine,)) for mine in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 90
    assert len(index) == 30


def test_a_forked_process_uses_the_index_that_it_was_given(redis_server, opened):
    code = """
import os, sys
import reportclean as rc
index = rc.SectionIndex(storage=sys.argv[1], name=sys.argv[2])
index.add("before", "短")
child = os.fork()
for number in range(200):
    index.add(f"{child == 0}#{number}", "短")
    assert len(index.query("短")) > number
if child:
    os._exit(os.waitpid(child, 0)[1])
os._exit(0)
"""
    name = uuid4().hex
    subprocess.run([sys.executable, "-c", code, redis_server.url, name], check=True, timeout=60)
    assert len(opened(name=name)) == 401


# What is not whole: written by others, or lost by the server.


def test_a_candidate_without_its_record_is_passed_over(opened, client):
    index = opened()
    index.add("a", REPORT)
    index.add("b", REPORT)
    client.hdel(index._storage._base + b"_records", "a")
    lsh = datasketchs_own(index)
    lsh.insert(b"foreign", sign(REPORT).to_minhash())
    assert set(lsh.query(sign(REPORT).to_minhash())) == {b"a", b"b", b"foreign"}
    assert names_found(index, REPORT) == ["b"]
    assert names_found(index, REPORT + "某") == ["b"]
    assert "a" not in index
    assert len(index) == 1
    index.add("a", CLAUSES[20])
    assert names_found(index, REPORT) == ["b"]


def test_a_record_that_cannot_be_read_is_named(opened, client):
    index = opened()
    index.add("a", REPORT)
    record = client.hget(index._storage._base + b"_records", "a")
    for damaged in (b"", b"\x09" + record[1:], record[:100], record[:-1] + b"x"):
        client.hset(index._storage._base + b"_records", "a", damaged)
        with pytest.raises(StoreError, match=r"section 'a' cannot be read: .*; remove it and add it again"):
            index.query(REPORT + "某")
        index.remove("a")
        assert "a" not in index
        index.add("a", REPORT)


def test_a_command_that_fails_in_the_middle_leaves_no_section(opened, client):
    """Redis takes nothing back that a script did; so the record, which says that it is there, comes last."""
    index = opened()
    client.set(index._storage._base + b"_keys", "of another kind")
    with pytest.raises(StoreError, match="WRONGTYPE"):
        index.add("a", REPORT)
    assert "a" not in index
    assert index.query(REPORT) == []
    client.delete(index._storage._base + b"_keys")
    index.add("a", REPORT)
    assert names_found(index, REPORT) == ["a"]
    assert names_found(index, REPORT + "某") == ["a"]


def test_an_answer_of_any_size_comes_in_parts(opened, monkeypatch):
    monkeypatch.setattr(redis_storage, "_MOST_BYTES", 20_000)
    index, expected = opened(), SectionIndex()
    for number in range(450):
        expected.add(f"d#{number}", f"{REPORT}{CLAUSES[number % 20][:4]}{number}")
    index.merge(expected)
    assert len(index.query(REPORT)) > 400
    assert index.query(REPORT) == expected.query(REPORT)


# The layout.


def datasketchs_own(index):
    settings = index._settings
    return MinHashLSH(
        num_perm=settings.permutations,
        params=(settings.bands, settings.rows),
        storage_config={
            "type": "redis",
            "basename": index._storage._base,
            "redis": {"connection_pool": index._storage._server.client.connection_pool},
        },
        prepickle=False,
    )


@pytest.mark.parametrize("config", [DedupeConfig(), DedupeConfig(threshold=0.4)])
def test_datasketch_reads_what_stands_there_and_could_have_written_it(opened, client, config):
    index = opened(config)
    other = opened(config, name=uuid4().hex)
    theirs = datasketchs_own(other)
    for number in range(12):
        signed = sign("，".join(CLAUSES[number : number + 5]), config)
        index.add(f"页#{number}", signed)
        theirs.insert(f"页#{number}".encode(), signed.to_minhash())
    ours = datasketchs_own(index)
    assert ours.get_counts() == theirs.get_counts()
    assert set(ours.keys) == set(theirs.keys)
    assert [ours.keys.get(key) for key in ours.keys] == [theirs.keys.get(key) for key in ours.keys]
    own = (b"_settings", b"_records", b"_equal")
    bases = index._storage._base, other._storage._base
    written, wanted = (
        {key[len(base) :] for key in client.keys(base + b"*") if not key[len(base) :].startswith(own)}
        for base in bases
    )
    assert written == wanted
    for key in written:
        kind = client.type(bases[0] + key)
        assert kind == client.type(bases[1] + key)
        if kind == b"hash":
            assert client.hkeys(bases[0] + key).sort() == client.hkeys(bases[1] + key).sort()
    for number in range(0, 12, 2):
        index.remove(f"页#{number}")
        theirs.remove(f"页#{number}".encode())
    assert ours.get_counts() == theirs.get_counts()
    asked = sign("，".join(CLAUSES[2:7]), config).to_minhash()
    assert set(ours.query(asked)) == set(theirs.query(asked))


@given(st.one_of(texts(), mixed()), CONFIGS)
def test_a_record_holds_the_whole_section(text, config):
    settings = OnlineSettings.of(config)
    signed = sign(text, config)
    back = unpack(pack(signed, settings), settings)
    for field in ("signature", "shingles"):
        mine, theirs = getattr(back, field), getattr(signed, field)
        assert mine.dtype == theirs.dtype
        assert np.array_equal(mine, theirs)
    assert replace(back, signature=0, shingles=0).key == signed.key
    assert back.tokens == signed.tokens
    settings.require(back)


@given(st.binary(max_size=200))
def test_bytes_that_are_no_record_are_refused_or_read(data):
    settings = OnlineSettings.of(DedupeConfig(num_perm=16, threshold=0.9))
    for record in (data, b"\x01" + data):
        with pytest.raises(ValueError, match=r"record|codec"):
            unpack(record, settings)


def test_nothing_is_pickled(opened, client):
    index = opened(expire=1000)
    index.add("a", REPORT)
    index.add("b", "短")
    values = []
    for key in keys_of(index, client):
        read = {
            b"string": lambda key: [client.get(key)],
            b"hash": lambda key: [part for pair in client.hgetall(key).items() for part in pair],
            b"set": client.smembers,
            b"list": lambda key: client.lrange(key, 0, -1),
            b"zset": lambda key: client.zrange(key, 0, -1),
        }[client.type(key)]
        values += read(key)
    assert len(values) > 50
    assert not [value for value in values if value.startswith(b"\x80")]


@pytest.mark.parametrize("name", ["", "页#1", "a b\n", "\x00\xff", "_settings", "*", "\ud800", "x" * 5000])
def test_any_text_names_a_section(opened, client, name):
    index = opened()
    index.add(name, REPORT)
    index.add("other", REPORT)
    assert name in index
    assert sorted(names_found(index, REPORT)) == sorted([name, "other"])
    copy = SectionIndex()
    copy.merge(index)
    assert copy.query(REPORT) == index.query(REPORT)
    index.remove(name)
    index.remove("other")
    assert keys_of(index, client) == {index._storage._base + b"_settings"}


# Settings.


@pytest.mark.parametrize(
    ("name", "value"),
    [("threshold", 0.7), ("shingle_size", 4), ("num_perm", 64), ("seed", 2), ("min_tokens", 5)],
)
def test_other_settings_are_refused_with_what_to_do(opened, name, value):
    kept = getattr(opened().config, name)
    with pytest.raises(
        IndexMismatchError,
        match=rf"the index '\w+' at redis://\S+ has {name} {kept}, not {value}; open it without a config",
    ):
        opened(DedupeConfig(**{name: value}))


def test_without_a_config_an_index_is_opened_with_its_own(opened):
    config = DedupeConfig(threshold=0.5, shingle_size=3)
    opened(config, expire=5000).add("a", REPORT)
    again = opened()
    assert again.config == config
    assert again._settings.expire == 5000
    assert names_found(again, REPORT + CLAUSES[11]) == ["a"]
    with pytest.raises(IndexMismatchError, match=r"expire 5000\.0, not 60"):
        opened(expire=60)
    with pytest.raises(IndexMismatchError, match=r"threshold 0\.5, not 0\.8"):
        opened(DedupeConfig())


@pytest.mark.parametrize(("name", "value"), [("fold_version", 0), ("format", 0), ("bands", 1)])
def test_an_index_of_another_version_is_refused(opened, client, name, value):
    index = opened()
    key = index._storage._base + b"_settings"
    client.set(key, json.dumps(json.loads(client.get(key)) | {name: value}))
    with pytest.raises(IndexMismatchError, match=rf"has {name} {value}, .*build it anew under another name"):
        opened()


@pytest.mark.parametrize("data", ["", "no", "[]", "{}", '{"format": 1}', '{"format": 1, "x": 2}', "[" * 9999])
def test_what_is_no_index_is_refused(opened, client, data):
    index = opened()
    client.set(index._storage._base + b"_settings", data)
    with pytest.raises(IndexMismatchError, match="no index; choose another name"):
        opened()


def test_an_index_that_was_made_anew_with_other_settings_is_not_mixed(redis_server, opened):
    name = uuid4().hex
    index = opened(name=name)
    index.add("a", REPORT)
    SectionIndex.drop(redis_server.url, name)
    assert index.query(REPORT) == []
    index.add("b", REPORT)
    assert names_found(opened(name=name), REPORT) == ["b"]
    SectionIndex.drop(redis_server.url, name)
    opened(DedupeConfig(seed=2), name=name)
    for use in (lambda: index.add("c", REPORT), lambda: index.remove("b"), lambda: index.query(REPORT)):
        with pytest.raises(IndexMismatchError, match="made anew with other settings; open it again"):
            use()


def test_dropping_deletes_one_index_alone(redis_server, opened, client):
    names = [f"{uuid4().hex}{end}" for end in ("", "2", "_keys", ".x")]
    made = {name: opened(name=name) for name in [*names, names[0] + "_keys_settings"]}
    for index in made.values():
        index.add("a", REPORT)
    SectionIndex.drop(redis_server.url, names[0])
    dropped = made.pop(names[0])
    assert keys_of(dropped, client) == set()
    assert [len(index.query(REPORT)) for index in made.values()] == [1] * 4


# Expiry.


def let_expire(index, client, *names):
    """As if their time were over."""
    client.zadd(index._storage._base + b"_deadlines", dict.fromkeys(names, 1), xx=True)


def test_a_section_is_gone_when_its_time_is_over(opened, client):
    index = opened(expire=1000)
    for name, text in {"a": REPORT, "b": REPORT, "short": "短"}.items():
        index.add(name, text)
    assert names_found(index, REPORT) == ["a", "b"]
    let_expire(index, client, "a", "short")
    assert names_found(index, REPORT) == names_found(index, REPORT + "某") == ["b"]
    assert index.query("短") == []
    assert len(index) == 1
    assert ("a" in index, "b" in index) == (False, True)
    with pytest.raises(KeyError):
        index.remove("a")
    index.add("a", CLAUSES[20])
    assert "a" in index
    assert len(index) == 2
    copy = SectionIndex()
    copy.merge(index)
    assert sorted(copy._storage.names()) == ["a", "b"]


def test_a_name_whose_time_is_over_can_be_merged_and_taken(opened, client):
    index = opened(expire=1000)
    index.add("a", REPORT)
    let_expire(index, client, "a")
    other = SectionIndex()
    other.add("a", CLAUSES[20])
    index.merge(other)
    assert index.query(REPORT) == []
    assert names_found(index, CLAUSES[20]) == ["a"]


def test_overdue_sections_are_removed_whole_by_later_writes(opened, client):
    index = opened(expire=1000)
    for number in range(12):
        index.add(f"d#{number}", f"{REPORT}，{CLAUSES[number]}")
    let_expire(index, client, *(f"d#{number}" for number in range(12)))
    client.hdel(index._storage._base + b"_records", "d#3")  # lost by the server
    fresh = {f"new#{number}": CLAUSES[20 + number] for number in range(3)}
    for name, text in fresh.items():
        index.add(name, text)
    names = {name.encode() for name in fresh}
    assert set(client.hkeys(index._storage._base + b"_records")) == names
    assert set(client.zrange(index._storage._base + b"_deadlines", 0, -1)) == names
    assert set(datasketchs_own(index).keys) <= names | {b"d#3"}
    sets = [client.smembers(key) for key in keys_of(index, client) if client.type(key) == b"set"]
    assert set().union(*sets) <= names | {b"d#3"}


def test_an_index_that_nobody_uses_frees_all_of_its_keys(opened, client):
    index = opened(expire=100)
    index.add("a", REPORT)
    assert len(keys_of(index, client)) > 50
    assert {150 < client.ttl(key) <= 200 for key in keys_of(index, client)} == {True}
    index = opened(expire=0.1, name=uuid4().hex)
    for number in range(5):
        index.add(f"d#{number}", f"{REPORT}，{CLAUSES[number]}")
    end = time.monotonic() + 20
    while keys_of(index, client):
        assert time.monotonic() < end
        time.sleep(0.05)
    index.add("a", REPORT)
    assert index._storage._base + b"_settings" in keys_of(index, client)


@pytest.mark.parametrize("expire", [0.001, 60, 1_000_000_000])
def test_any_time_can_be_given(opened, expire):
    index = opened(expire=expire)
    index.add("a", REPORT)
    time.sleep(0.01)
    assert ("a" in index) == (expire > 0.5)


def test_without_expiry_nothing_expires(opened, client):
    index = opened()
    index.add("a", REPORT)
    assert {client.ttl(key) for key in keys_of(index, client)} == {-1}


# The server.


def test_a_server_that_is_not_there_is_named_without_its_password(opened):
    url = f"redis://me:se%2Fcret@127.0.0.1:{free_port()}/3"
    with pytest.raises(
        StoreError, match=r"redis://127\.0\.0\.1:\d+/3 cannot be reached: .*see that it runs"
    ) as told:
        opened(url=url)
    assert "cret" not in "".join(map(str, (told.value, told.value.__cause__, told.value.__context__)))
    assert isinstance(told.value, ReportcleanError)


def test_a_wrong_password_is_not_repeated(redis_server, opened):
    url = redis_server.url.replace("redis://", "redis://me:secret@")
    with pytest.raises(StoreError, match=r"redis://127\.\S+ refuses: .*user, password") as told:
        opened(url=url)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    "url",
    [
        "redis://me:se/cret@host:1/0",
        "redis://me:secret@host:port/0",
        "redis://host:1/0?socket_timeout=secret",
        "redis://host:1/0?secret=1",
        "http://secret",
        "secret",
        "",
        7,
    ],
)
def test_a_url_that_is_none_is_refused_without_repeating_it(url):
    pytest.importorskip("redis")
    with pytest.raises(ConfigError, match="redis://") as told:
        SectionIndex(storage=url)
    assert "cret" not in str(told.value)
    assert told.value.__suppress_context__ or told.value.__context__ is None


def test_a_server_that_goes_away_and_comes_back(redis_server_of_its_own):
    server = redis_server_of_its_own
    with SectionIndex(storage=server.url) as index:
        for number in range(5):
            index.add(f"d#{number}", f"{REPORT}，{CLAUSES[10 + number]}")
        server.kill()
        uses = [
            lambda: index.add("a", REPORT),
            lambda: index.remove("d#0"),
            lambda: index.query(REPORT),
            lambda: "a" in index,
            lambda: len(index),
            lambda: index.merge(SectionIndex()) or SectionIndex().merge(index),
            lambda: SectionIndex.drop(server.url, "sections"),
        ]
        for use in uses:
            with pytest.raises(StoreError, match="cannot be reached"):
                use()
        with pytest.raises(StoreError, match="whether the last change was made is not known"):
            index.add("a", REPORT)
        server.start()
        assert len(index) == 5
        assert len(names_found(index, REPORT)) == 5
        index.add("a", REPORT)
        assert "a" in index


def test_a_server_that_does_not_answer_is_given_up(redis_server_of_its_own):
    server = redis_server_of_its_own
    with SectionIndex(storage=server.url + "?socket_timeout=0.3") as index:
        server.process.send_signal(19)  # SIGSTOP
        with pytest.raises(StoreError, match="cannot be reached"):
            index.query(REPORT)
        server.process.send_signal(18)  # SIGCONT
        assert index.query(REPORT) == []


def test_a_server_that_forgot_its_scripts_is_told_again(opened, client):
    index, other = opened(), SectionIndex()
    for name in "bc":
        other.add(name, REPORT)
    for use in (lambda: index.add("a", REPORT), lambda: index.merge(other), lambda: index.remove("a")):
        client.script_flush()
        use()
    client.script_flush()
    assert names_found(index, REPORT) == ["b", "c"]


@pytest.mark.parametrize(
    "host",
    [
        "x" * 300,
        "no.such.host.invalid",
        "a..b",
        "unix:///no/socket",
        "rediss://127.0.0.1/?socket_timeout=0.5",
    ],
)
def test_a_host_that_is_none(opened, redis_server, host):
    url = host if "://" in host else f"redis://{host}"
    with pytest.raises(StoreError, match="cannot be reached"):
        opened(url=url.replace("127.0.0.1", f"127.0.0.1:{redis_server.port}"))


def test_a_server_that_is_full_refuses_and_keeps_what_it_has(redis_server_of_its_own):
    server = redis_server_of_its_own
    with SectionIndex(storage=server.url) as index:
        index.add("a", REPORT)
        index._storage._server.client.config_set("maxmemory", 1)
        with pytest.raises(StoreError, match=r"refuses: .*maxmemory"):
            index.add("b", REPORT)
        assert names_found(index, REPORT) == ["a"]


@pytest.mark.parametrize("option", ["", "?decode_responses=True", "?protocol=3"])
def test_urls_of_other_forms(redis_server, opened, option):
    for url in (redis_server.url + option, f"unix://{redis_server.socket}{option}"):
        index = opened(url=url, name=uuid4().hex)
        index.add("页#1", REPORT)
        assert names_found(index, REPORT) == ["页#1"]
        assert "页#1" in index


# Options.


@pytest.mark.parametrize("name", ["", "a b", "a{b}", "x" * 101, "a\n", 7])
def test_names_of_indexes(redis_server, name):
    with pytest.raises(ConfigError, match=r"name is .* letters, digits"):
        SectionIndex(storage=redis_server.url, name=name)


@pytest.mark.parametrize("expire", [0, -1, float("nan"), float("inf"), True, "60"])
def test_seconds_of_expiry(redis_server, expire):
    with pytest.raises(ConfigError, match=r"expire is .* seconds"):
        SectionIndex(storage=redis_server.url, expire=expire)


@pytest.mark.parametrize("option", [{"name": "a"}, {"expire": 60}])
def test_options_of_a_server_without_one(option):
    with pytest.raises(ConfigError, match=f"{next(iter(option))} is for an index on a server"):
        SectionIndex(**option)


def test_a_missing_package_is_named_with_its_command(monkeypatch):
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(ConfigError, match=r"pip install 'reportclean\[redis\]'"):
        SectionIndex(storage="redis://localhost")


def test_a_name_that_another_process_takes_during_a_merge_undoes_it(opened, monkeypatch):
    index = opened()
    index.add("b", REPORT)
    other = SectionIndex()
    for name in "abc":
        other.add(name, REPORT)
    monkeypatch.setattr(index._storage, "held", lambda names: [False] * len(names))
    with pytest.raises(KeyError, match="'b' is in both"):
        index.merge(other)
    assert index._storage.names() == ["b"]
