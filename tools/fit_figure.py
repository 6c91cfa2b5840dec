#!/usr/bin/env python3
"""The predictive check of a calibration as a figure for the documentation: model bands and the means of repeats, no raw data.

  tools/fit_figure.py out/fit-a375-point docs/images/fit-a375.svg
"""
import argparse
import os

import numpy
import pandas

from senoma.report import COLOURS, figure


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="results of senoma calibrate, with data relative to their first value")
    parser.add_argument("figure", help="the SVG to write")
    arguments = parser.parse_args()
    table = pandas.read_csv(os.path.join(arguments.folder, "predictive.csv"))
    names = list(dict.fromkeys(table["data"]))
    columns = 5
    fig, axes = figure(12.5, 2.6 * -(-len(names) // columns), columns, -(-len(names) // columns))
    for axis, name in zip(axes.flat, names):
        rows = table[table["data"] == name]
        curve = rows.groupby("day")[["low", "median", "high"]].first()
        mean = numpy.exp(numpy.log(rows["measured"]).groupby(rows["day"]).mean())  # geometric: counts are compared by their logarithm
        hours = numpy.concatenate([[0.0], 24 * curve.index.to_numpy()])
        low, median, high = (numpy.concatenate([[1.0], curve[key]]) for key in ("low", "median", "high"))
        axis.fill_between(hours, low, high, color=COLOURS[5], alpha=0.35, linewidth=0, label="90 % of new wells")
        axis.plot(hours, median, color=COLOURS[0], label="model")
        axis.plot(24 * mean.index, mean, "o", color="black", markersize=4, label="mean of wells")
        held_out = ", held out" if rows["held_out"].iloc[0] else ", fitted"
        axis.set_title(f"{name}{held_out}: {int(rows['inside'].sum())}/{len(rows)}", fontsize=9)
        axis.set_yscale("log")
        axis.set_ylim(0.8, 60)
        axis.set_yticks([1, 2, 5, 10, 20, 50], ["1", "2", "5", "10", "20", "50"])
        axis.minorticks_off()
        axis.set_xlabel("hours")
        axis.set_ylabel("cells, relative")
        axis.label_outer()
    axes[0, 0].legend(frameon=False, fontsize=8)
    fig.savefig(arguments.figure, bbox_inches="tight", metadata={"Date": None})


if __name__ == "__main__":
    main()
