from reportclean.engines import server


def test_small_inputs_start_no_server(tmp_path, monkeypatch):
    started = []
    monkeypatch.setattr(server, "start_server", lambda **given: started.append(given))
    (tmp_path / "small.jsonl").write_text("{}", encoding="utf-8")
    server.start_for([str(tmp_path), "-", str(tmp_path / "none")], 2, kernels=True)
    assert not started
    monkeypatch.setattr(server, "PROCESSES_FROM_BYTES", 2)
    server.start_for([str(tmp_path)], 1, kernels=True)
    assert not started
    server.start_for([str(tmp_path)], 2, kernels=True)
    assert started == [{"kernels": True}]
