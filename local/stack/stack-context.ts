import type { Server } from 'node:net';
import { close, listen, loopback } from '../http/http-endpoint.ts';
import type { Log } from '../lambda/lambda.ts';
import type { Deployment } from '../template/deployment.ts';
import type { Account } from '../template/template.ts';

/** What the parts of a running stack share. */
export type StackContext = {
  readonly deployment: Deployment;
  readonly account: Account;
  readonly log: Log;
  /** Something failed or was given up: logged and counted. */
  readonly report: (problem: string) => void;
  readonly problems: () => number;
  /** ms since the epoch. */
  readonly now: () => number;
  /** Starts to listen (0: any free port) until the stack stops. `flag` is how to choose another port. */
  readonly open: (server: Server, port: number, flag: string) => Promise<number>;
  /** Registers what ends a part; parts end in the reverse order of their registration. */
  readonly onStop: (stop: () => Promise<void> | void) => void;
};

export const stackContext = (
  deployment: Deployment,
  account: Account,
  log: Log,
  onStop: StackContext['onStop'],
): StackContext => {
  let problems = 0;
  return {
    deployment,
    account,
    log,
    report: (problem) => {
      problems += 1;
      log('local', problem);
    },
    problems: () => problems,
    now: () => Date.now(),
    open: async (server, port, flag) => {
      const bound = await listen(server, port, flag);
      onStop(() => close(server));
      return bound;
    },
    onStop,
  };
};

export const urlAt = (port: number): string => `http://${loopback}:${port}`;
export const arnIn = ({ deployment }: StackContext, logicalId: string): string =>
  deployment.physical(logicalId).attributes.Arn ?? '';
export const refIn = ({ deployment }: StackContext, logicalId: string): string => deployment.physical(logicalId).ref;
