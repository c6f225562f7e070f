import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { OcppVersion } from '../../../ocpp/frames/envelope.ts';
import { isPayload } from '../../../ocpp/payload.ts';
import { type ChargePoint, chargePoint } from '../../../simulator/charge-point/charge-point.ts';
import type { Transport } from '../../../simulator/charge-point/connection/transport.ts';
import { systemClock } from '../../../simulator/clock.ts';
import { demoNetwork } from '../../../simulator/demo-network.ts';
import { random } from '../../../simulator/random.ts';
import { tagPool } from '../../../simulator/tag-pool.ts';
import { traffic } from '../../../simulator/traffic.ts';
import { exampleReply, repliesByStatus, type SchemaVersion } from '../../ocpp/schemas.ts';
import { nobody } from '../../simulator/charge-point/given-charge-point.ts';
import { strictClient } from '../strict-client.ts';

/** What a charger is to do with the command it is asked next. */
export type Mood = 'accept' | 'reject' | 'ignore';

/** Where a charger connects to, and as whom. */
export type Door = { readonly url: string; readonly stationId: string; readonly password: string };

/** A charger that is asked one command, again and again. */
export type Charger = {
  readonly feel: (mood: Mood) => void;
  /** What is wrong with the messages it got or sent, by the official schemas, where it checks them. */
  readonly violations: () => readonly string[];
  readonly close: () => Promise<unknown>;
};

const schemaOf = { '1.6': 'v16', '2.0.1': 'v201', '2.1': 'v21' } as const satisfies Record<OcppVersion, SchemaVersion>;

/** A strict client that is not ours: it answers with what its schemas allow, and counts what they forbid. */
export const thirdPartyCharger = async (
  door: Door,
  ocpp: OcppVersion,
  action: string,
  outcomeOf: (reply: unknown) => string,
): Promise<Charger> => {
  // The client finds none of the 2.1 schemas that it carries: these requests are checked by the stack alone.
  const client = await strictClient(door, [`ocpp${ocpp}`], ['ocpp1.6', 'ocpp2.0.1']);
  const schema = schemaOf[ocpp];
  const replies = [
    exampleReply(schema, action, false),
    ...repliesByStatus(schema, action)
      .toSorted((a, b) => Number(b.word === 'Rejected') - Number(a.word === 'Rejected'))
      .map(({ reply }) => reply),
  ];
  let mood: Mood = 'accept';
  client.handle(action, () => {
    if (mood === 'ignore') return new Promise(() => {});
    const reply = replies.find((one) => (outcomeOf(one) === 'Accepted') === (mood === 'accept'));
    // A reply without a word for no is refused with an error.
    if (!isPayload(reply)) throw new Error('No');
    return reply;
  });
  return {
    feel: (next) => {
      mood = next;
    },
    violations: () => client.violations,
    close: () => client.close(true),
  };
};

/** One of our simulated chargers, at which nobody charges. */
export const simulatedCharger = (
  { url, stationId, password }: Door,
  ocpp: '1.6' | '2.0.1',
  action: string,
  transport?: Transport,
): Charger & { readonly point: ChargePoint } => {
  const [found] = demoNetwork({ stations: 1, seed: 'demo' }).stations;
  if (found === undefined) throw new Error('The demo network is empty');
  const connectors = [1, 2].map((evseId) => ({
    evseId,
    connectorId: ocpp === '1.6' ? evseId : 1,
    connectorType: evseId === 1 ? 'CCS' : 'Type2',
    ratedW: evseId === 1 ? 50_000 : 22_000,
  }));
  const counted = traffic();
  const point = chargePoint({
    station: { ...found, stationId, password, ocpp, connectors },
    url,
    tags: tagPool(['E2E-GOOD']),
    chance: random(stationId),
    traffic: counted,
    rate: 1,
    sampleMs: 60_000,
    strict: transport === undefined,
    drops: false,
    faults: false,
    log: () => {},
    clock: systemClock,
    newTransactionId: () => crypto.randomUUID(),
    drivers: nobody,
    speedUp: 10,
    ...omitUndefined({ transport }),
  });
  point.start();
  const words = { accept: 'normal', reject: 'reject', ignore: 'ignore' } as const;
  return {
    point,
    feel: (mood) => point.behave(`${action}=${words[mood]}`),
    violations: () => Object.keys(counted.read().failures),
    close: point.stop,
  };
};
