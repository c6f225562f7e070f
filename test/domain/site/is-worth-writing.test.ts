import { describe, expect, it } from 'vitest';
import { foldSite } from '../../../domain/site/fold-site.ts';
import { isWorthWriting } from '../../../domain/site/is-worth-writing.ts';
import type { SiteSession, SiteState } from '../../../domain/site/site-state.ts';
import { car, demand, emptySite, noon, second } from './given-site.ts';

const begun = foldSite(emptySite, { type: 'connector-changed', connector: car(1) }, noon);
const withSession = (patch: Partial<SiteSession>): SiteState => ({
  ...begun,
  sessions: begun.sessions.map((session) => ({ ...session, ...patch })),
});
const asked = { limitW: 20_000, at: noon, version: noon, validUntil: second(900) };
const waiting = withSession({ inFlight: asked });
const accepted = withSession({ accepted: { limitW: 20_000, at: second(1), validUntil: second(900) } });

const writtenAfterSec = (next: SiteState, kept: SiteState): number | undefined =>
  [0, 59, 60, 299, 300].find((seconds) => isWorthWriting(kept, next, noon, second(seconds)));

describe('a site is written', () => {
  it('at once when something is asked for, accepted or refused, or begins', () => {
    const refused = withSession({ refused: { limitW: 20_000, at: second(1) } });
    expect(
      [
        [waiting, begun],
        [accepted, waiting],
        [refused, waiting],
        [begun, emptySite],
      ].map(([next = begun, kept = begun]) => writtenAfterSec(next, kept)),
    ).toEqual([0, 0, 0, 0]);
  });

  it('within a minute while it draws more than its limit, and every five minutes otherwise', () => {
    const measured = foldSite(begun, { type: 'signalled', signal: demand(50_000) }, noon);
    expect(writtenAfterSec(measured, begun)).toBe(300);
    const over = { ...measured, overLimitAt: noon };
    expect(
      writtenAfterSec({ ...over, demand: { ...demand(60_000, second(15)) } as SiteState['demand'] & object }, over),
    ).toBe(60);
  });
});
