#!/usr/bin/env python3
"""Counts the figures of the Maven CRM files apart from the product: figures.py FOLDER > figures.json

By quarter of the closing day, for the whole and for each agent, manager, office and product: deals won and lost, amount won
(in cents), and mean and median days from engaging to closing of those won and of those lost. Only Python's own library.
"""
import csv
import json
import statistics
import sys
from collections import defaultdict
from datetime import date
from pathlib import Path

folder = Path(sys.argv[1])


def rows(name):
    with open(folder / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


teams = {row["sales_agent"]: row for row in rows("sales_teams")}
deals = defaultdict(list)
for row in rows("sales_pipeline"):
    if row["deal_stage"] not in ("Won", "Lost"):
        continue
    closed = date.fromisoformat(row["close_date"])
    days = (closed - date.fromisoformat(row["engage_date"])).days
    quarter = f"{closed.year}-Q{(closed.month + 2) // 3}"
    agent = row["sales_agent"]
    # The files write one product in two ways.
    product = {"GTXPro": "GTX Pro"}.get(row["product"], row["product"])
    deal = (row["deal_stage"], round(float(row["close_value"]) * 100), days)
    for key in (
        "",
        f"agent {agent}",
        f"manager {teams[agent]['manager']}",
        f"office {teams[agent]['regional_office']}",
        f"product {product}",
    ):
        deals[quarter, key].append(deal)

figures = defaultdict(dict)
for (quarter, key), some in sorted(deals.items()):
    won = [deal for deal in some if deal[0] == "Won"]
    lost = [deal for deal in some if deal[0] == "Lost"]

    def took(of):
        days = [deal[2] for deal in of]
        return [statistics.fmean(days), statistics.median(days)] if days else None

    figures[quarter][key] = {
        "won": len(won),
        "lost": len(lost),
        "won_amount": sum(deal[1] for deal in won),
        "won_took": took(won),
        "lost_took": took(lost),
    }
json.dump(figures, sys.stdout, indent=1, sort_keys=True)
print()
