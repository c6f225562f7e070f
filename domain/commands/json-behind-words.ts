import { parsedJson } from '../kernel/parsed-json.ts';

/** Text in which JSON begins: words before it, if any, and the JSON. */
export type JsonBehindWords = {
  readonly words: string;
  readonly json: string;
  /** What the JSON says; undefined where it is cut off or no JSON after all. */
  readonly value: unknown;
};

/** JSON text, also behind words, as where a station repeats a payload in its reason; undefined for text that holds none. */
export const jsonBehindWords = (text: string): JsonBehindWords | undefined => {
  const start = text.search(/[[{]/);
  if (start === -1) return undefined;
  const json = text.slice(start);
  return { words: text.slice(0, start), json, value: parsedJson(json) };
};

/** The names and texts in JSON, one by one, also where it is cut off and cannot be parsed. */
export const piecesOf = (json: string): readonly string[] => json.split(/["'\\:=,;{}[\]()]+/);
