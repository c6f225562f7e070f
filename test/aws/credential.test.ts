import { describe, expect, it } from 'vitest';
import { credentialOf, makePassword, matchesCredential } from '../../aws/credential.ts';
import { credentialCheck } from '../../aws/credential-check.ts';

const cost = 16;

describe('a credential', () => {
  it('is matched by its password and by no other', async () => {
    const credential = await credentialOf('correct horse battery', cost);
    expect([
      await matchesCredential('correct horse battery', credential),
      await matchesCredential('correct horse battery ', credential),
      await matchesCredential('', credential),
    ]).toEqual([true, false, false]);
  });

  it('names its cost, is salted, and does not hold the password', async () => {
    const [one, other] = [
      await credentialOf('correct horse battery', cost),
      await credentialOf('correct horse battery', cost),
    ];
    expect(one).toMatch(/^scrypt\$16\$[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=$/);
    expect([one === other, one.includes('horse')]).toEqual([false, false]);
  });

  it('costs 2^12 for a password that was chosen and 2^10 for one that was made, unless told otherwise', async () => {
    expect(await credentialOf('correct horse battery')).toMatch(/^scrypt\$4096\$/);
    expect((await makePassword()).credential).toMatch(/^scrypt\$1024\$/);
  });

  it('of an earlier, higher cost still verifies', async () => {
    expect(await matchesCredential('correct horse battery', await credentialOf('correct horse battery', 2 ** 14))).toBe(
      true,
    );
  });

  it('of a hexadecimal key is the same in either case', async () => {
    const credential = await credentialOf('ab'.repeat(20), cost);
    expect([
      await matchesCredential('AB'.repeat(20), credential),
      await matchesCredential('AB'.repeat(19), credential),
    ]).toEqual([true, false]);
  });

  it('is not matched by an oversized password, even its own', async () => {
    const long = 'x'.repeat(257);
    expect(await matchesCredential(long, await credentialOf(long, cost))).toBe(false);
  });

  it.each([
    '',
    'plain-text-password',
    'scrypt$16$$',
    'scrypt$0$c2FsdHNhbHQ=$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    'scrypt$17$c2FsdHNhbHQ=$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    'scrypt$999999$c2FsdHNhbHQ=$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    'bcrypt$16$c2FsdHNhbHQ=$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  ])('that reads %j matches nothing', async (credential) => {
    expect(await matchesCredential('plain-text-password', credential)).toBe(false);
  });

  it.each([0, 8, 17, 2 ** 18, 16.5])('of cost %d is not made', async (unfit) => {
    await expect(credentialOf('correct horse battery', unfit)).rejects.toThrow('scrypt cost must be a power of two');
  });
});

describe('a made password', () => {
  it('is long, printable, never the same, and matches its credential', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => makePassword(cost)));
    expect(new Set(made.map(({ password }) => password)).size).toBe(20);
    for (const { password, credential } of made) {
      expect(password).toMatch(/^[\w-]{20}$/);
      expect(await matchesCredential(password, credential)).toBe(true);
    }
  });
});

describe('checking credentials as chargers come', () => {
  const setUp = () => {
    let now = 0;
    let derived = 0;
    let running = 0;
    let most = 0;
    const check = credentialCheck(
      () => now,
      async (password, credential) => {
        derived += 1;
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return credential === `of ${password}`;
      },
    );
    const pass = (durationMs: number) => {
      now += durationMs;
    };
    return { check, pass, counts: () => ({ derived, most }) };
  };

  it('derives nothing for a password that was right a moment ago, and does again after three hours', async () => {
    const { check, pass, counts } = setUp();
    const at = async (durationMs: number) => {
      pass(durationMs);
      return [await check('a', 'of a'), counts().derived];
    };
    expect([await at(1), await at(3_600_000), await at(3 * 3_600_000)]).toEqual([
      [true, 1],
      [true, 1],
      [true, 2],
    ]);
  });

  it('remembers neither a wrong password nor the password of another credential', async () => {
    const { check, counts } = setUp();
    expect([await check('a', 'of a'), await check('b', 'of a'), await check('b', 'of a')]).toEqual([
      true,
      false,
      false,
    ]);
    expect([await check('a', 'of another'), counts().derived]).toEqual([false, 4]);
  });

  it('derives two at a time however many chargers come at once, and lets all of 1,000 in', async () => {
    const { check, counts } = setUp();
    const chargers = Array.from({ length: 1_000 }, (_, index) => check(`${index}`, `of ${index}`));
    expect((await Promise.all(chargers)).every(Boolean)).toBe(true);
    expect(counts()).toEqual({ derived: 1_000, most: 2 });
  });

  it('refuses at once those that would wait too long, and goes on with the others', async () => {
    const { check } = setUp();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 1_100 }, (_, index) => check(`${index}`, `of ${index}`)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(1_002);
    expect(await check('later', 'of later')).toBe(true);
  });

  it('goes on after a derivation that failed', async () => {
    const check = credentialCheck(
      () => 0,
      async (password) => {
        if (password === 'bad') throw new Error('out of memory');
        return true;
      },
    );
    const outcomes = await Promise.allSettled(['bad', 'bad', 'bad', 'good'].map((password) => check(password, 'x')));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
  });
});
