"""The decision aid as a web page and a JSON API, on one machine, with nothing stored."""
