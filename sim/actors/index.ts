import type { Actor } from './actor.ts';
import { auditor } from './auditor.ts';
import { building } from './building.ts';
import { grid } from './grid.ts';
import { operator } from './operator.ts';
import { pricer } from './pricer.ts';

/** Everybody who may act beside the chargers. A new one: a file beside this, a line here. */
export const actors: readonly Actor[] = [operator, grid, building, pricer, auditor];
