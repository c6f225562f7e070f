import type { FieldCaller } from '../../use-cases/ports/field.ts';

/** One caller of the API per role. */
export const viewer: FieldCaller = { by: 'vera', role: 'viewer' };
export const operator: FieldCaller = { by: 'olga', role: 'operator' };
export const administrator: FieldCaller = { by: 'ada', role: 'administrator' };
