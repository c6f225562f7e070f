import { scryptSync, timingSafeEqual } from 'node:crypto';

/** The least the stored form allows: a simulated charger's password guards nothing. */
const COST = 16;
const SALT = Buffer.from('simulation only!');

const derive = (password: string): Buffer => scryptSync(password, SALT, 32, { N: COST, r: 8, p: 1 });

/** A credential at throw-away cost, in the form of aws/credential.ts, derived at once: no thread that ends when it likes. */
export const cheapCredential = (password: string): string =>
  `scrypt$${COST}$${SALT.toString('base64')}$${derive(password).toString('base64')}`;

/** Whether a password is that of a credential made here. */
export const matchesAtOnce = async (password: string, credential: string): Promise<boolean> =>
  timingSafeEqual(Buffer.from(cheapCredential(password)), Buffer.from(credential));
