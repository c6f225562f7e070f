import { createHmac } from 'node:crypto';
import { boundedCache } from '../async/bounded-cache.ts';
import { inTurn } from '../async/in-turn.ts';
import type { System } from '../async/system.ts';
import { matchesCredential } from './credential.ts';

/** Chargers come back after a cut of the network, of API Gateway's two hours, or of ours: all within this. */
const REMEMBERED_MS = 3 * 60 * 60_000;
const REMEMBERED = 20_000;

/**
 * Derivations at a time: a thread of Node's pool each, which file system and name look-ups need too. More would not be
 * faster. As many wait as are done within the authorizer's ten seconds at 9 ms each.
 */
const TURNS = { concurrency: 2, waiting: 1_000 };

/**
 * Checks passwords as one process meets them: derivations one after the other however many chargers come at once, and
 * none for a password that was right a moment ago. What is remembered is a hash of the password keyed by the credential, so
 * that a new credential is another entry.
 * Rejects with TooMuchWaiting when a charger would wait longer than it is waited for.
 */
export const credentialCheck = (
  clock: System['clock'],
  matches: (password: string, credential: string) => Promise<boolean> = matchesCredential,
) => {
  const derive = inTurn(TURNS);
  const right = boundedCache<string, true>(REMEMBERED, {
    ttl: REMEMBERED_MS,
    ttlResolution: 0,
    perf: { now: clock },
  });
  return async (password: string, credential: string): Promise<boolean> => {
    const name = createHmac('sha256', credential).update(password).digest('base64');
    if (right.has(name)) return true;
    const isRight = await derive(() => matches(password, credential));
    if (isRight) right.set(name, true);
    return isRight;
  };
};
