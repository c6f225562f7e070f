/** Identifiers of people are compared without case (CiString in OCPP 1.6). */
export const isSameTag = (one: string, other: string | undefined): boolean =>
  one.toLowerCase() === other?.toLowerCase();
