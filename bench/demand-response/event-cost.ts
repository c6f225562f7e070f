import type { StoreRequest } from '../../local/faults/fault-proxy.ts';
import { gatewayUsd, requestUsd } from '../commands/request-usd.ts';

/** Prices of us-east-1 in USD: Step Functions (Standard) from aws.amazon.com/step-functions/pricing, Lambda's as in request-usd.ts. */
const prices = { transition: 25e-6, lambdaRequest: 0.2e-6 } as const;

/** Transitions of the state machine: those of an event's beginning and end, of a check, and of a chunk that is sent. */
const TRANSITIONS = { event: 12, check: 3, dispatch: 2, chunk: 1 } as const;
/** Lambda invocations beside those of checks and chunks: begin, restore, finish, and the one that took the signal. */
const INVOCATIONS = 4;

/** Counts what demand response asks of the tables of signals and commands while it is on. */
export const eventCost = (tables: () => readonly string[]) => {
  const requests = new Map<string, number>();
  let usd = 0;
  let isOn = false;
  return {
    requested: (request: StoreRequest): void => {
      const { service, operation, body } = request;
      if (!isOn || service !== 'dynamodb' || !tables().some((table) => body.includes(`"${table}"`))) return;
      requests.set(operation, (requests.get(operation) ?? 0) + 1);
      usd += requestUsd(request);
    },
    turn: (on: boolean): void => {
      isOn = on;
    },
    /** What the event cost, USD, by what it is paid for. */
    sum: ({
      checks,
      rounds,
      chunks,
      commands,
    }: Readonly<Record<'checks' | 'rounds' | 'chunks' | 'commands', number>>) => {
      // The first chunk goes out with the step that plans it, and limits end with their profiles.
      const dispatches = Math.max(0, rounds - 1);
      const transitions =
        TRANSITIONS.event +
        TRANSITIONS.check * checks +
        (TRANSITIONS.dispatch + TRANSITIONS.chunk * chunks) * dispatches;
      const workflowUsd = transitions * prices.transition;
      const lambdaUsd = (INVOCATIONS + checks + chunks * dispatches) * prices.lambdaRequest;
      const commandUsd = commands * gatewayUsd;
      return {
        requests: Object.fromEntries(requests),
        transitions,
        tablesUsd: usd,
        workflowUsd,
        commandUsd,
        totalUsd: usd + workflowUsd + lambdaUsd + commandUsd,
      };
    },
  };
};
