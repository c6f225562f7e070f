/** Everything that tells one StartTransaction from another; a repeated one has all of it in common. */
export type TransactionStart = {
  readonly stationId: string;
  readonly connectorId: number | undefined;
  readonly idTag: string;
  /** The charger's stamp, as instant where it is one. */
  readonly startedAt: number | string;
  readonly meterStart: number | undefined;
};

/** FNV-1a over UTF-16 code units, 32 bits. */
const fnv1a = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
};

/** MurmurHash3's finaliser: FNV alone changes too few high bits when only the last characters differ. */
const avalanche = (hash: number): number => {
  const first = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return second ^ (second >>> 16);
};

/**
 * The transactionId of an OCPP 1.6 transaction: 1 .. 2^31-1, the same whenever the same start is repeated.
 * Never 0 or -1: chargers use those for transactions they started offline.
 */
export const transactionId = ({ stationId, connectorId, idTag, startedAt, meterStart }: TransactionStart): number => {
  const text = JSON.stringify([stationId, connectorId ?? null, idTag, startedAt, meterStart ?? null]);
  return avalanche(fnv1a(text)) & 0x7fffffff || 1;
};
