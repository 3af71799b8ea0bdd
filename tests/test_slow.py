"""Documents that take too long: they alone go to quarantine, by whichever way they come."""

import signal
import threading
import time

import pytest

import reportclean as rc
from corpora import report
from reportclean.document import Document
from reportclean.engines import workers
from reportclean.engines.checking import check_files
from reportclean.engines.cleaning import clean_files
from reportclean.engines.local import dedupe_files
from reportclean.engines.options import RunOptions
from reportclean.engines.slow import without_slow
from reportclean.engines.stages import Record
from reportclean.errors import LimitError
from reportclean.formats import docx, html
from reportclean.formats.base import ReadOptions
from reportclean.formats.limits import Limits
from reportclean.formats.timed import in_time

SHORT = Limits(document_seconds=0.15)


def busy(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        sum(range(1000))


def test_what_takes_longer_is_interrupted_and_nothing_is_left_behind():
    handler = signal.getsignal(signal.SIGVTALRM)
    with (
        pytest.raises(LimitError, match=r"it takes more than 0\.15 seconds of processor time") as caught,
        in_time(SHORT),
    ):
        busy(5)
    assert caught.value.limit == "document-seconds"
    with in_time(SHORT):
        pass
    busy(0.3)
    assert signal.getsignal(signal.SIGVTALRM) is handler
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


def test_an_interrupt_that_is_swallowed_comes_again():
    def swallowing():
        try:
            busy(5)
        except BaseException:  # noqa: BLE001  # as bad libraries do
            busy(5)

    with pytest.raises(LimitError), in_time(SHORT):
        swallowing()


def test_waiting_is_no_work():
    with in_time(SHORT):
        time.sleep(0.4)


def test_other_threads_have_no_limit():
    done = []

    def work():
        with in_time(SHORT):
            busy(0.3)
        done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done


def records(*texts):
    return [Record(Document(str(n), text, f"{n}.txt")) for n, text in enumerate(texts)]


def test_together_or_one_by_one():
    calls = []

    def work(some):
        calls.append(len(some))
        for record in some:
            busy(float(record.document.text))
        return [record.document.id for record in some]

    assert without_slow(work, records("0", "0", "0"), SHORT) == (["0", "1", "2"], [])
    assert calls == [3]
    made, slow = without_slow(work, records("0", "1", "0"), SHORT)
    assert (made, [(item.source, item.reason) for item in slow]) == (
        ["0", None, "2"],
        [("1.txt", "limit-document-seconds")],
    )
    assert "--limit document-seconds=N sets another limit" in slow[0].detail
    made, slow = without_slow(work, records("0.1", "0.1", "0.1"), SHORT)
    assert (made, slow) == (["0", "1", "2"], [])
    assert without_slow(work, [], SHORT) == ([], [])


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    rc.clean(report(1))
    rc.dedupe([report(1), report(2)])  # what is loaded once is no document's fault
    for number in range(4):
        (folder / f"{number}.txt").write_text(report(number), encoding="utf-8")
    (folder / "slow.txt").write_text(report(9).encode("gbk").decode("latin-1") * 1_000, encoding="utf-8")
    return folder


def test_files(corpus, tmp_path):
    options = RunOptions(read=ReadOptions(limits=SHORT))
    for job in (
        lambda: dedupe_files([corpus], tmp_path / "a", rc.DedupeConfig(), options),
        lambda: clean_files([corpus], tmp_path / "b", options),
    ):
        summary = job()
        assert (summary.values["documents"]["in"], summary.values["documents"]["quarantined"]) == (5, 1)
        (item,) = summary.quarantine
        assert (item.source, item.reason) == ("slow.txt", "limit-document-seconds")


def test_worker_processes(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "PROCESSES_FROM_BYTES", 1)
    monkeypatch.setattr(workers, "CHUNK_BYTES", 1)
    options = RunOptions(read=ReadOptions(limits=SHORT), workers=2)
    summary = clean_files([corpus], tmp_path / "out", options)
    assert [item.reason for item in summary.quarantine] == ["limit-document-seconds"]


def test_check(corpus):
    found = check_files([corpus], options=RunOptions(read=ReadOptions(limits=SHORT)))
    assert (found.documents, found.quarantined) == (4, 1)
    assert [item.path.rpartition("/")[2] for item in found.findings if item.code == "ENC030"] == ["slow.txt"]


def test_pages_and_word_files(monkeypatch):
    trafilatura = pytest.importorskip("trafilatura")
    monkeypatch.setattr(trafilatura, "bare_extraction", lambda *_, **__: busy(5))
    with pytest.raises(LimitError, match="processor time"):
        html.main_text("<html><body><p>x</p></body></html>", SHORT)
    pytest.importorskip("docx")
    monkeypatch.setattr(docx, "_lines", lambda *_: iter(lambda: busy(5), 1))
    with pytest.raises(LimitError, match="processor time"):
        docx.paragraphs(docx.encode("x", b'{"title":""}', ReadOptions(), None), SHORT)


def test_a_piece_of_a_page_is_read():
    pytest.importorskip("trafilatura")
    for around in ("<p>%s</p>", "<div><p>%s</p></div>", "<!-- x --><p>%s</p>", "<HTML><p>%s</p>"):
        text, _ = html.main_text(around % report(1).replace("\n", "</p><p>"), Limits())
        assert "".join(text.split()) == "".join(report(1).split())
