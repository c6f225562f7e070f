/** What HTTP Basic authentication presents (RFC 7617). */
export type BasicCredential = { readonly user: string; readonly password: string };

/** Longer than any header a charger has reason to send: 48 characters, a colon and 256 characters, in base64. */
const MAX_LENGTH = 512;

const scheme = /^Basic +([A-Za-z0-9+/]+={0,2})$/i;

/** Bytes that are no text are a key in binary form (OCPP 1.6 AuthorizationKey): the registry knows such a key in hex. */
const textOf = (bytes: Buffer): string => {
  const text = bytes.toString('utf8');
  const isText = !/[\p{Cc}\uFFFD]/u.test(text);
  return isText ? text : bytes.toString('hex');
};

/** Reads an Authorization header; undefined when it is absent, of another scheme, malformed or oversized. */
export const basicCredential = (authorization: string | undefined): BasicCredential | undefined => {
  if (authorization === undefined || authorization.length > MAX_LENGTH) return undefined;
  const encoded = scheme.exec(authorization.trim())?.[1];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  const colon = bytes.indexOf(':');
  if (colon < 0) return undefined;
  return { user: bytes.subarray(0, colon).toString('utf8'), password: textOf(bytes.subarray(colon + 1)) };
};
