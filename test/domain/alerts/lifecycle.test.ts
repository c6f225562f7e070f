import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../domain/alerts/alert.ts';
import { AlertNotOpen, acknowledged, clearedByHand } from '../../../domain/alerts/alert-transitions.ts';
import type { OccurrenceEvaluation, StateEvaluation } from '../../../domain/alerts/evaluation.ts';
import { afterEvaluation, afterTime, afterTimeOffline } from '../../../domain/alerts/lifecycle.ts';
import { defaultThresholds as thresholds } from '../../../domain/alerts/thresholds.ts';
import { MINUTE, minute } from './fixtures.ts';

const subject = { kind: 'site', siteId: 'site-1', zoneId: 'zone-1', region: 'north' } as const;
const rule = { name: 'a-rule', severity: 'major' } as const;

/** What a rule says at a minute: since when it holds (minutes), or that it does not. */
const says = (at: number, since?: number, patch: Partial<StateEvaluation> = {}): StateEvaluation => {
  const finding = since === undefined ? undefined : { since: minute(since), summary: 'It is so', detail: {} };
  return {
    kind: 'state',
    rule,
    subject,
    now: minute(at),
    version: minute(at),
    thresholds,
    dwellMs: 0,
    whileHolding: finding,
    whileNot: finding,
    ...patch,
  };
};
const happens = (at: number, patch: Partial<OccurrenceEvaluation> = {}): OccurrenceEvaluation => ({
  kind: 'occurrence',
  rule,
  subject,
  now: minute(at),
  version: at,
  thresholds,
  occurrence: { id: `event/${at}`, at: minute(at), receivedAt: minute(at), summary: 'It happened', detail: {} },
  holdMs: 60 * MINUTE,
  quorum: { times: 1, withinMs: 0 },
  ...patch,
});
/** What a source tells at a minute: that something is wrong, or that it is over. */
const tells = (at: number, source: string, over = false): OccurrenceEvaluation => {
  const { source: _, over: __, ...occurrence } = happens(at).occurrence;
  return happens(at, { occurrence: { ...occurrence, id: `${source}/${at}`, source, over } });
};

type Life = { readonly alert: Alert | undefined; readonly told: readonly string[] };
const unborn: Life = { alert: undefined, told: [] };
const step = ({ alert, told }: Life, next: Alert | undefined): Life => ({
  alert: next,
  told: next === undefined || next === alert ? told : [...told, ...next.outbox.map(({ id }) => id)],
});
const live = (...evaluations: (StateEvaluation | OccurrenceEvaluation)[]): Life =>
  evaluations.reduce<Life>((life, evaluation) => step(life, afterEvaluation(life.alert, evaluation)), unborn);
const alertOf = ({ alert }: Life): Alert => {
  if (!alert) throw new Error('No alert was raised');
  return alert;
};
const cleared = (life: Life, at: number) => afterTime(alertOf(life), minute(at), thresholds);
const id = 'a-rule|site:site-1|2026-11-20T12:01:00.000Z';

describe('an alert', () => {
  it('comes back under its id when its condition returns within the reopening window', () => {
    expect(live(says(1, 1), says(3), says(10, 10)).told).toEqual([
      `${id}/raised/1`,
      `${id}/cleared/1`,
      `${id}/raised/2`,
    ]);
  });

  it('is another one when its condition returns later', () => {
    const other = 'a-rule|site:site-1|2026-11-20T12:30:00.000Z';
    expect(live(says(1, 1), says(3), says(30, 30)).told).toEqual([
      `${id}/raised/1`,
      `${id}/cleared/1`,
      `${other}/raised/1`,
    ]);
  });

  it('is held open when it flaps, and clears once it has been quiet for long enough', () => {
    const flaps = [1, 3, 5, 7, 9].flatMap((at) => [says(at, at), says(at + 1)]);
    const life = live(...flaps);
    expect(life.told).toEqual(
      [1, 2, 3].flatMap((n) => [`${id}/raised/${n}`, `${id}/cleared/${n}`]).concat(`${id}/raised/4`),
    );
    const still = afterTime(alertOf(life), minute(39), thresholds);
    const over = afterTime(alertOf(life), minute(40), thresholds);
    expect([still?.phase, over?.phase, over?.outbox.map((change) => change.id)]).toEqual([
      'open',
      'cleared',
      [`${id}/cleared/4`],
    ]);
  });

  it('escalates once when nobody acknowledges it in time, and not at all once someone has', () => {
    const raised = alertOf(live(says(1, 1)));
    const waited = afterTime(raised, minute(61), thresholds);
    expect(waited?.outbox).toEqual([
      { type: 'AlertEscalated', id: `${id}/escalated/1/unacknowledged`, at: minute(61), because: 'unacknowledged' },
    ]);
    expect(waited && afterTime(waited, minute(200), thresholds)).toBe(waited);
    const taken = acknowledged(raised, { by: 'dana', at: minute(20), note: 'on my way' });
    expect(afterTime(taken, minute(200), thresholds)).toBe(taken);
  });

  it('escalates while its station is off line only when people are in danger', () => {
    const waiting = (severity: 'major' | 'critical') =>
      afterTimeOffline(alertOf(live(says(1, 1, { rule: { ...rule, severity } }))), minute(1000), thresholds);
    expect(waiting('critical').outbox.map(({ id: change }) => change)).toEqual([`${id}/escalated/1/unacknowledged`]);
    expect(waiting('major')).not.toHaveProperty('escalatedAt');
  });

  it('escalates when it becomes worse', () => {
    const finding = { since: minute(1), summary: 'Worse', detail: {}, severity: 'critical' } as const;
    const worse = alertOf(live(says(1, 1), says(5, 1, { whileHolding: finding })));
    expect([worse.severity, worse.summary, worse.outbox[0]?.id]).toEqual([
      'critical',
      'Worse',
      `${id}/escalated/1/critical`,
    ]);
  });

  it('escalates for want of an acknowledgement only when it has been so severe for long enough', () => {
    const mild = { summary: 'Mild', detail: {}, since: minute(1), severity: 'warning' } as const;
    const bad = { ...mild, severity: 'major' } as const;
    const worse = alertOf(live(says(1, 1, { whileNot: mild }), says(120, 1, { whileHolding: bad })));
    const [before, due] = [179, 180].map((at) => afterTime(worse, minute(at), thresholds));
    expect([before === worse, due?.outbox[0]?.id]).toEqual([true, `${id}/escalated/1/unacknowledged`]);
  });

  it('says what is wrong now, silently and only where a change of the item tells, not with every sweep', () => {
    const raised = alertOf(live(says(1, 1)));
    const finding = { since: minute(2), summary: 'Something else', detail: { errorCode: 'Other' } };
    const other = says(2, 1, { whileHolding: finding, isNews: true });
    const reworded = afterEvaluation(raised, other);
    expect(reworded).toEqual({
      ...raised,
      summary: 'Something else',
      detail: { errorCode: 'Other' },
      version: minute(2),
      rev: raised.rev + 1,
      outbox: [],
    });
    expect(afterEvaluation(reworded, { ...other, version: minute(3) })).toBe(reworded);
    expect(afterEvaluation(raised, says(2, 1, { whileHolding: finding }))).toBe(raised);
  });

  it('says who acknowledged it, once', () => {
    const taken = acknowledged(alertOf(live(says(1, 1))), { by: 'dana', at: minute(2), note: 'on my way' });
    expect(taken.outbox).toEqual([
      { type: 'AlertAcknowledged', id: `${id}/acknowledged/1`, by: 'dana', at: minute(2), note: 'on my way' },
    ]);
    expect(acknowledged(taken, { by: 'eve', at: minute(3) })).toBe(taken);
  });

  it('stays closed when cleared by hand, until its condition has been quiet once', () => {
    const closed = clearedByHand(alertOf(live(says(1, 1))), { by: 'dana', at: minute(5) });
    const ignored = afterEvaluation(closed, says(6, 1));
    expect(ignored).toBe(closed);
    const quiet = afterEvaluation(closed, says(7));
    expect(afterEvaluation(quiet, says(9, 9))?.outbox.map((change) => change.id)).toEqual([`${id}/raised/2`]);
  });

  it('cannot be acknowledged or cleared when it is not open', () => {
    const over = alertOf(live(says(1, 1), says(3)));
    expect(() => acknowledged(over, { by: 'dana', at: minute(4) })).toThrow(AlertNotOpen);
    expect(() => clearedByHand(over, { by: 'dana', at: minute(4) })).toThrow(AlertNotOpen);
  });

  it('is not decided by an image older than the one last judged', () => {
    const over = alertOf(live(says(1, 1), says(10)));
    expect(afterEvaluation(over, says(9, 1))).toBe(over);
  });

  it('judges an item that began anew, although its versions begin at one again', () => {
    const over = alertOf(live(says(1, 1), says(10)));
    const dayLater = 1_500;
    expect(afterEvaluation(over, says(dayLater, dayLater, { version: 1 }))?.phase).toBe('open');
  });

  it('waits for the dwell time, and leaves nothing behind when its condition passes before', () => {
    const whileNot = { summary: 'It is so', detail: {} };
    const dwelling = { dwellMs: 3 * MINUTE, whileNot, whileHolding: whileNot };
    expect(live(says(1, undefined, dwelling), says(3, undefined, dwelling)).told).toEqual([]);
    expect(live(says(1, undefined, dwelling), says(4, undefined, dwelling)).told).toEqual([`${id}/raised/1`]);
    expect(live(says(1, undefined, dwelling), says(3))).toEqual(unborn);
  });

  it('waits for the dwell time again before it comes back', () => {
    const whileNot = { summary: 'It is so', detail: {} };
    const dwelling = { dwellMs: 3 * MINUTE, whileNot, whileHolding: whileNot };
    const back = [says(8, undefined, dwelling), says(10, undefined, dwelling)];
    const before = live(says(1, 1), says(5), ...back);
    expect(before.told).toEqual([`${id}/raised/1`, `${id}/cleared/1`]);
    expect(step(before, afterEvaluation(before.alert, says(11, undefined, dwelling))).told.at(-1)).toBe(
      `${id}/raised/2`,
    );
  });

  it('is not changed by an occurrence it has counted before, even after it was cleared', () => {
    const closed = clearedByHand(alertOf(live(happens(1))), { by: 'dana', at: minute(2) });
    expect(afterEvaluation(closed, happens(1))).toBe(closed);
  });

  it('is raised by occurrences only when enough of them come together', () => {
    const quorum = { times: 3, withinMs: 10 * MINUTE };
    expect(live(happens(1, { quorum }), happens(5, { quorum }), happens(13, { quorum })).told).toEqual([]);
    expect(live(happens(1, { quorum }), happens(5, { quorum }), happens(9, { quorum })).told).toEqual([
      `${id}/raised/1`,
    ]);
  });

  it('is raised by occurrences that came together, also where the last of them is told late', () => {
    const quorum = { times: 3, withinMs: 10 * MINUTE };
    const told = (...minutes: readonly number[]) => {
      const late = { ...happens(6).occurrence, receivedAt: minute(60) };
      return live(...minutes.map((at) => happens(at, { quorum })), happens(60, { quorum, occurrence: late })).told;
    };
    expect([told(10, 30), told(2, 9).map((one) => one.slice(one.lastIndexOf('/raised')))]).toEqual([[], ['/raised/1']]);
  });

  it('is the same one when its condition returned in time, although the dwell time ends later', () => {
    const whileNot = { summary: 'It is so', detail: {} };
    const dwelling = { dwellMs: 3 * MINUTE, whileNot, whileHolding: whileNot };
    const holds = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => says(from + index, undefined, dwelling));
    const life = live(...holds(1, 4), says(5), ...holds(19, 24));
    const alert = alertOf(life);
    expect([life.told, alert.phase === 'open' && alert.raisedAt]).toEqual([
      [`${id}/raised/1`, `${id}/cleared/1`, `${id}/raised/2`],
      minute(22),
    ]);
  });

  it('counts what came after the last alert and did not reopen it', () => {
    const quorum = { times: 2, withinMs: 60 * MINUTE };
    const first = live(happens(1, { quorum }), happens(2, { quorum }));
    const over = step(first, cleared(first, 62));
    const more = [happens(70, { quorum }), happens(80, { quorum })];
    const second = more.reduce((life, evaluation) => step(life, afterEvaluation(life.alert, evaluation)), over);
    expect(second.told.at(-1)).toBe('a-rule|site:site-1|2026-11-20T13:10:00.000Z/raised/1');
  });

  it('is cleared by an occurrence that says the matter is over', () => {
    expect(live(tells(1, 'door'), tells(7, 'door', true)).told).toEqual([`${id}/raised/1`, `${id}/cleared/1`]);
  });

  it('is held open when a source flaps, too, and clears once it has been quiet for long enough', () => {
    const flaps = [1, 6, 11, 16, 21, 26, 31].flatMap((at) => [tells(at, 'door'), tells(at + 2, 'door', true)]);
    const life = live(...flaps);
    expect(life.told).toEqual(
      [1, 2, 3].flatMap((n) => [`${id}/raised/${n}`, `${id}/cleared/${n}`]).concat(`${id}/raised/4`),
    );
    expect([62, 63].map((at) => afterTime(alertOf(life), minute(at), thresholds)?.phase)).toEqual(['open', 'cleared']);
  });

  it('stays open until all that is wrong is over', () => {
    const doors = [tells(1, 'front'), tells(2, 'rear'), tells(3, 'front', true)];
    expect(live(...doors, tells(4, 'cabinet', true)).told).toEqual([`${id}/raised/1`]);
    expect(live(...doors, tells(5, 'rear', true)).told).toEqual([`${id}/raised/1`, `${id}/cleared/1`]);
  });

  it('is not cleared where something happened besides that has no end of its own', () => {
    const life = live(happens(0), tells(1, 'door'), tells(3, 'door', true));
    expect(life.told).toEqual(['a-rule|site:site-1|2026-11-20T12:00:00.000Z/raised/1']);
    expect([59, 60].map((at) => afterTime(alertOf(life), minute(at), thresholds)?.phase)).toEqual(['open', 'cleared']);
  });

  it('is not cleared by an end that is told late, or again', () => {
    const late = { ...tells(1, 'door', true).occurrence, receivedAt: minute(3) };
    expect(live(tells(2, 'door'), happens(3, { occurrence: late })).told).toEqual([
      'a-rule|site:site-1|2026-11-20T12:02:00.000Z/raised/1',
    ]);
    const day = [tells(1, 'door'), tells(2, 'door', true), tells(3, 'door')];
    expect(live(...day, ...day).told).toEqual([`${id}/raised/1`, `${id}/cleared/1`, `${id}/raised/2`]);
  });

  it('is not raised again by what comes again after another one has ended', () => {
    const first = [tells(1, 'door'), tells(2, 'door', true)];
    const second = [tells(100, 'door'), tells(101, 'door', true)];
    const other = 'a-rule|site:site-1|2026-11-20T13:40:00.000Z';
    expect(live(...first, ...second, ...first, ...second).told).toEqual([
      `${id}/raised/1`,
      `${id}/cleared/1`,
      `${other}/raised/1`,
      `${other}/cleared/1`,
    ]);
  });

  it('is not raised again by what happened and passed long before it ended', () => {
    const first = step(live(happens(1)), cleared(live(happens(1)), 61));
    const second = step(first, afterEvaluation(first.alert, happens(100)));
    const over = step(second, cleared(second, 160));
    expect(afterEvaluation(over.alert, happens(1))).toBe(over.alert);
    expect(afterEvaluation(over.alert, happens(120))?.phase).toBe('open');
  });

  it('believes what is wrong where a clock was set back', () => {
    const setBack = { ...tells(-30, 'door').occurrence, receivedAt: minute(3) };
    expect(live(tells(1, 'door'), tells(2, 'door', true), happens(3, { occurrence: setBack })).told).toEqual([
      `${id}/raised/1`,
      `${id}/cleared/1`,
      `${id}/raised/2`,
    ]);
  });

  it('holds what more sources told than it keeps until their time is over', () => {
    const doors = Array.from({ length: 17 }, (_, index) => `door-${index}`);
    const opened = doors.map((door, index) => tells(1 + index, door));
    const life = live(...opened, ...doors.map((door, index) => tells(20 + index, door, true)));
    expect([alertOf(life).phase, alertOf(life).sources?.length]).toEqual(['open', 16]);
    expect([60, 61].map((at) => afterTime(alertOf(life), minute(at), thresholds)?.phase)).toEqual(['open', 'cleared']);
  });

  it('counts an occurrence that arrives late with an older time as its own, and keeps its id', () => {
    const life = live(happens(1), says(2), happens(90));
    const late = happens(95, { occurrence: { ...happens(0).occurrence, receivedAt: minute(95) } });
    expect(alertOf(step(life, afterEvaluation(life.alert, late))).alertId).toBe(id);
  });

  it('counts the time it was open over all its raises', () => {
    expect(alertOf(live(says(1, 1), says(3), says(10, 10), says(14))).openForMs).toBe(6 * MINUTE);
  });
});
