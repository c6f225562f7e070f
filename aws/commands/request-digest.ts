import { createHash } from 'node:crypto';

const LENGTH = 16;

/** 16 digits of base 36 (80 bits) that stand for a request: the same for the same text. */
export const requestDigest = (text: string): string =>
  BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)
    .toString(36)
    .slice(-LENGTH);
