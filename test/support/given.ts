import type { Fact } from '../../domain/kernel/fact.ts';
import { guardOf } from '../../domain/kernel/guard.ts';
import type { StateChange } from '../../domain/kernel/state-change.ts';
import type { RegisteredConnector } from '../../domain/registry/registration.ts';
import { fold } from '../../domain/station/fold.ts';
import type { StationAggregate } from '../../domain/station/station-aggregate.ts';
import { registration } from './station-days.ts';

/** A station S1 with two registered connectors of 22 kW, of which nothing is known yet. */
const twoOfType2: StationAggregate = { stationId: 'S1', station: { registration: registration('S1') }, connectors: [] };

type Messages = readonly (Fact | readonly Fact[])[];

const leadTo = (start: StationAggregate, messages: Messages) => {
  let aggregate = start;
  const changes: StateChange[] = [];
  for (const [index, message] of messages.entries()) {
    const facts: readonly Fact[] = 'type' in message ? [message] : message;
    const isFinding = facts.some(({ type }) => ['StationLost', 'SessionAbandoned', 'StationRegistered'].includes(type));
    const heardAt = facts[0]?.receivedAt;
    const guard = guardOf('00', String(index + 1));
    const folded = fold(aggregate, { guard, facts, ...(isFinding || heardAt === undefined ? {} : { heardAt }) });
    aggregate = folded.aggregate;
    changes.push(...folded.connectors.flatMap((item) => item.changes), ...(folded.station?.changes ?? []));
  }
  return {
    aggregate,
    changes,
    connector: (id: number) => aggregate.connectors.find(({ connectorId }) => connectorId === id),
    ended: changes.flatMap((change) =>
      change.type === 'SessionEnded' || change.type === 'SessionAmended' ? [change.session] : [],
    ),
    types: changes.map(({ type }) => type),
  };
};

/** What facts lead to: each is a record of its own (a list is one record), heard when it was received. */
export const given = (...messages: Messages) => leadTo(twoOfType2, messages);

/** The same at a station with other connectors. */
given.at =
  (connectors: readonly RegisteredConnector[]) =>
  (...messages: Messages) =>
    leadTo({ ...twoOfType2, station: { registration: { ...registration('S1'), connectors } } }, messages);
