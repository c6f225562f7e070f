import { describe, expect, it } from 'vitest';
import { credentialOf, generatePassword, matchesCredential } from '../../aws/credential.ts';

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

  it('costs 2^14 unless told otherwise', async () => {
    expect(await credentialOf('correct horse battery')).toMatch(/^scrypt\$16384\$/);
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
  it('is long, printable and never the same', () => {
    const made = Array.from({ length: 100 }, generatePassword);
    expect([made.every((password) => /^[A-Za-z0-9_-]{27}$/.test(password)), new Set(made).size]).toEqual([true, 100]);
  });
});
