"""Self-contained HTML pages: text, tables and figures in one file, readable in light and dark."""
import base64
import html
import io
import math
import pathlib

# Okabe-Ito: told apart by colour-blind readers too
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]

_STYLE = """body{font:16px/1.55 system-ui,sans-serif;color:#1c2430;background:#fff;max-width:60rem;margin:2rem auto;padding:0 1.2rem}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.2rem;margin-top:2.2rem}p.lead{font-size:1.05rem;color:#445}
table{border-collapse:collapse;font-size:.92rem;margin:.8rem 0;display:block;overflow-x:auto}th,td{padding:.3rem .7rem;text-align:right;border-bottom:1px solid #dde3ea}
th:first-child,td:first-child{text-align:left}th{font-weight:600;background:#f4f6f9}figure{margin:1rem 0}img{max-width:100%}figcaption{font-size:.9rem;color:#556}
footer{margin-top:3rem;font-size:.85rem;color:#667;border-top:1px solid #dde3ea;padding-top:.6rem}"""


def number(value):
    """Four significant digits."""
    if isinstance(value, float):
        return "–" if math.isnan(value) else f"{value:.4g}"
    return str(value)


class Page:
    def __init__(self, title, lead):
        self._title, self._parts = title, [f"<h1>{html.escape(title)}</h1><p class='lead'>{html.escape(lead)}</p>"]

    def heading(self, text):
        self._parts.append(f"<h2>{html.escape(text)}</h2>")

    def text(self, text):
        self._parts.append(f"<p>{html.escape(text)}</p>")

    def table(self, frame, rows=40):
        head = "".join(f"<th>{html.escape(str(c))}</th>" for c in frame.columns)
        body = "".join("<tr>" + "".join(f"<td>{html.escape(number(v))}</td>" for v in row) + "</tr>" for row in frame.head(rows).itertuples(index=False))
        more = f"<p>{len(frame) - rows} more rows are in the CSV file.</p>" if len(frame) > rows else ""
        self._parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}")

    def figure(self, figure, caption):
        data = io.BytesIO()
        figure.savefig(data, format="svg", bbox_inches="tight", metadata={"Date": None})
        encoded = base64.b64encode(data.getvalue()).decode()
        self._parts.append(f"<figure><img alt='{html.escape(caption, quote=True)}' src='data:image/svg+xml;base64,{encoded}'>"
                           f"<figcaption>{html.escape(caption)}</figcaption></figure>")

    def write(self, path):
        from senoma.member import VERSION

        text = (f"<!doctype html><html lang='en'><head><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
                f"<title>{html.escape(self._title)}</title><style>{_STYLE}</style></head><body>{''.join(self._parts)}"
                f"<footer>Made by Senoma {VERSION}.</footer></body></html>")
        pathlib.Path(path).write_text(text, encoding="utf-8")


def figure(width=7.0, height=4.0, columns=1, rows=1):
    """A figure and its axes without a window system and without global state."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    made = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(made)
    axes = made.subplots(rows, columns, squeeze=False)
    for axis in axes.flat:
        axis.spines[["top", "right"]].set_visible(False)
    return made, axes


def short(name, names):
    """The shortest tail of a key that no other key shares."""
    parts = name.split(".")
    for n in range(1, len(parts)):
        tail = ".".join(parts[-n:])
        if sum(other == tail or other.endswith("." + tail) for other in names) == 1:
            return tail
    return name
