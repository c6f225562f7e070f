import { actionsOf } from '../../../ocpp/actions-of.ts';
import type { Payload } from '../../../ocpp/payload.ts';
import { schemaErrors } from '../../../ocpp/validate.ts';
import type { Drivers } from '../../../simulator/charge-point/cars/drivers.ts';
import type { Vehicle } from '../../../simulator/charge-point/cars/vehicle.ts';
import { type ChargePointOptions, chargePoint } from '../../../simulator/charge-point/charge-point.ts';
import {
  type ConnectedStation,
  type InMemoryCsms,
  inMemory,
} from '../../../simulator/charge-point/connection/in-memory.ts';
import { virtualClock } from '../../../simulator/clock.ts';
import { type DemoStation, demoNetwork } from '../../../simulator/demo-network.ts';
import { random } from '../../../simulator/random.ts';
import { tagPool } from '../../../simulator/tag-pool.ts';
import { traffic } from '../../../simulator/traffic.ts';
import { replyErrors } from '../../ocpp/reply-errors.ts';

export const startAt = Date.parse('2026-06-03T09:00:00Z');

export const car: Vehicle = {
  batteryWh: 77_000,
  directW: 175_000,
  perPhaseW: 7_400,
  phases: 3,
  targetPercent: 100,
  socPercent: 10,
  takesShare: 1,
  wavers: 0.03,
};

/** Nobody comes by. */
export const nobody: Drivers = { gapMs: () => Infinity, visit: () => ({ vehicle: car, stayMs: 3_600_000 }) };

/** One car at each connector, one minute after the other, for so long. */
export const oneEach = (stayMs = 3 * 3_600_000, vehicle = car): Drivers => {
  const came = new Set<number>();
  return {
    gapMs: ({ evseId }) => {
      if (came.has(evseId)) return Infinity;
      came.add(evseId);
      return evseId * 60_000;
    },
    visit: () => ({ vehicle, stayMs }),
  };
};

export type Call = { readonly action: string; readonly payload: Payload };

/** A station with three outlets of 11 kW, alternating current, unless a test wants another one. */
const station = (ocpp: '1.6' | '2.0.1'): DemoStation => {
  const [found] = demoNetwork({ stations: 1, seed: 'demo' }).stations;
  if (!found) throw new Error('The demo network is empty');
  const connectors = [1, 2, 3].map((evseId) => ({
    evseId,
    connectorId: ocpp === '1.6' ? evseId : 1,
    connectorType: 'Type2',
    ratedW: 11_000,
  }));
  return { ...found, vendor: 'Kerbside', stationId: 'S1', ocpp, connectors };
};

/** A simulated station in virtual time, and the CSMS it is connected to, which accepts everything. */
export const givenChargePoint = async (
  ocpp: '1.6' | '2.0.1',
  options: Partial<ChargePointOptions> = {},
  minutes = 5,
) => {
  const clock = virtualClock(startAt);
  const heard: Call[] = [];
  const problems: string[] = [];
  const replies = new Map<string, (frame: unknown[]) => void>();
  let line: ConnectedStation | undefined;
  let calls = 0;
  let transactions = 0;
  const answers: Readonly<Record<string, () => Payload>> = {
    Authorize: () => ({ idTagInfo: { status: 'Accepted' }, idTokenInfo: { status: 'Accepted' } }),
    BootNotification: () => ({ status: 'Accepted', interval: 300 }),
    StartTransaction: () => ({ transactionId: ++transactions, idTagInfo: { status: 'Accepted' } }),
  };
  const csms: InMemoryCsms = {
    connect: async (connected) => {
      line = connected;
      return {
        received: (text) => {
          const frame = JSON.parse(text);
          const [type, messageId, action, payload] = frame;
          if (type !== 2) return replies.get(messageId)?.(frame);
          heard.push({ action, payload });
          const validate = actionsOf(ocpp).validators.get(action);
          const faults = validate ? schemaErrors(validate, payload) : [`OCPP ${ocpp} has no such action`];
          if (faults.length > 0) problems.push(`${action}: ${JSON.stringify(faults)}`);
          connected.send(JSON.stringify([3, messageId, answers[action]?.() ?? {}]));
        },
        closed: () => {
          line = undefined;
        },
      };
    },
  };
  let made = 0;
  const point = chargePoint({
    station: station(ocpp),
    url: 'in-memory',
    tags: tagPool(['T1', 'T2', 'T3', 'T4']),
    chance: random('given'),
    traffic: traffic(),
    rate: 1,
    sampleMs: 60_000,
    strict: false,
    drops: false,
    faults: false,
    log: () => {},
    clock,
    newTransactionId: () => `t${++made}`,
    drivers: nobody,
    transport: inMemory(csms),
    ...options,
  });
  point.start();
  await clock.runUntil(startAt + minutes * 60_000);
  const pass = (ms: number) => clock.runUntil(clock.now() + ms);
  /** Sends a command and resolves to the whole frame of the answer; undefined when there is none within so many ms. */
  const frameOf = async (
    action: string,
    payload: Payload,
    withinMs = 1_000,
  ): Promise<readonly unknown[] | undefined> => {
    const messageId = `c${++calls}`;
    let answer: readonly unknown[] | undefined;
    replies.set(messageId, (frame) => {
      answer = frame;
      const faults = frame[0] === 3 ? (replyErrors(ocpp, action, frame[2]) ?? []) : [];
      if (faults.length > 0) problems.push(`reply to ${action}: ${JSON.stringify(faults)}`);
    });
    line?.send(JSON.stringify([2, messageId, action, payload]));
    await pass(withinMs);
    return answer;
  };
  return {
    point,
    clock,
    heard,
    problems,
    pass,
    frameOf,
    command: async (action: string, payload: Payload): Promise<unknown> => (await frameOf(action, payload))?.[2],
    /** What was heard of an action, payloads only. */
    said: (action: string) => heard.filter((call) => call.action === action).map(({ payload }) => payload),
    powerW: () => point.record().connectors.map(({ powerW }) => Math.round(powerW)),
  };
};
