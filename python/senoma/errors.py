"""The one error type: code, place, remedies, and the text as the program prints it."""


class Error(Exception):
    """`code` ("E1203"; `senoma explain E1203` says more), `message`, `place` (file, line, column) or None, `help` (remedies), `kind`
    (configuration, numerical, input_output). str() is the rendered text."""

    def __init__(self, code, message, place=None, help=(), rendered=None, kind="configuration"):
        self.code, self.message, self.place, self.kind = code, message, place, kind
        self.help = [help] if isinstance(help, str) else list(help)
        self.rendered = rendered or self._render()
        super().__init__(self.rendered)

    def _render(self):
        lines = [f"error[{self.code}]: {self.message}"]
        if self.place:
            lines.append("  --> " + ":".join(str(part) for part in self.place if part not in (None, 0, "")))
        lines += [f"   = help: {remedy}" for remedy in self.help]
        lines.append(f"   = see: senoma explain {self.code}")
        return "\n".join(lines)

    def __reduce__(self):  # so that it comes back whole from a worker
        return (Error, (self.code, self.message, self.place, self.help, self.rendered, self.kind))


def need(package, extra):
    """Imports an optional package, or says which extra brings it."""
    import importlib

    try:
        return importlib.import_module(package)
    except ImportError as missing:
        raise Error("E9109", f"this needs the Python package {package}, which is not installed ({missing})",
                    help=f"pip install './python[{extra}]'") from None


def nearest(name, names):
    """The remedies for a wrong name: the nearest one, and what there is."""
    import difflib

    names = [str(n) for n in names]
    close = difflib.get_close_matches(str(name), names, 1, 0.6)
    shown = ", ".join(names[:12]) + (f" … ({len(names)} in all)" if len(names) > 12 else "")
    return [f"did you mean '{name}'?" for name in close] + [f"there are: {shown}" if names else "there are none"]
