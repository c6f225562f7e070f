import type { Occurrence, StationRule } from '../rule.ts';
import { foundNames, stationEventOf } from '../station-event.ts';

/** Security events of OCPP (2.0.1 part 2, appendix "Security Events") that mean someone is at the station or its software. */
const attacks: readonly string[] = [
  'TamperDetectionActivated',
  'SecurityLogWasCleared',
  'AttemptedReplayAttacks',
  'InvalidFirmwareSignature',
  'InvalidFirmwareSigningCertificate',
  'FailedToAuthenticateAtCentralSystem',
  'FailedToAuthenticateAtCsms',
];
const doorWords = /(?<!\b(in|out))door|tamper|enclosure|intrusion|\bcase ?access\b|\b(lids?|covers?)(open\p{L}*)?\b/iu;

/** DoorOpen and DOOR_OPEN in single words: "valid" is no lid, and "recovered" no cover. */
const inWords = (text: string): string =>
  text.replace(/([a-z\d])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$3 $2').replace(/[^\p{L}\d]+/gu, ' ');
const isDoor = (text: string): boolean => doorWords.test(inWords(text));

const shutWords = /^(false|0|closed|shut|ok|secured)$/i;
/** DoorClosed is true where all is well, DoorOpen is false. */
const shutNames = /\b(closed|shut|secured)\b/i;
const asClosedWords = /^(true|1|closed|shut|ok|secured)$/i;

/** What a vendor writes in a status when all is well again. "Door not closed" is no such word, nor is "Door open, lid closed". */
const shutText =
  /(?<!\bnot )\b(closed|shut|secured|cleared|restored|recovered|normal|ok|none)\b|\bno (tamper|intrusion)|\bnot open/i;
const openText = /(?<!\bnot )\bopen/i;
const clauses = /[,;(]|\.\s/;

const saysShut = (clause: string): boolean => shutText.test(inWords(clause)) && !openText.test(inWords(clause));

/** Whether each part of a status that is about a door says so: "Tamper detected, door closed" tells of tampering. */
const isShut = (text: string): boolean => {
  const ofDoors = text.split(clauses).filter(isDoor);
  return ofDoors.length > 0 && ofDoors.every(saysShut);
};

/** Tampering and doors arrive as security events, as device events (2.x), or in a vendor's status text (1.6). */
export const tamper: StationRule = {
  name: 'tamper',
  subject: 'station',
  severity: 'critical',
  driven: 'change',
  about:
    'Raised by a security event of tampering or attack and by an opened door; clears when every such door is told shut, else a day after the last event.',
  occur: ({ changes }) =>
    changes.flatMap((change): readonly Occurrence[] => {
      const { id, at, receivedAt } = change;
      const event = stationEventOf(change);
      if (event?.kind === 'security' && attacks.includes(event.event))
        return [{ id, at, receivedAt, summary: `Security event: ${event.event}`, detail: { event: event.event } }];
      if (event?.kind === 'device' && foundNames(event).some(isDoor)) {
        const words = shutNames.test(inWords(event.variable)) ? asClosedWords : shutWords;
        const over = event.cleared || words.test(event.value);
        const detail = { component: event.component, variable: event.variable, value: event.value };
        const summary = 'Door open or enclosure tampered with';
        return [{ id, at, receivedAt, source: event.source, over, summary, detail }];
      }
      if (change.type !== 'StationStatusChanged') return [];
      const said = [change.vendorErrorCode, change.info].find((text) => text !== undefined && isDoor(text));
      if (said === undefined) return [];
      const summary = 'Door open or enclosure tampered with';
      return [{ id, at, receivedAt, source: 'status', over: isShut(said), summary, detail: { said } }];
    }),
  holdMs: ({ tamperHoldMs }) => tamperHoldMs,
  evaluatedOffline: true,
};
