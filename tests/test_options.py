import math
import pickle
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportclean.errors import ConfigError, ReportcleanError
from reportclean.near.options import KEEP, UNITS, DedupeConfig


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("threshold", value) for value in (0, -0.1, 1.0001, math.nan, math.inf)),
        *(("shingle_size", value) for value in (0, -1, 65, 2.5, 5.0, True, "5")),
        *(("num_perm", value) for value in (0, 15, 513, 128.0)),
        *(("seed", value) for value in (-1, 2**32, 1.0)),
        *(("min_tokens", value) for value in (-1, 2**31 + 1, 20.0)),
        *(("unit", value) for value in ("sections", "", None)),
        *(("keep", value) for value in ("shortest", "", None)),
    ],
)
def test_a_value_out_of_range_is_refused_by_name(name, value):
    with pytest.raises(ConfigError, match=rf"{name} is .*; it must be ") as raised:
        DedupeConfig(**{name: value})
    assert repr(value) in str(raised.value)
    assert isinstance(raised.value, ReportcleanError)
    assert isinstance(raised.value, ValueError)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "threshold": st.floats(0, 1, exclude_min=True),
            "shingle_size": st.integers(1, 64),
            "num_perm": st.integers(16, 512),
            "seed": st.integers(0, 2**32 - 1),
            "min_tokens": st.integers(0, 2**31),
            "unit": st.sampled_from(UNITS),
            "keep": st.sampled_from(KEEP),
        },
    )
)
def test_every_value_in_range_is_taken(values):
    config = DedupeConfig(**values)
    assert {name: getattr(config, name) for name in values} == values
    assert pickle.loads(pickle.dumps(config)) == config  # noqa: S301  # our own; workers get it so


def test_defaults_are_the_documented_ones():
    config = DedupeConfig()
    assert (config.threshold, config.shingle_size, config.num_perm, config.min_tokens) == (0.8, 5, 128, 20)
    assert (config.unit, config.keep, config.prefer) == ("section", "best", "")
    assert not config.keep_updates
    assert not config.mark


def test_a_config_cannot_be_changed_and_a_replaced_one_is_checked():
    config = DedupeConfig()
    with pytest.raises(FrozenInstanceError):
        config.threshold = 0.5
    with pytest.raises(ConfigError):
        replace(config, threshold=2)
    with pytest.raises(TypeError):
        DedupeConfig(0.8)
