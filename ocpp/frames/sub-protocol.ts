import type { OcppVersion } from './envelope.ts';

/** Highest first. */
const spoken = { 'ocpp2.1': '2.1', 'ocpp2.0.1': '2.0.1', 'ocpp1.6': '1.6' } as const satisfies Record<
  string,
  OcppVersion
>;

export type SubProtocol = keyof typeof spoken;

/** The highest sub-protocol we speak of those offered (header values may hold blanks and commas); undefined if none fits. */
export const chooseSubProtocol = (offered: readonly string[]): SubProtocol | undefined => {
  const names = new Set(offered.flatMap((value) => value.split(',')).map((name) => name.trim()));
  return (Object.keys(spoken) as SubProtocol[]).find((name) => names.has(name));
};

/** The OCPP version a sub-protocol stands for. */
export const versionOf = (subProtocol: SubProtocol): OcppVersion => spoken[subProtocol];
