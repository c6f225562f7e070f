/** Identifiers of people are compared without case (CiString in OCPP 1.6), in upper case as their list does. */
export const isSameTag = (one: string, other: string | undefined): boolean =>
  one.toUpperCase() === other?.toUpperCase();
