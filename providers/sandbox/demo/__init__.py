"""Made-up people, places, shops and talk, shared by the demo worlds of all upstreams."""
