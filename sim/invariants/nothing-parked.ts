import { RULE_ERROR } from '../faults/rule-errors.ts';
import type { Invariant } from './invariant.ts';

/**
 * What is given up by design. An iterator that nobody used for too long, because its batch was tried again and again, is taken
 * anew. The sweep of a minute is not repeated: the one of the next minute does its work. An event for a function is tried three
 * times and kept at its failure destination; a step of the workflow is tried for five minutes, and its failure ends in lifting
 * the limits.
 */
const byDesign = [
  /SweepFleet/,
  /iterator (has )?expired/i,
  /gave up an event after \d+ attempts/,
  /DemandResponseFailed/,
];
const isByDesign = (report: string): boolean => byDesign.some((design) => design.test(report));
const ofEvents = /^aws\/lambda\/async\//;
/** What a topic rule could not hand over because its target refused it: that it lies at the error action is all that is promised. */
const isOfRuleErrors = (key: string, text: string): boolean => key.startsWith('mqtt/') && text.includes(RULE_ERROR);

export const nothingParked: Invariant = {
  name: 'nothing-parked',
  about:
    'No record that could be handled was parked, and no batch was given up; junk is parked, and is that of a hostile station.',
  check: ({ stack, reports, stranger }) => [
    ...stack
      .parked()
      .filter(
        ({ key, text }) => !ofEvents.test(key) && !isOfRuleErrors(key, text) && !text.includes(stranger.stationId),
      )
      .map(({ key, text }) => `parked ${key}: ${String(JSON.parse(text).reason ?? text.slice(0, 200))}`),
    ...reports.filter((report) => !isByDesign(report)).map((report) => `given up: ${report}`),
  ],
};
