"""How long the scheduling algorithms of acnportal (a public research portal for charging) take for allocation problems.

Reads {"algorithm": "round-robin" | "first-come-first-served", "problems": [{"cars": [{"id", "minW", "maxW"}], "limits":
[{"limitW", "members"}]}]} from stdin and writes {"ms", "givenW"} to stdout: the time of one pass over all problems, and what
each problem gave out in all. Powers become currents at 230 V; its simulator is replaced by what the algorithms ask of it.
"""
import json
import sys
import time
import warnings

warnings.simplefilter("ignore")

import numpy as np
from acnportal.acnsim.interface import InfrastructureInfo, SessionInfo
from acnportal.algorithms import RoundRobin, SortedSchedulingAlgo, first_come_first_served

VOLTAGE = 230.0
ALGORITHMS = {"round-robin": RoundRobin, "first-come-first-served": SortedSchedulingAlgo}


class Site:
    """What an algorithm sees of a site. Its bounds, as ours, are of this instant: no car is nearly finished."""

    period = 5

    def __init__(self, problem):
        cars, limits = problem["cars"], problem["limits"]
        ids = [car["id"] for car in cars]
        index = {car_id: i for i, car_id in enumerate(ids)}
        matrix = np.zeros((len(limits), len(ids)))
        for row, limit in enumerate(limits):
            matrix[row, [index[member] for member in limit["members"]]] = 1
        most = np.array([car["maxW"] / VOLTAGE for car in cars])
        least = np.array([car["minW"] / VOLTAGE for car in cars])
        self.infrastructure = InfrastructureInfo(
            matrix,
            np.array([limit["limitW"] / VOLTAGE for limit in limits]),
            np.zeros(len(ids)),
            np.full(len(ids), VOLTAGE),
            [str(row) for row in range(len(limits))],
            ids,
            most,
            least,
            allowable_pilots=[np.array([low, high]) for low, high in zip(least, most)],
            is_continuous=np.ones(len(ids), dtype=bool),
        )
        self.sessions = [
            SessionInfo(car["id"], car["id"], 1e6, 0, arrival, len(cars) + 1, current_time=len(cars), min_rates=low, max_rates=high)
            for arrival, (car, low, high) in enumerate(zip(cars, least, most))
        ]

    def infrastructure_info(self):
        return self.infrastructure

    def remaining_amp_periods(self, _session):
        return float("inf")


asked = json.load(sys.stdin)
algorithm = ALGORITHMS[asked["algorithm"]](first_come_first_served)
sites = [Site(problem) for problem in asked["problems"]]
given_w = []
started = time.perf_counter()
for site in sites:
    algorithm.register_interface(site)
    schedule = algorithm.schedule(site.sessions)
    given_w.append(round(VOLTAGE * sum(float(rates[0]) for rates in schedule.values())))
print(json.dumps({"ms": 1000 * (time.perf_counter() - started), "givenW": given_w}))
