import type { Action } from './action.ts';
import type { OcppVersion } from './frames/envelope.ts';
import * as requests16 from './generated/v16.js';
import * as requests21 from './generated/v21.js';
import * as requests201 from './generated/v201.js';
import { actions16 } from './v16/from-charger/index.ts';
import { actions21 } from './v21/from-charger/index.ts';
import { actions201 } from './v201/from-charger/index.ts';
import type { Validate } from './validate.ts';

/** What chargers of one version may ask, by name, and the validators of their requests. */
export type ActionTable = {
  readonly actions: ReadonlyMap<string, Action>;
  readonly validators: ReadonlyMap<string, Validate>;
};

const table = (actions: readonly Action[], validators: Readonly<Record<string, Validate>>): ActionTable => ({
  actions: new Map(actions.map((action) => [action.name, action])),
  validators: new Map(Object.entries(validators)),
});

const tables: Record<OcppVersion, ActionTable> = {
  '1.6': table(actions16, requests16),
  '2.0.1': table(actions201, requests201),
  '2.1': table(actions21, requests21),
};

/** The actions of a version. */
export const actionsOf = (ocpp: OcppVersion): ActionTable => tables[ocpp];
