import type { Fact, StatusReported } from '../../domain/kernel/fact.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import type { Random } from '../../simulator/random.ts';

/** What reaches the stack: a message of facts, a socket that opens or closes, or a heartbeat that only the gateway notes. */
export type Message = { readonly stationId: string; readonly at: number } & (
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | { readonly kind: 'opened' | 'closed'; readonly connectionId: string }
  | { readonly kind: 'heartbeat' }
);

/** What a station says, in any order of time; every message takes up to two seconds to arrive. */
export class Writer {
  readonly messages: Message[] = [];
  readonly #random: Random;
  readonly #station: Registration;
  #count = 0;
  constructor(random: Random, station: Registration) {
    this.#random = random;
    this.#station = station;
  }
  /** Facts of one message at an instant; it takes up to two seconds to arrive. */
  say(time: number, ...facts: readonly ((said: ReturnType<Writer['said']>) => Fact)[]): void {
    const said = this.said(time);
    this.messages.push({
      kind: 'facts',
      stationId: this.#station.stationId,
      at: said.receivedAt,
      facts: facts.map((fact) => fact(said)),
    });
  }
  said(time: number) {
    this.#count += 1;
    const receivedAt = time + 100 + this.#random.integer(0, 1_899);
    return { at: time, receivedAt, clock: 'charger', messageId: `${this.#station.stationId}-${this.#count}` } as const;
  }
  status(time: number, connector: number, status: StatusReported['status'], errorCode?: string): void {
    const where = { evseId: connector, connectorId: connector, vendorStatus: status };
    this.say(time, (said) => ({
      ...said,
      ...where,
      type: 'StatusReported',
      status,
      ...omitUndefined({ errorCode }),
    }));
  }
}
