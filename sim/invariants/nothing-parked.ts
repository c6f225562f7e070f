import type { Invariant } from './invariant.ts';

/** The sweep of a minute is not repeated when it fails: the one of the next minute does its work. */
const isSweep = (report: string): boolean => report.includes('SweepFleet');

export const nothingParked: Invariant = {
  name: 'nothing-parked',
  about: 'No record that could be handled was parked, and nothing was given up but sweeps of single minutes.',
  check: ({ stack, reports }) => [
    ...[...stack.parked()].map(([key, { body }]) => `parked ${key}: ${body.slice(0, 200)}`),
    ...reports.filter((report) => !isSweep(report)).map((report) => `given up: ${report}`),
  ],
};
