import type { Action } from './action.ts';
import type { OcppVersion } from './frames/envelope.ts';
import * as v16Requests from './generated/v16.js';
import * as v21Requests from './generated/v21.js';
import * as v201Requests from './generated/v201.js';
import { commands16, commands21, commands201 } from './our-actions.ts';
import { v16 } from './v16/from-charger/index.ts';
import { v21 } from './v21/from-charger/index.ts';
import { v201 } from './v201/from-charger/index.ts';
import type { Validate } from './validate.ts';

/** What one OCPP version has to offer: the charger's actions with their validators, and the names of ours. */
export type Vocabulary = {
  readonly actions: ReadonlyMap<string, Action>;
  readonly validators: ReadonlyMap<string, Validate>;
  readonly ours: ReadonlySet<string>;
};

const vocabulary = (
  actions: readonly Action[],
  validators: Readonly<Record<string, Validate>>,
  ours: readonly string[],
): Vocabulary => ({
  actions: new Map(actions.map((action) => [action.name, action])),
  validators: new Map(Object.entries(validators)),
  ours: new Set(ours),
});

const vocabularies: Record<OcppVersion, Vocabulary> = {
  '1.6': vocabulary(v16, v16Requests, commands16),
  '2.0.1': vocabulary(v201, v201Requests, commands201),
  '2.1': vocabulary(v21, v21Requests, commands21),
};

/** The vocabulary of a version. */
export const actionsOf = (ocpp: OcppVersion): Vocabulary => vocabularies[ocpp];
