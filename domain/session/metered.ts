import type { Reading } from '../kernel/fact.ts';
import { plausibleWh } from './plausible-energy.ts';
import { type Interpretation, readRegister } from './register.ts';
import type { ActiveSession } from './session.ts';

/** What the connector knows beside the session. */
export type Surroundings = { readonly ratedW: number; readonly idleWh?: number; readonly limitW?: number };

/** What a reading says of the session's energy. */
export type Metered = Partial<Interpretation> & {
  readonly energyWh: number;
  readonly isEstimate?: boolean;
  readonly isMeasured: boolean;
};

/** Event time of the last reading that was believed. */
export const believedAt = ({ startedAt, curve }: ActiveSession): number => startedAt + (curve.at(-1)?.[0] ?? 0) * 1000;

/** Energy of the power since the last sample, Wh: the line between the two. */
export const integrated = (session: ActiveSession, at: number, powerW: number | undefined): number => {
  if (powerW === undefined) return 0;
  const fromAt = session.sampledAt ?? session.startedAt;
  return (((session.powerW ?? powerW) + powerW) / 2) * (Math.max(0, at - fromAt) / 3_600_000);
};

/** The session's energy by a reading: from its register, an interval, or the power, in this order. */
export const metered = (
  session: ActiveSession,
  at: number,
  reading: Reading,
  { ratedW, idleWh }: Surroundings,
): Metered => {
  const { energyWh, register, meterStartWh } = session;
  const gainWh = plausibleWh(ratedW, at - believedAt(session));
  if (reading.energyWh !== undefined) {
    const atBegin = reading.context === 'begin' || at === session.startedAt;
    const known = { energyWh, gainWh, isFirst: register === undefined, atBegin };
    const interpretation = readRegister(
      {
        ...known,
        ...(register && { register }),
        ...(meterStartWh === undefined ? {} : { meterStartWh }),
        ...(idleWh === undefined ? {} : { idleWh }),
      },
      reading.energyWh,
    );
    return { ...interpretation, isMeasured: interpretation.register.doubtWh === undefined };
  }
  const isNew = session.sampledAt === undefined || at > session.sampledAt;
  if (register !== undefined || !isNew) return { energyWh, isMeasured: false };
  if (reading.intervalWh !== undefined && reading.intervalWh >= 0 && reading.intervalWh <= gainWh) {
    return { energyWh: energyWh + reading.intervalWh, isMeasured: true };
  }
  const deliveredWh = Math.min(gainWh, Math.max(0, integrated(session, at, reading.powerW)));
  if (reading.powerW === undefined) return { energyWh, isMeasured: false };
  return { energyWh: energyWh + deliveredWh, isEstimate: true, isMeasured: true };
};
