import type { System } from '../async/system.ts';
import { type OpenClient, openClient } from '../aws/open-client.ts';
import { system } from './system.ts';

/** What a function runs on: handed in, so that the same functions run on this machine, and in a simulation under its clock. */
export type Platform = {
  readonly system: System;
  readonly open: OpenClient;
};

/** Environment variables, as they are set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The machine a Lambda runs on. */
export const platform: Platform = { system, open: openClient };
