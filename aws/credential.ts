import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** For a password that somebody chose: 9 ms of a core, so that 500 chargers that come at once take one core 5 s, not 20 s. */
const CHOSEN_COST = 2 ** 12;
/** For one made here, whose 120 random bits no cost makes harder to guess: 2 ms. */
const MADE_COST = 2 ** 10;
const MIN_COST = 2 ** 4;
const MAX_COST = 2 ** 17;
const HASH_BYTES = 32;
const MAX_PASSWORD_LENGTH = 256;
const BLOCK_SIZE = 8;

/**
 * Passwords, salted and hashed: `scrypt$N$salt$hash`, salt and hash in base64. The cost stands in the text,
 * so that it can be raised for new credentials while old ones still verify.
 */
const stored = /^scrypt\$(\d{1,6})\$([A-Za-z0-9+/]{8,88}={0,2})\$([A-Za-z0-9+/]{43}=)$/;

const derive = (password: string, salt: Buffer, cost: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const options: ScryptOptions = { N: cost, r: BLOCK_SIZE, p: 1, maxmem: 256 * cost * BLOCK_SIZE };
    scrypt(canonical(password), salt, HASH_BYTES, options, (error, hash) => (error ? reject(error) : resolve(hash)));
  });

/** A hexadecimal key is the same key in either case (OCPP 1.6 security: AuthorizationKey is written in hex). */
const canonical = (password: string): string =>
  /^([0-9a-f]{2}){16,20}$/i.test(password) ? password.toUpperCase() : password;

const isCost = (cost: number): boolean => cost >= MIN_COST && cost <= MAX_COST && Number.isInteger(Math.log2(cost));

/**
 * The credential to store for a password that was chosen.
 * @param cost scrypt's N, a power of two from 2^4 to 2^17; the low end is for throw-away networks only.
 */
export const credentialOf = async (password: string, cost = CHOSEN_COST): Promise<string> => {
  if (!isCost(cost))
    throw new RangeError(`scrypt cost must be a power of two from ${MIN_COST} to ${MAX_COST}: ${cost}`);
  const salt = randomBytes(16);
  const hash = await derive(password, salt, cost);
  return `scrypt$${cost}$${salt.toString('base64')}$${hash.toString('base64')}`;
};

/** Whether a presented password is the stored one. False, never an error, for oversized or foreign input. */
export const matchesCredential = async (password: string, credential: string): Promise<boolean> => {
  const [, cost, salt, hash] = stored.exec(credential) ?? [];
  if (cost === undefined || salt === undefined || hash === undefined) return false;
  if (!isCost(Number(cost)) || password.length === 0 || password.length > MAX_PASSWORD_LENGTH) return false;
  const derived = await derive(password, Buffer.from(salt, 'base64'), Number(cost));
  return timingSafeEqual(derived, Buffer.from(hash, 'base64'));
};

/**
 * A password for a charger: 15 random bytes in base64url, 20 characters. An AuthorizationKey has 16 to 20 bytes (OCPP 1.6
 * security).
 */
export const generatePassword = (): string => randomBytes(15).toString('base64url');

/** A password made for a charger, and the credential to store for it. */
export const makePassword = async (cost = MADE_COST): Promise<{ password: string; credential: string }> => {
  const password = generatePassword();
  return { password, credential: await credentialOf(password, cost) };
};
