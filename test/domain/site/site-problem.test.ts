import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../domain/kernel/durations.ts';
import { foldSite } from '../../../domain/site/fold-site.ts';
import type { SiteEvent } from '../../../domain/site/site-event.ts';
import { siteProblem } from '../../../domain/site/site-problem.ts';
import { registration } from '../../fakes/registration.ts';
import { car, demand, emptySite, limited, noon, planOf } from './given-site.ts';

const siteAfter = (...events: readonly SiteEvent[]) =>
  events.reduce((state, event) => foldSite(state, event, noon), emptySite);
const charging = (powerW: number, energyWh: number): SiteEvent => ({
  type: 'connector-changed',
  connector: car(1, { sampledAt: noon, powerW, energyWh }),
});
const leaving = (energyWh?: number, afterMinutes = 60): SiteEvent => ({
  type: 'signalled',
  signal: {
    type: 'DepartureSet',
    siteId: 'depot',
    at: noon,
    receivedAt: noon,
    by: 'app',
    stationId: 'S1',
    evseId: 1,
    departureAt: noon + afterMinutes * MINUTE_MS,
    expiresAt: noon + 60 * MINUTE_MS,
    ...(energyWh !== undefined && { energyWh }),
  },
});

it('while the meter is lost cars share their part of the limit that holds, also of one that was signalled', () => {
  const lost = { ...siteAfter(charging(30_000, 0)), meter: { kind: 'lost', since: noon } as const };
  const under = foldSite(lost, { type: 'signalled', signal: limited(20_000) }, noon);
  expect([lost, under].map((state) => siteProblem(state, planOf(1), noon).site.load)).toEqual([
    { kind: 'unknown', safeBudgetW: 30_000 },
    { kind: 'unknown', safeBudgetW: 6_000 },
  ]);
});

describe('what a driver still wants', () => {
  const wishAt = (minutes: number, ...events: readonly SiteEvent[]) =>
    siteProblem(siteAfter(...events), planOf(1), noon + minutes * MINUTE_MS).sessions[0]?.wish;

  it('is less by what flowed since the last sample, and never less than nothing', () => {
    const events = [charging(30_000, 4_000), leaving(5_000)];
    expect([0, 1, 2, 3].map((minutes) => wishAt(minutes, ...events)?.energyWh)).toEqual([1_000, 500, 0, 0]);
    expect(wishAt(1, ...events)?.departureInSec).toBe(59 * 60);
  });

  it('stays unknown where only the departure was told, and is nothing after it', () => {
    expect(wishAt(1, charging(30_000, 4_000), leaving())).toEqual({ departureInSec: 59 * 60 });
    expect(wishAt(60, charging(30_000, 4_000), leaving(5_000))).toBeUndefined();
  });

  it('is not what the driver before wanted, whose wish has expired unused', () => {
    const beginsAfter = (startedMinutes: number, heardMinutes = startedMinutes) => {
      const heardAt = noon + heardMinutes * MINUTE_MS;
      const connector = car(1, { startedAt: noon + startedMinutes * MINUTE_MS });
      const begun = foldSite(siteAfter(leaving(5_000, 300)), { type: 'connector-changed', connector }, heardAt);
      return siteProblem(begun, planOf(1), heardAt).sessions[0]?.wish?.energyWh;
    };
    expect([59, 60, 120].map((minutes) => beginsAfter(minutes))).toEqual([5_000, undefined, undefined]);
    // Told late by a station that was offline; of a charger whose clock is ahead.
    expect([beginsAfter(59, 180), beginsAfter(180, 59)]).toEqual([5_000, 5_000]);
  });
});

describe('a turn', () => {
  const waitedSec = (minutes: number, minOnMs: number) => {
    const state = siteAfter({ type: 'signalled', signal: demand(10_000) }, charging(0, 0));
    return siteProblem(state, planOf(1, { minOnMs }), noon + minutes * MINUTE_MS);
  };

  it('lasts as long as the site says, and waiting counts by whole turns', () => {
    const [quick, usual] = [waitedSec(14, 5 * MINUTE_MS), waitedSec(14, 15 * MINUTE_MS)];
    expect([quick.turnSec, quick.sessions[0]?.waitingSec]).toEqual([300, 600]);
    expect([usual.turnSec, usual.sessions[0]?.waitingSec]).toEqual([900, 0]);
  });
});

it('keeps the fall-back of an EVSE free once for the car that may come to it, whichever connector that uses', () => {
  const station = registration({
    stationId: 'S1',
    siteId: 'depot',
    connectors: [
      { evseId: 1, connectorId: 1, connectorType: 'CHAdeMO', ratedW: 15_000 },
      { evseId: 1, connectorId: 2, connectorType: 'CCS', ratedW: 50_000 },
    ],
  });
  const offline = (connectorId: number): SiteEvent => {
    const { session: _, ...free } = car(1, {}, { connectorId, isOffline: true, fallbackW: 20_000 });
    return { type: 'connector-changed', connector: free };
  };
  const plan = { ...planOf(0), stations: [station] };
  expect(siteProblem(siteAfter(offline(1), offline(2)), plan, noon).reserved).toEqual([
    { id: 'S1/1', reservedW: 20_000, isToCome: true },
  ]);
});
