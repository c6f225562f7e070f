import { parserOf } from './expression-reader.ts';

/** Parses the list of paths of a projection. Throws ExpressionError. */
export const parseProjection = parserOf((reader) => reader.listOf(() => reader.path()));
