"""Everything here needs the optional part; double precision is set before its library starts."""

import pytest

pytest.importorskip("numpyro", reason="pip install 'anagen[calibrate]'")

from anagen.calibrate.run import one_thread

one_thread()
