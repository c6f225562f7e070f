import type { System } from '../../../async/system.ts';
import { requestDigest } from '../../../aws/commands/request-digest.ts';
import { type CommandAnswer, commandAnswer } from '../../../domain/demand-response/command-answer.ts';
import { readRestoration, readSignal } from '../../../domain/demand-response/read-signal.ts';
import type { ZoneStation } from '../../../domain/demand-response/zone-station.ts';
import type { SiteConfiguration } from '../../../domain/site/site-configuration.ts';
import { demandResponseDefinition } from '../../../lib/consumers/demand-response-definition.ts';
import { type RunningDefinition, runDefinition } from '../../../local/stepfunctions/run-definition.ts';
import type { SiteRecord } from '../../../use-cases/ports/sites/site-record.ts';
import { runStep } from '../../../use-cases/respond-to-demand/run-step.ts';
import type { StepName, StepRequest } from '../../../use-cases/respond-to-demand/step.ts';
import { restoreSignals, submitSignal } from '../../../use-cases/respond-to-demand/submit-signal.ts';
import { settleReply } from '../../../use-cases/send-command/settle-reply.ts';
import { wakeMailbox } from '../../../use-cases/send-command/wake-mailbox.ts';
import { fakeMailboxStore } from '../../fakes/mailbox-store.ts';
import { fakePlanStore } from '../../fakes/plan-store.ts';
import { fakeSignalStore } from '../../fakes/signal-store.ts';

/** The clock and the timers that the test has replaced. */
const system: System = {
  clock: () => Date.now(),
  sleep: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs)),
  random: () => 0.5,
};

/** How a station takes a limit. */
export type Habit = 'obeys' | 'ignores' | 'rejects' | 'rejects-maximum' | 'offline' | 'never-connected';

export type SimulatedStation = {
  readonly stationId: string;
  readonly siteId?: string;
  readonly demandW: number;
  readonly habit?: Habit;
  /** It takes no maximum for the whole. */
  readonly hasNoMax?: true;
  /** What it keeps in events of priority 3, W. */
  readonly comfortW?: number;
};

type Period = { readonly startPeriod: number; readonly limit: number };
type Held = { readonly startAt: number; readonly validTo: number; readonly periods: readonly Period[] };

const MINIMUM_W = 5_000;
const RATED_W = 50_000;
export const METER_SEC = 10;

/**
 * A zone of direct-current stations that speak OCPP 1.6 and keep one maximum each, under the clock of the test, with the
 * deployed state machine, real steps and real mailboxes.
 */
export const simulatedZone = (
  first: readonly SimulatedStation[],
  { zoneId = 'north', controlledSites = [] as readonly string[], isMetered = false } = {},
) => {
  const siteRecords: SiteRecord[] = [];
  /** How late meters are known. */
  const lagMs = { value: 0 };
  /** Stations of the zone now; those that left it still charge. */
  const members = [...first];
  const stations = [...first];
  const held = new Map<string, Held>();
  const profiles: {
    readonly stationId: string;
    readonly at: number;
    readonly purpose: string;
    readonly periods: readonly Period[];
  }[] = [];
  const contact = (habit: Habit | undefined) => ({
    connectors: [],
    admission: 'accepted' as const,
    ocpp: habit === 'never-connected' ? undefined : ('1.6' as const),
    ...(habit !== 'offline' &&
      habit !== 'never-connected' && {
        connection: { connectionId: 'c', ocpp: '1.6' as const, transport: 'websocket' as const, openedAt: 0 },
      }),
  });
  /** Called before each step, before each write of a station's mailbox, after a plan was read, before a check or a report is kept: what they throw fails the task. */
  const faults: {
    before?: (step: StepName) => void;
    beforeCommand?: (stationId: string) => Promise<void> | void;
    afterPlanRead?: () => Promise<void>;
    beforeCheck?: () => Promise<void>;
    beforeReport?: () => void;
  } = {};
  const store = fakeMailboxStore(stations.map(({ stationId, habit }) => [stationId, contact(habit)]));
  const mailboxes: typeof store = {
    ...store,
    commit: async (write) => {
      await faults.beforeCommand?.(write.stationId);
      return store.commit(write);
    },
  };
  /** Stations whose frames get lost: they neither take them nor answer. */
  const deaf = new Set<string>();
  /** Stations whose answers get lost: they do what they are sent. */
  const mute = new Set<string>();
  const habits = new Map<string, Habit>();
  const habitOf = (stationId: string): Habit =>
    habits.get(stationId) ?? stations.find((one) => one.stationId === stationId)?.habit ?? 'obeys';

  const limitOf = (stationId: string): number => {
    const profile = held.get(stationId);
    const now = Date.now();
    if (profile === undefined || now >= profile.validTo) return Number.POSITIVE_INFINITY;
    const elapsedSec = (now - profile.startAt) / 1_000;
    return profile.periods.findLast(({ startPeriod }) => startPeriod <= elapsedSec)?.limit ?? Number.POSITIVE_INFINITY;
  };
  const drawnW = ({ stationId, demandW }: SimulatedStation): number => Math.min(demandW, limitOf(stationId));
  const totalW = (): number => stations.reduce((sum, station) => sum + drawnW(station), 0);

  /** What each station drew at each second, W, in the order of `stations`: its own meter, if the zone is metered. */
  const meter: { readonly at: number; readonly powersW: readonly number[] }[] = [];
  /** What each station told last: a reading every meter interval, at a second of its own. */
  const readings = new Map<string, { readonly powerW: number; readonly at: number }>();
  const readMeters = (): void => {
    const at = Date.now();
    const powersW = stations.map(drawnW);
    meter.push({ at, powersW });
    for (const [index, { stationId }] of stations.entries())
      if (index % METER_SEC === Math.round(at / 1_000) % METER_SEC)
        readings.set(stationId, { powerW: powersW[index] ?? 0, at });
  };
  if (isMetered) {
    readMeters();
    setInterval(readMeters, 1_000);
  }
  const readingOf = (one: SimulatedStation) =>
    isMetered ? readings.get(one.stationId) : { powerW: drawnW(one), at: Date.now() - lagMs.value };
  /** The load of the zone by minutes, as the windows have it. */
  const windows = {
    read: async (_: string, __: readonly string[], fromAt: number, toAt: number) =>
      [...Map.groupBy(meter, ({ at }) => Math.floor(at / 60_000) * 60_000)]
        .filter(([startAt]) => startAt >= fromAt && startAt < toAt)
        .map(([startAt, samples]) => {
          const sums = samples.map(({ powersW }) => powersW.reduce((sum, powerW) => sum + powerW, 0));
          return { startAt, measures: { loadW: sums.reduce((sum, one) => sum + one, 0) / sums.length } };
        }),
  };

  const ports = { mailboxes, system, warn: () => undefined };
  const sender = {
    send: async (stationId: string, _: unknown, frame: string) => {
      const [, messageId, , payload] = JSON.parse(frame);
      // Of what holds after a lost frame nothing is told.
      if (deaf.has(stationId) || payload.csChargingProfiles === undefined) return 'sent' as const;
      const habit = habitOf(stationId);
      const { chargingProfilePurpose: purpose, chargingSchedule, validTo } = payload.csChargingProfiles;
      const periods: readonly Period[] = chargingSchedule.chargingSchedulePeriod;
      profiles.push({ stationId, at: Date.now(), purpose, periods });
      if (habit === 'obeys')
        held.set(stationId, {
          startAt: Date.parse(chargingSchedule.startSchedule),
          validTo: Date.parse(validTo),
          periods,
        });
      const takesIt = habit === 'rejects-maximum' && purpose !== 'ChargePointMaxProfile';
      if (takesIt)
        held.set(stationId, {
          startAt: Date.parse(chargingSchedule.startSchedule),
          validTo: Date.parse(validTo),
          periods,
        });
      const status = habit === 'rejects' || (habit === 'rejects-maximum' && !takesIt) ? 'Rejected' : 'Accepted';
      const reply = { kind: 'result', id: messageId, payload: { status } } as const;
      if (mute.has(stationId)) return 'sent' as const;
      // The reply comes a little later, as on a wire.
      setTimeout(() => void settleReply({ ...ports, sender })(stationId, reply as never, '1.6', undefined), 20);
      return 'sent' as const;
    },
  };

  const signalStore = fakeSignalStore();
  const signals: typeof signalStore = {
    ...signalStore,
    addCheck: async (signalId, check) => {
      await faults.beforeCheck?.();
      await signalStore.addCheck(signalId, check);
    },
    saveReport: async (report) => {
      faults.beforeReport?.();
      await signalStore.saveReport(report);
    },
  };
  const planStore = fakePlanStore();
  const plans: typeof planStore = {
    ...planStore,
    load: async (zoneId) => {
      const plan = await planStore.load(zoneId);
      await faults.afterPlanRead?.();
      return plan;
    },
  };
  const zoneStation = (one: SimulatedStation): ZoneStation => ({
    stationId: one.stationId,
    siteId: one.siteId ?? 'depot',
    loadW: readingOf(one)?.powerW,
    floorW: one.demandW > 0 ? MINIMUM_W : 0,
    ...(one.comfortW !== undefined && { comfortW: one.comfortW }),
    minimumW: MINIMUM_W,
    ratedW: RATED_W,
    supply: { current: 'DC', voltageV: 230, phases: 3 },
    ...(one.hasNoMax && { abilities: { hasStationMax: false } }),
    transactions: one.demandW > 0 ? [{ evseId: 1, transactionId: '7', powerW: drawnW(one) }] : [],
    connectorKeys: ['1#1'],
  });
  const stationsBy = async (stationIds: readonly string[]) =>
    stations.filter(({ stationId }) => stationIds.includes(stationId)).map(zoneStation);
  const reads = { loads: 0 };
  const network = {
    membersOf: async () => new Set(members.map(({ stationId }) => stationId)),
    stationsOf: async () => members.map(zoneStation),
    stationsBy,
    reachedBy: async (stationIds: readonly string[]) =>
      (await stationsBy(stationIds)).map((station) => ({
        station,
        contact: contact(habitOf(station.stationId)),
      })),
    zonesOfSite: async (asked: string) => (members.some(({ siteId = 'depot' }) => siteId === asked) ? [zoneId] : []),
    timeZoneOf: async () => 'UTC',
    loadsOf: async () => {
      reads.loads += 1;
      return new Map(
        members.flatMap((one) => {
          const reading = readingOf(one);
          return reading ? [[one.stationId, reading] as const] : [];
        }),
      );
    },
  };
  const commands = {
    answersTo: async (asked: readonly { readonly stationId: string; readonly commandId: string }[]) => {
      const answers = new Map<string, CommandAnswer>();
      for (const { stationId, commandId } of asked) {
        const record = await mailboxes.find(stationId, commandId);
        const answer = record && commandAnswer(record);
        if (answer) answers.set(commandId, answer);
      }
      return answers;
    },
  };
  const steps = runStep({
    ...ports,
    commands,
    sender,
    signals,
    plans,
    network,
    windows: windows as never,
    configurations: {
      all: async () => controlledSites.map((siteId) => ({ siteId, controlled: true }) as SiteConfiguration),
    },
    siteStream: { put: async (records) => void siteRecords.push(...records) },
    digest: requestDigest,
    meterIntervalSec: METER_SEC,
  });
  const taken: StepName[] = [];
  const executions = new Map<string, RunningDefinition>();
  const closed = new Set<string>();
  const run = (name: string, input: object) => {
    const invoke = async (_: string, event: unknown) => {
      const request = event as StepRequest;
      faults.before?.(request.step);
      taken.push(request.step);
      return steps(request);
    };
    const arn = 'arn:aws:lambda:eu-west-1:000000000000:function:steps';
    const execution = runDefinition(demandResponseDefinition(arn) as never, input, {}, invoke);
    executions.set(name, execution);
    void execution.ended.then(() => closed.add(name));
  };
  const submitPorts = {
    signals,
    workflows: {
      start: async (name: string, input: object) => {
        if (closed.has(name)) return 'closed' as const;
        if (!executions.has(name)) run(name, input);
        return 'started' as const;
      },
    },
    digest: requestDigest,
    system,
  };
  const arrival = () => ({ receivedAt: Date.now(), by: 'bus: utility' });
  return {
    /** A station that was not in the zone comes into it. */
    join: (station: SimulatedStation) => {
      members.push(station);
      stations.push(station);
      mailboxes.contacts.set(station.stationId, contact(station.habit));
    },
    /** A station leaves the zone: it charges on elsewhere, and nothing is heard of it here. */
    leave: (stationId: string) => {
      members.splice(
        members.findIndex((one) => one.stationId === stationId),
        1,
      );
    },
    /** A station that was offline connects. */
    connect: (stationId: string) => {
      mailboxes.contacts.set(stationId, contact('obeys'));
      habits.set(stationId, 'obeys');
    },
    /** Cars come to a station, or go. */
    demand: (stationId: string, demandW: number) => {
      const index = stations.findIndex((one) => one.stationId === stationId);
      const station = stations[index];
      if (station === undefined) throw new Error(`There is no ${stationId}`);
      const changed = { ...station, demandW };
      members[members.indexOf(station)] = changed;
      stations[index] = changed;
    },
    deaf,
    mute,
    /** Time has passed: ends what waits in a mailbox for too long. */
    wake: (stationId: string) => wakeMailbox({ ...ports, sender }).woken(stationId),
    lagMs,
    /** What stations drew, second by second. */
    meter,
    executions,
    faults,
    plans,
    profiles,
    /** How often the loads of the zone were read. */
    reads,
    siteRecords,
    run,
    signals,
    steps,
    taken,
    totalW,
    limitOf,
    submit: (signal: object) => submitSignal(submitPorts)(readSignal({ zoneId, ...signal }, arrival())),
    restore: (restoration: object) => restoreSignals(submitPorts)(readRestoration(restoration, arrival())),
    plan: () => plans.load(zoneId),
  };
};
